import valid from 'semver/functions/valid';

import { checkAll } from '../../check-all';
import { type ErrorThing } from '../../error-place';
import { checkImageWithoutTag } from '../../manifest/container-image';
import { checkDnsSubdomain } from '../../manifest/kubernetes-name';
import { type Toleration } from '../../manifest/toleration';
import { ValidationError } from '../../validation-error';
import { checkChartRepository } from '../helm-repository';

/** flux-operator, as its chart installs it. */
export interface FluxOperatorChart {
  /**
   * Version of the chart, which is that of the operator.
   *
   * @default '0.58.1'
   */
  readonly chartVersion?: string;
  /**
   * Registry or repository that has the chart, for example a mirror.
   *
   * @default 'oci://ghcr.io/controlplaneio-fluxcd/charts'
   */
  readonly chartRepository?: string;
  /**
   * Directory or package with the chart, for sites without a registry. A relative path starts from where Terraform runs.
   *
   * @default - the chart comes from `chartRepository`
   */
  readonly chartPath?: string;
  /**
   * The operator's image without tag, for example in a mirror.
   *
   * @default 'ghcr.io/controlplaneio-fluxcd/flux-operator'
   */
  readonly image?: string;
  /** Names of Secrets in `flux-system` to pull the operator's image with. */
  readonly imagePullSecrets?: readonly string[];
  /**
   * How much the operator logs.
   *
   * @default 'info'
   */
  readonly logLevel?: 'debug' | 'info' | 'error';
  /**
   * Labels of the nodes that the operator may run on.
   *
   * @default - Linux nodes
   */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints that the operator tolerates. */
  readonly tolerations?: readonly Toleration[];
  /**
   * The operator's web interface. Whoever may open it sees what Flux deploys, so it wants to know who somebody is.
   *
   * @see https://fluxoperator.dev/docs/web-ui/web-config-api/
   */
  readonly webInterface?: {
    /** Name of a Secret in `flux-system` whose `config.yaml` says how users log in, for example by OpenID Connect. */
    readonly configSecretName: string;
  };
  /** Further values of the chart, by its own names. They count before all others. No secrets. */
  readonly values?: Readonly<Record<string, unknown>>;
}

const CHART_VERSION = '0.58.1';
const CHART_REPOSITORY = 'oci://ghcr.io/controlplaneio-fluxcd/charts';
const CHART = 'flux-operator';

/** Where Terraform finds the chart. */
export interface OperatorChartLocation {
  /** Name of the chart in its repository, or its path. */
  readonly chart: string;
  /** The repository; undefined for a path. */
  readonly repository: string | undefined;
  /** Its version. */
  readonly version: string;
}

/** Where Terraform finds the chart. The version is always said: without it a plan would ask for the newest. */
export function operatorChartLocation(props: FluxOperatorChart = {}): OperatorChartLocation {
  const { chartPath, chartRepository = CHART_REPOSITORY, chartVersion: version = CHART_VERSION } = props;
  return chartPath === undefined
    ? { chart: CHART, repository: chartRepository, version }
    : { chart: chartPath, repository: undefined, version };
}

/**
 * The values of the chart that are not further values.
 *
 * @param isLockedDown - whether Flux is shared by tenants
 */
export function operatorValues(props: FluxOperatorChart = {}, isLockedDown: boolean): object {
  const { image, imagePullSecrets, webInterface } = props;
  return {
    multitenancy: isLockedDown ? { enabled: true } : undefined,
    web:
      webInterface === undefined
        ? { enabled: false }
        : { enabled: true, configSecretName: webInterface.configSecretName, networkPolicy: { create: true } },
    image:
      image === undefined && imagePullSecrets === undefined
        ? undefined
        : { repository: image, pullSecrets: imagePullSecrets?.map((name) => ({ name })) },
    logLevel: props.logLevel,
    nodeSelector: props.nodeSelector,
    tolerations: props.tolerations,
  };
}

/**
 * Refuses what is no chart, or would open the web interface to everybody.
 *
 * @param at - the thing that has the operator
 */
export function checkOperatorChart(at: ErrorThing, props: FluxOperatorChart = {}): void {
  const { chartVersion, chartRepository, chartPath, image, webInterface } = props;
  checkAll(
    () => {
      if (chartVersion !== undefined && valid(chartVersion) === null) {
        const want = 'a version such as 0.58.1';
        throw new ValidationError({ at, prop: ['operator', 'chartVersion'], got: chartVersion, want });
      }
    },
    () => {
      if (chartRepository !== undefined) checkChartRepository(at, ['operator', 'chartRepository'], chartRepository);
    },
    () => {
      if (chartPath !== undefined && chartRepository !== undefined) {
        const want = 'either chartPath or chartRepository';
        throw new ValidationError({ at, prop: ['operator', 'chartPath'], got: chartPath, want });
      }
    },
    () => checkImageWithoutTag(at, ['operator', 'image'], image),
    () => {
      if (webInterface !== undefined) {
        checkDnsSubdomain(at, ['operator', 'webInterface', 'configSecretName'], webInterface.configSecretName);
      }
    },
  );
}
