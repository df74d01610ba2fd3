import { type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';
import { checkArgument, flagsOf, fluxCliArguments } from './cli-arguments';
import { CONTROLLER_SETTINGS } from './controller-settings';
import { checkFluxVersion } from './flux-version';
import { type GotkFilesSettings } from './gotk/gotk-files-settings';
import { type FluxInstallationSettings, PUSH_SETTINGS, ROOT_SETTINGS } from './installation-settings';
import { type SettingsOf } from './setting';

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

/** What only the flux CLI can be told, or what it needs to be told. */
// prettier-ignore
export const BOOTSTRAP_SETTINGS = {
  version: { doc: 'Version of Flux. It has to be said for the cluster, its environment or the fleet.', type: 'text', examples: ['v2.9.4'], required: true, check: checkFluxVersion },
  gotkFiles: { doc: "Who writes Flux's own files to Git. `flux`: the CLI, in a Job with a token that can push. `terraform`: Terraform, and no such token comes to the cluster.", type: 'choice', words: ['flux', 'terraform'], default: 'flux' },
  fluxBundle: { doc: 'Directory with the manifests of the release, which `gitlab-flux vendor flux` writes, for `gotkFiles: terraform`. By default `vendor/flux/<version>`.', type: 'text', examples: ['vendor/flux/v2.9.4'] },
  authentication: { doc: 'What Flux reads the GitOps repository with. `read-only`: a deploy token of Terraform. `deploy-token`: one that the CLI creates with every run, and that stays valid. `token`: the token that the CLI pushes with.', type: 'choice', words: ['read-only', 'deploy-token', 'token'], default: 'read-only' },
  personal: { doc: 'The project belongs to a user and not to a group.', type: 'flag', default: false },
  teams: { doc: 'GitLab groups that get maintainer access to the project.', type: 'list', of: { type: 'text', check: checkArgument } },
} satisfies SettingsOf<Omit<FluxBootstrapSettings, keyof FluxInstallationSettings>>;

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
      ...flagsOf({ ...CONTROLLER_SETTINGS, ...ROOT_SETTINGS, ...PUSH_SETTINGS }, settings),
    }),
    ...(settings.teams ?? []).map((team) => `--team=${team}`),
  ];
}
