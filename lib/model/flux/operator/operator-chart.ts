import valid from 'semver/functions/valid';

import { type ErrorThing, type PropPath } from '../../error-place';
import { checkImageWithoutTag } from '../../manifest/container-image';
import { checkDnsSubdomain } from '../../manifest/kubernetes-name';
import { checkToleration, type Toleration } from '../../manifest/toleration';
import { ValidationError } from '../../validation-error';
import { checkChartRepository } from '../helm-repository';
import { type SettingsOf } from '../setting';

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

/** How the operator itself is installed. */
// prettier-ignore
export const OPERATOR_CHART = {
  chartVersion: { doc: 'Version of the chart, which is that of the operator.', type: 'text', default: CHART_VERSION, check: checkVersion },
  chartRepository: { doc: 'Registry or repository that has the chart.', type: 'text', default: CHART_REPOSITORY, check: checkChartRepository },
  chartPath: { doc: 'Directory or package with the chart, in place of `chartRepository`. A relative path starts from this file.', type: 'text' },
  image: { doc: "The operator's image without tag.", type: 'text', default: 'ghcr.io/controlplaneio-fluxcd/flux-operator', check: checkImageWithoutTag },
  imagePullSecrets: { doc: "Names of Secrets in `flux-system` to pull the operator's image with.", type: 'list', of: { type: 'text', check: checkDnsSubdomain } },
  logLevel: { doc: 'How much the operator logs.', type: 'choice', words: ['debug', 'info', 'error'], default: 'info' },
  nodeSelector: { doc: 'Labels of the nodes that the operator may run on.', type: 'map', of: { type: 'text' } },
  tolerations: { doc: 'Taints that the operator tolerates.', type: 'list', of: { type: 'other', name: 'toleration', check: checkToleration } },
  webInterface: { doc: "The operator's web interface. By default it is off.", type: 'group', settings: {
    configSecretName: { doc: 'Name of a Secret in `flux-system` whose `config.yaml` says how users log in.', type: 'text', required: true, check: checkDnsSubdomain },
  } },
  values: { doc: 'Further values of the chart, by its own names. No secrets.', type: 'map', of: { type: 'other', name: 'anything' } },
} satisfies SettingsOf<FluxOperatorChart>;

function checkVersion(at: ErrorThing, prop: PropPath, version: string): void {
  if (valid(version) === null) {
    throw new ValidationError({ at, prop, got: version, want: 'a version such as 0.58.1' });
  }
}

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
