import { checkTimeout } from '../manifest/duration';
import { CONTROLLER_SETTINGS, DEFAULT_CONTROLLERS } from './controller-settings';
import { checkFluxVersion } from './flux-version';
import { type FluxInstallationSettings, ROOT_SETTINGS, sourceSecretNameOf } from './installation-settings';
import { JOB_IMAGE, JOB_PLACEMENT, type JobPlacement } from './job-placement';
import { pickSettings, type SettingsOf } from './setting';

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

/** What only the provider can be told. */
// prettier-ignore
export const PROVIDER_SETTINGS = {
  downloadVersion: { doc: 'Version of Flux, when its manifests are not those that the provider brings. They are downloaded at every plan.', type: 'text', examples: ['v2.8.5'], check: checkFluxVersion },
  deleteGitManifests: { doc: "Flux's own files leave Git when Flux is removed.", type: 'flag', default: true },
  timeouts: { doc: 'How long the provider may take.', type: 'group', settings: {
    create: { doc: 'For the bootstrap.', type: 'duration', default: '15m', check: checkTimeout },
    read: { doc: 'For a look at Git and the cluster, at every plan.', type: 'duration', default: '15m', check: checkTimeout },
    update: { doc: 'For a change.', type: 'duration', default: '15m', check: checkTimeout },
    delete: { doc: 'For the removal.', type: 'duration', default: '5m', check: checkTimeout },
  } },
  jobImage: JOB_IMAGE,
  ...JOB_PLACEMENT,
} satisfies SettingsOf<Omit<FluxProviderSettings, keyof FluxInstallationSettings>>;

const { controllers: _, ...SAME } = { ...CONTROLLER_SETTINGS, ...ROOT_SETTINGS };

/** The arguments of `flux_bootstrap_git`, as far as settings say them, by their names in camel case. */
export function providerArguments(settings: FluxProviderSettings): object {
  const { controllers, downloadVersion, recurseSubmodules, deleteGitManifests = true, timeouts } = settings;
  const extra = controllers?.filter((controller) => !DEFAULT_CONTROLLERS.includes(controller)) ?? [];
  return {
    // Else the provider would download them at every plan.
    embeddedManifests: downloadVersion === undefined,
    version: downloadVersion,
    components: controllers?.filter((controller) => DEFAULT_CONTROLLERS.includes(controller)),
    componentsExtra: extra.length === 0 ? undefined : extra,
    ...pickSettings(SAME, settings),
    secretName: sourceSecretNameOf(settings),
    recurseSubmodules,
    deleteGitManifests,
    timeouts,
  };
}
