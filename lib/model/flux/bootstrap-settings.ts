import { checkAll, mapAll } from '../check-all';
import { type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';
import { controllerFlags, fluxCliArguments } from './controller-settings';
import { checkFluxVersion } from './flux-version';
import { type GotkFilesSettings } from './gotk/gotk-files-settings';
import { checkArgument, checkInstallationSettings, type FluxInstallationSettings } from './installation-settings';

/**
 * How Flux is installed on a cluster by the flux CLI: what `flux bootstrap gitlab` can be told, as far as it concerns the
 * cluster.
 *
 * @see https://fluxcd.io/flux/cmd/flux_bootstrap_gitlab/
 */
export interface FluxBootstrapSettings extends FluxInstallationSettings, GotkFilesSettings {
  /** Version of Flux, for example `v2.9.4`: that of the CLI's image, which brings the controllers of its version. */
  readonly version: string;
  /**
   * What Flux reads the GitOps repository with.
   *
   * - `read-only`: a deploy token that may only read, which Terraform owns. The CLI pushes with its own token, which
   *   does not stay on the cluster as Flux's credential.
   * - `deploy-token`: a deploy token that the CLI creates anew with every run (`--deploy-token-auth`). It stays valid
   *   after Flux has been removed.
   * - `token`: the token that the CLI pushes with (`--token-auth`). Whoever can read it can write.
   *
   * @default 'read-only'
   */
  readonly authentication?: 'read-only' | 'deploy-token' | 'token';
  /**
   * Whether the project belongs to a user and not to a group (`--personal`).
   *
   * @default false
   */
  readonly personal?: boolean;
  /** GitLab groups that get maintainer access to the project (`--team`). */
  readonly teams?: readonly string[];
}

/** The project and the directory that the CLI bootstraps. */
export interface BootstrapTarget {
  /** Full path of the project: `platform/fleet`. */
  readonly projectPath: string;
  /** Host of GitLab, with a port when it is not 443. */
  readonly hostname: string;
  /** Branch that the cluster follows. */
  readonly branch: string;
  /** Directory of the cluster: `clusters/uni-dev`. */
  readonly path: string;
}

/**
 * The name by which the flux CLI finds GitLab.
 *
 * @param at - the thing that has the address
 * @throws ValidationError when a name does not say it: the CLI takes `https` and no path
 */
export function gitLabHostname(at: ErrorThing, prop: PropPath, url: string): string {
  const { protocol, host, pathname } = new URL(url);
  if (protocol !== 'https:' || pathname !== '/') {
    const want =
      "https and no path, because the flux CLI takes no other; with gotkFiles: 'terraform' it need not find GitLab";
    throw new ValidationError({ at, prop, got: url, want });
  }
  return host;
}

/** The arguments for `flux bootstrap gitlab`, one flag each, without a secret. */
export function bootstrapArguments(settings: FluxBootstrapSettings, target: BootstrapTarget): readonly string[] {
  const separator = target.projectPath.lastIndexOf('/');
  return [
    ...fluxCliArguments({
      hostname: target.hostname,
      owner: target.projectPath.slice(0, separator),
      repository: target.projectPath.slice(separator + 1),
      branch: target.branch,
      path: target.path,
      personal: settings.personal,
      [settings.authentication === 'deploy-token' ? 'deploy-token-auth' : 'token-auth']: true,
      components: settings.components?.join(','),
      ...controllerFlags(settings),
      'secret-name': settings.secretName,
      interval: settings.interval,
      'recurse-submodules': settings.recurseSubmodules,
      'author-name': settings.author?.name,
      'author-email': settings.author?.email,
      'commit-message-appendix': settings.commitMessageAppendix,
    }),
    ...(settings.teams ?? []).map((team) => `--team=${team}`),
  ];
}

/**
 * Refuses settings with which the CLI would fail, or which would leave a cluster that does not work.
 *
 * @param at - the thing that has the settings
 */
export function checkBootstrapSettings(at: ErrorThing, settings: FluxBootstrapSettings): void {
  checkAll(
    () => checkFluxVersion(at, 'version', settings.version),
    () => checkInstallationSettings(at, settings),
    () => mapAll(settings.teams ?? [], (team, index) => checkArgument(at, ['teams', index], team)),
  );
}
