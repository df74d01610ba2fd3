import { checkAll, mapAll } from '../check-all';
import { type ErrorThing, type PropPath } from '../error-place';
import { checkRegistry } from '../manifest/container-image';
import { checkInterval } from '../manifest/duration';
import { checkDnsSubdomain } from '../manifest/kubernetes-name';
import { ValidationError } from '../validation-error';
import { DEFAULT_CONTROLLERS, type FluxControllerSettings } from './controller-settings';
import { type FluxPatch } from './flux-patch';
import { FLUX_NAMESPACE } from './metadata';

/**
 * How Flux is installed on a cluster and follows the GitOps repository, whichever program does it. Names and defaults are
 * those of the flux CLI.
 *
 * @see https://fluxcd.io/flux/cmd/flux_bootstrap_gitlab/
 */
export interface FluxInstallationSettings extends FluxControllerSettings {
  /**
   * Name of the Secret with which Flux reads the GitOps repository (`--secret-name`).
   *
   * @default 'flux-system'
   */
  readonly secretName?: string;
  /**
   * How often Flux asks the GitOps repository for news (`--interval`).
   *
   * @default '1m'
   */
  readonly interval?: string;
  /**
   * Whether Flux fetches submodules of the GitOps repository (`--recurse-submodules`).
   *
   * @default false
   */
  readonly recurseSubmodules?: boolean;
  /**
   * Who the commits are by that hold Flux's own files (`--author-name`, `--author-email`).
   *
   * @default - Flux, without an address
   */
  readonly author?: {
    /**
     * Name.
     *
     * @default 'Flux'
     */
    readonly name?: string;
    /** Address. */
    readonly email?: string;
  };
  /** Text behind the message of these commits (`--commit-message-appendix`), for example `[skip ci]`. */
  readonly commitMessageAppendix?: string;
  /** Changes to Flux itself, in this order. */
  readonly patches?: readonly FluxPatch[];
  /**
   * Whether a deploy ends only when Flux has applied what it brought to Git, and fails with Flux's own words when it
   * cannot.
   *
   * @default true
   */
  readonly waitForRoot?: boolean;
}

/**
 * Refuses settings with which Flux would not be installed, or would leave a cluster that does not work.
 *
 * @param at - the thing that has the settings
 */
export function checkInstallationSettings(at: ErrorThing, settings: FluxInstallationSettings): void {
  const { components = DEFAULT_CONTROLLERS } = settings;
  const texts: readonly (readonly [PropPath, string | undefined])[] = [
    ['clusterDomain', settings.clusterDomain],
    [['author', 'name'], settings.author?.name],
    [['author', 'email'], settings.author?.email],
    ['commitMessageAppendix', settings.commitMessageAppendix],
  ];
  checkAll(
    () => checkControllers(at, components),
    () => checkInterval(at, 'interval', settings.interval),
    () => checkRegistry(at, 'registry', settings.registry),
    () => checkSecretName(at, 'secretName', settings.secretName),
    () => checkSecretName(at, 'imagePullSecret', settings.imagePullSecret),
    () =>
      mapAll(texts, ([prop, text]) => {
        checkArgument(at, prop, text);
      }),
    () => checkClusterDomain(at, settings),
    () => checkReceiverAccess(at, settings),
    () => mapAll(settings.tolerationKeys ?? [], (key, index) => checkArgument(at, ['tolerationKeys', index], key)),
  );
}

function checkControllers(at: ErrorThing, components: readonly string[]): void {
  const needed = ['source-controller', 'kustomize-controller'].find((controller) => !components.includes(controller));
  if (needed !== undefined) {
    throw new ValidationError({ at, prop: 'components', got: components, want: `${needed} among the components` });
  }

  if (new Set(components).size < components.length) {
    throw new ValidationError({ at, prop: 'components', got: components, want: 'each component once' });
  }
}

/** It changes a NetworkPolicy of Flux, and kustomize says nothing about a patch for what is not there. */
function checkReceiverAccess(at: ErrorThing, { patches = [], networkPolicy }: FluxInstallationSettings): void {
  const index = patches.findIndex((patch) => patch.restrictsReceivers);
  if (networkPolicy === false && index !== -1) {
    const want = 'nothing with networkPolicy false: there is no NetworkPolicy that it could change';
    throw new ValidationError({ at, prop: ['patches', index], got: 'receiverAccess', want });
  }
}

/** A shard gives out its address by the domain, and nothing that it fetched could be read by another. */
function checkClusterDomain(
  at: ErrorThing,
  { patches = [], clusterDomain = 'cluster.local' }: FluxInstallationSettings,
): void {
  const other = patches.find((patch) => patch.clusterDomain !== undefined && patch.clusterDomain !== clusterDomain);
  if (other !== undefined) {
    const want = `the clusterDomain of this Flux, ${clusterDomain}, in the patch sharding too`;
    throw new ValidationError({ at, prop: 'patches', got: other.clusterDomain, want });
  }
}

/**
 * Refuses what would reach a program in a container as something else: Kubernetes replaces `$(NAME)` and `$$` in
 * arguments.
 *
 * @param at - the thing that has the text
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
 */
export function checkArgument(at: ErrorThing, prop: PropPath, text: string | undefined): void {
  if (text !== undefined && /\$[($]|\0/.test(text)) {
    throw new ValidationError({ at, prop, got: text, want: 'text without `$(` and `$$`, which Kubernetes replaces' });
  }
}

/** Names of Secrets in `flux-system` that this library writes for something else. */
const RESERVED_SECRETS =
  /^(flux-bootstrap-token|flux-cli-saved-credentials|git-credentials|webhook-(receiver|token|spoke-.*))$/;

function checkSecretName(at: ErrorThing, prop: PropPath, name: string | undefined): void {
  if (name === undefined) return;
  checkDnsSubdomain(at, prop, name);
  if (RESERVED_SECRETS.test(name)) {
    throw new ValidationError({ at, prop, got: name, want: 'another name: this library writes a Secret of that name' });
  }
}

/** Name of the Secret in `flux-system` with which Flux reads the GitOps repository. */
export function sourceSecretNameOf(settings: Pick<FluxInstallationSettings, 'secretName'>): string {
  return settings.secretName ?? FLUX_NAMESPACE;
}
