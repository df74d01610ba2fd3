import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { describeWithRig, reasonToSkip } from '../../__tests__/support/rig';

/** Terraform's settings, which name the folder that it finds its providers in. */
export const terraformSettings =
  [process.env['TF_CLI_CONFIG_FILE'], join(homedir(), '.cache/terraformrc')].find(
    (path) => path !== undefined && existsSync(path),
  ) ?? 'TF_CLI_CONFIG_FILE';

const programs = ['terraform', 'flux', 'source-controller', 'kustomize-controller', 'notification-controller'];

/** What `describeEndToEnd` needs for hubs. */
export const OPERATOR_PROGRAMS = ['flux-operator', 'helm-controller'];

/** A provider of Terraform, as the folder of a mirror has it: `hashicorp/helm`. */
type Provider = 'hashicorp/helm' | 'hashicorp/kubernetes' | 'gitlabhq/gitlab' | 'fluxcd/flux';

/**
 * A `describe` that needs the rig, Flux, Terraform and its providers. Without one of them its tests are skipped, with
 * the reason in their name.
 *
 * @param name - of the block
 * @param fn - the block
 * @param providers - that its stacks need
 * @param more - programs, and a reason of the caller's own to skip
 */
export function describeEndToEnd(
  name: string,
  fn: () => void,
  providers: readonly Provider[] = ['hashicorp/helm', 'hashicorp/kubernetes'],
  more: { readonly programs?: readonly string[]; readonly reason?: string } = {},
): void {
  const all = [...programs, ...(more.programs ?? [])];
  const needs = ['kubernetes' as const, 'gitlab' as const, ...all.map((program) => ({ program }))];
  const missing = providers.filter((provider) => !hasProvider(provider));
  const provider =
    missing.length === 0 ? more.reason : `${missing.join(', ')} not in the mirror that ${terraformSettings} names`;
  const reason = reasonToSkip(needs)?.text ?? provider;
  // Jest does not name what it skips.
  if (reason !== undefined) process.stderr.write(`"${name}" is skipped: ${reason}\n`);
  if (provider === undefined) describeWithRig(name, fn, needs);
  else describe.skip(`${name} (skipped, program: ${provider})`, fn);
}

function hasProvider(provider: Provider): boolean {
  if (!existsSync(terraformSettings)) return false;
  const mirror = /filesystem_mirror\s*\{[^}]*path\s*=\s*"([^"]+)"/.exec(readFileSync(terraformSettings, 'utf8'))?.[1];
  return mirror !== undefined && existsSync(join(mirror, 'registry.terraform.io', provider));
}
