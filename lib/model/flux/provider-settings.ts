import { checkAll, mapAll } from '../check-all';
import { type ErrorThing } from '../error-place';
import { checkImage } from '../manifest/container-image';
import { checkTimeout } from '../manifest/duration';
import { DEFAULT_CONTROLLERS } from './controller-settings';
import { checkFluxVersion } from './flux-version';
import { checkInstallationSettings, type FluxInstallationSettings, sourceSecretNameOf } from './installation-settings';
import { checkJobPlacement, type JobPlacement } from './job-placement';

/** How long the provider may take. */
export interface FluxProviderTimeouts {
  /**
   * For the bootstrap.
   *
   * @default '15m'
   */
  readonly create?: string;
  /**
   * For a look at Git and the cluster, at every plan.
   *
   * @default '15m'
   */
  readonly read?: string;
  /**
   * For a change.
   *
   * @default '15m'
   */
  readonly update?: string;
  /**
   * For the removal.
   *
   * @default '5m'
   */
  readonly delete?: string;
}

/**
 * How the Terraform provider `fluxcd/flux` installs Flux on a cluster.
 *
 * @see https://registry.terraform.io/providers/fluxcd/flux/latest/docs/resources/bootstrap_git
 */
export interface FluxProviderSettings extends FluxInstallationSettings, JobPlacement {
  /**
   * Version of Flux, when its manifests are not those that the provider brings. They are then downloaded from GitHub at
   * every plan. The version of the provider has to support it.
   *
   * @default - that of the provider, with its own manifests
   */
  readonly downloadVersion?: string;
  /**
   * Whether Flux's own files leave Git when Flux is removed.
   *
   * @default true
   */
  readonly deleteGitManifests?: boolean;
  /**
   * Image with `flux`, `kubectl` and `sh` for the Jobs that bring a changed root to the cluster and wait for it.
   *
   * @default 'ghcr.io/fluxcd/flux-cli:v2.9.4'
   */
  readonly jobImage?: string;
  /**
   * How long the provider may take.
   *
   * @default - its own times
   */
  readonly timeouts?: FluxProviderTimeouts;
}

/**
 * Refuses settings with which the provider would fail, or which would leave a cluster that does not work.
 *
 * @param at - the thing that has the settings
 */
export function checkProviderSettings(at: ErrorThing, settings: FluxProviderSettings): void {
  checkAll(
    () => {
      if (settings.downloadVersion !== undefined) checkFluxVersion(at, 'downloadVersion', settings.downloadVersion);
    },
    () =>
      mapAll(Object.entries(settings.timeouts ?? {}), ([name, timeout]) => {
        checkTimeout(at, ['timeouts', name], timeout as string | undefined);
      }),
    () => checkImage(at, 'jobImage', settings.jobImage),
    () => checkJobPlacement(at, settings),
    () => checkInstallationSettings(at, settings),
  );
}

/** The arguments of `flux_bootstrap_git`, as far as settings say them, by their names in camel case. */
export function providerArguments(settings: FluxProviderSettings): object {
  const { components, downloadVersion } = settings;
  const extra = components?.filter((component) => !DEFAULT_CONTROLLERS.includes(component)) ?? [];
  return {
    // Else the provider would download them at every plan.
    embeddedManifests: downloadVersion === undefined,
    version: downloadVersion,
    components: components?.filter((component) => DEFAULT_CONTROLLERS.includes(component)),
    componentsExtra: extra.length === 0 ? undefined : extra,
    registry: settings.registry,
    imagePullSecret: settings.imagePullSecret,
    networkPolicy: settings.networkPolicy,
    watchAllNamespaces: settings.watchAllNamespaces,
    logLevel: settings.logLevel,
    clusterDomain: settings.clusterDomain,
    tolerationKeys: settings.tolerationKeys,
    secretName: sourceSecretNameOf(settings),
    interval: settings.interval,
    recurseSubmodules: settings.recurseSubmodules,
    deleteGitManifests: settings.deleteGitManifests ?? true,
    timeouts: settings.timeouts,
  };
}
