import { checkAll } from '../check-all';
import { type ErrorThing } from '../error-place';
import { checkInterval } from '../manifest/duration';
import { ValidationError } from '../validation-error';
import { checkArgument } from './cli-arguments';
import { type FluxControllerSettings } from './controller-settings';
import { FluxPatch } from './flux-patch';
import { FLUX_NAMESPACE } from './metadata';
import { checkSecretName } from './secret-name';
import { type SettingsOf } from './setting';

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

/** How the root of a cluster follows the repository, as every program knows it. */
// prettier-ignore
export const ROOT_SETTINGS = {
  secretName: { doc: 'Name of the Secret with which Flux reads the GitOps repository.', type: 'text', default: FLUX_NAMESPACE, flag: 'secret-name', check: checkSecretName },
  interval: { doc: 'How often Flux asks the GitOps repository for news.', type: 'duration', default: '1m', flag: 'interval', check: checkInterval },
} satisfies Partial<SettingsOf<FluxInstallationSettings>>;

/** What programs that write to Git know beside. */
// prettier-ignore
export const PUSH_SETTINGS = {
  recurseSubmodules: { doc: 'Flux fetches submodules of the GitOps repository.', type: 'flag', default: false, flag: 'recurse-submodules' },
  author: { doc: "Who the CLI's commits are by.", type: 'group', settings: {
    name: { doc: 'Name.', type: 'text', default: 'Flux', flag: 'author-name', check: checkArgument },
    email: { doc: 'Address.', type: 'text', flag: 'author-email', check: checkArgument },
  } },
  commitMessageAppendix: { doc: "Text behind the message of the CLI's commits.", type: 'text', examples: ['[skip ci]'], flag: 'commit-message-appendix', check: checkArgument },
} satisfies Partial<SettingsOf<FluxInstallationSettings>>;

/** What is changed about Flux, and how Terraform waits for it. */
// prettier-ignore
export const CHANGE_SETTINGS = {
  patches: { doc: 'Changes to Flux itself, in this order.', type: 'list', of: { type: 'other', name: 'patch' } },
  waitForRoot: { doc: "A deploy ends only when Flux has applied what it brought to Git, and fails with Flux's own words when it cannot.", type: 'flag', default: true },
} satisfies Partial<SettingsOf<FluxInstallationSettings>>;

/** Refuses patches that do not go with other patches, or with other settings. */
export function checkPatchesOfFlux(at: ErrorThing, settings: FluxInstallationSettings): void {
  checkAll(
    () => FluxPatch.combine(settings.patches ?? []),
    () => checkClusterDomain(at, settings),
    () => checkReceiverAccess(at, settings),
  );
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

/** Name of the Secret in `flux-system` with which Flux reads the GitOps repository. */
export function sourceSecretNameOf(settings: Pick<FluxInstallationSettings, 'secretName'>): string {
  return settings.secretName ?? FLUX_NAMESPACE;
}
