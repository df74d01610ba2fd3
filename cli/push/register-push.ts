import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { describeCounts } from '../../lib/model/delivery/commit-message';
import {
  parsePushManifest,
  parsePushTarget,
  wantedFiles,
  type PushManifest,
  type PushTarget,
} from '../../lib/model/delivery/push-manifest';
import type { OnConflict } from '../../lib/model/delivery/commit-plan';
import { ValidationError } from '../../lib/model/validation-error';
import { Progress } from './progress';
import { push, type PushProps } from './push';
import type { PushResult } from './push-plan';
import { tokenFromEnvironment, withoutToken } from './token';

interface PushCommandOptions {
  readonly manifest?: string;
  readonly manifestJson?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly onConflict?: OnConflict;
  readonly owner?: string;
  readonly remove?: boolean;
  readonly retryFor: string;
}

const help = `
Reads GITLAB_TOKEN: a token with scope api whose owner may push to the branch. CI_JOB_TOKEN is not enough, GitLab lets
it write no files. A private certificate authority goes into NODE_EXTRA_CA_CERTS.

Files that somebody else wrote or changed are never overwritten without --on-conflict overwrite. With --on-conflict
adopt they stay as they are until the stack's own content changes too. When another push arrives first, when GitLab is
busy or an answer is lost, the branch is read again and the push repeated.

Examples:
  gitlab-flux push --manifest cdktf.out/stacks/dev-uni-dev/gitops-platform--fleet.json --dry-run
  gitlab-flux push --manifest cdktf.out/stacks/dev-uni-dev/gitops-platform--fleet.json --on-conflict overwrite`;

/**
 * Adds the command `push` to a program.
 *
 * @param program - the program, for example `gitlab-flux`
 */
export function registerPush(program: Command): void {
  program
    .command('push')
    .description("make one commit that brings a stack's files to GitLab")
    .option('--manifest <file>', 'what to push: a manifest that cdktf synth wrote')
    .addOption(
      new Option('--manifest-json <json>', 'the manifest itself; for --remove without any file').env(
        'GITLAB_FLUX_MANIFEST',
      ),
    )
    .option('--remove', 'remove all files that the stack wrote')
    .addOption(
      new Option('--on-conflict <what>', 'what to do about files of others (default: as in the manifest)').choices([
        'fail',
        'adopt',
        'overwrite',
      ]),
    )
    .addOption(
      new Option('--owner <id>', 'who pushes, so that two stacks of one name notice each other').env(
        'GITLAB_FLUX_OWNER',
      ),
    )
    .option('--dry-run', 'say what would change, commit nothing')
    .option('--json', 'print the result as JSON')
    .option('--retry-for <seconds>', 'how long to repeat what may succeed later', '300')
    .addHelpText('after', help)
    .action(async (options: PushCommandOptions) => {
      const progress = new Progress(process.stderr, (text) => withoutToken(text, process.env));
      try {
        report(await run(options, progress), options, progress);
      } catch (error) {
        fail(error, options, progress);
      }
    });
}

function run(options: PushCommandOptions, progress: Progress): Promise<PushResult> {
  const token = tokenFromEnvironment(process.env);
  const source = sourceOf(options);
  const target = { ...source.target, ...(options.onConflict === undefined ? {} : { onConflict: options.onConflict }) };
  progress.start(`${target.inventory} to ${target.project}, branch ${target.branch}`);
  return push({
    ...source,
    target,
    token,
    owner: options.owner,
    dryRun: options.dryRun,
    backoff: {
      limit: secondsOf(options.retryFor) * 1000,
      onWait: (milliseconds, why) => progress.step(`${why}; trying again in ${(milliseconds / 1000).toFixed(1)} s`),
    },
    onProgress: (sentence) => progress.step(sentence),
  });
}

function sourceOf(options: PushCommandOptions): Pick<PushProps, 'target' | 'wanted' | 'released' | 'contentOf'> {
  const { manifest: file, manifestJson: json } = options;
  // Terraform's environment must not win over what a person asks for.
  const text = file === undefined ? json : readFileSync(file, 'utf8');
  if (text === undefined) {
    throw new ValidationError({
      at: 'gitlab-flux push',
      prop: '--manifest',
      want: 'a manifest that cdktf synth wrote',
    });
  }
  const at = file ?? '--manifest-json';
  if (options.remove === true)
    return { target: parsePushTarget(text, at), wanted: [], contentOf: () => new Uint8Array() };
  const manifest = parsePushManifest(text, at);
  const tree = resolve(dirname(file ?? '.'), manifest.tree);
  return {
    target: targetOf(manifest),
    wanted: wantedFiles(manifest),
    released: manifest.released,
    contentOf: (path) => readFileSync(join(tree, path)),
  };
}

function targetOf({ tree: _tree, files: _files, released: _released, ...target }: PushManifest): PushTarget {
  return target;
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (!(seconds >= 0)) {
    throw new ValidationError({ at: 'gitlab-flux push', prop: '--retry-for', got: text, want: 'a number of seconds' });
  }
  return seconds;
}

function report(
  { changes, counts, changed, commit, kept, mergeRequest }: PushResult,
  options: PushCommandOptions,
  progress: Progress,
): void {
  if (options.json === true) {
    const files = Object.fromEntries(changes);
    process.stdout.write(
      `${JSON.stringify({ changed, commit: commit ?? null, ...counts, files, kept, mergeRequest }, undefined, 2)}\n`,
    );
  } else {
    for (const [path, sign] of changes) progress.change(sign, path);
    for (const path of kept) progress.step(`= ${path}, as somebody else changed it`);
  }
  if (!changed) progress.done('nothing to commit');
  else if (mergeRequest !== undefined && options.dryRun !== true)
    progress.done(`${describeCounts(counts)}: !${mergeRequest.iid}, ${mergeRequest.state}: ${mergeRequest.url}`);
  else if (commit === undefined) progress.done(`would ${describeCounts(counts)}`);
  else progress.done(`${describeCounts(counts)}: commit ${commit.slice(0, 11)}`);
}

function fail(error: unknown, options: PushCommandOptions, progress: Progress): void {
  const message = withoutToken(error instanceof Error ? error.message : String(error), process.env);
  if (options.json === true) process.stdout.write(`${JSON.stringify({ error: message }, undefined, 2)}\n`);
  progress.fail(message);
  process.exitCode = 1;
}
