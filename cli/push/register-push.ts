import { InvalidArgumentError, Option, type Command } from 'commander';

import { describeCounts } from '../../lib/model/delivery/commit-message';
import { type OnConflict } from '../../lib/model/delivery/commit-plan';
import { parsePushManifest, parsePushTarget } from '../../lib/model/delivery/parse-push-manifest';
import { wantedFiles, type PushManifest, type PushTarget } from '../../lib/model/delivery/push-manifest';
import { isDuration, secondsOf } from '../../lib/model/manifest/duration';
import { ValidationError } from '../../lib/model/validation-error';
import { run } from '../run';
import { type Terminal } from '../terminal';
import { tokenFromEnvironment, withoutTokens } from '../tokens';
import { readManifest, treeReader } from './manifest-file';
import { push, type PushProps } from './push';
import { type PushResult } from './push-plan';

interface PushCommandOptions {
  readonly manifest?: string;
  readonly manifestJson?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly onConflict?: OnConflict;
  readonly owner?: string;
  readonly deployOver?: readonly string[];
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

/** Adds the command `push` to a program. */
export function registerPush(program: Command, terminal: Terminal, end: (code: number) => void): void {
  const redacted = terminal.redacted((text) => withoutTokens(text, process.env));
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
    .addOption(
      new Option('--deploy-over <commits>', 'commits that others made or lost, and that may be deployed over')
        .env('GITLAB_FLUX_DEPLOY_OVER')
        .argParser(commitsOf),
    )
    .option('--dry-run', 'say what would change, commit nothing')
    .option('--json', 'print the result as JSON')
    .option('--retry-for <duration>', 'how long to repeat what may succeed later', durationOf, '5m')
    .addHelpText('after', help)
    .action(async (options: PushCommandOptions) => {
      end(
        await run(redacted, options, async () => {
          report(await pushed(options, redacted), options, redacted);
        }),
      );
    });
}

function pushed(options: PushCommandOptions, terminal: Terminal): Promise<PushResult> {
  const token = tokenFromEnvironment(process.env);
  const source = sourceOf(options);
  const target = { ...source.target, ...(options.onConflict === undefined ? {} : { onConflict: options.onConflict }) };
  const step = (sentence: string): void => terminal.say(terminal.paint('quiet', `  ${sentence}`));
  terminal.say(`push ${target.inventory} to ${target.project}, branch ${target.branch}`);
  return push({
    ...source,
    target,
    token,
    owner: options.owner,
    deployOver: options.deployOver,
    dryRun: options.dryRun,
    backoff: {
      limit: secondsOf(options.retryFor) * 1000,
      onWait: (milliseconds, why) => step(`${why}; trying again in ${(milliseconds / 1000).toFixed(1)} s`),
    },
    onProgress: step,
  });
}

function sourceOf(
  options: PushCommandOptions,
): Pick<PushProps, 'target' | 'wanted' | 'released' | 'contentOf' | 'remove' | 'empty'> {
  const { manifest: file, manifestJson: json } = options;
  // Terraform's environment must not win over what a person asks for.
  const text = file === undefined ? json : readManifest(file);
  if (text === undefined) {
    throw new ValidationError({
      at: 'gitlab-flux push',
      prop: '--manifest',
      want: 'a manifest that cdktf synth wrote',
    });
  }
  const at = file ?? '--manifest-json';
  if (options.remove === true) {
    return { target: parsePushTarget(text, at), wanted: [], remove: true, contentOf: () => new Uint8Array() };
  }
  const manifest = parsePushManifest(text, at);
  return {
    target: targetOf(manifest),
    wanted: wantedFiles(manifest),
    released: manifest.released,
    empty: manifest.empty,
    contentOf: treeReader(file ?? 'manifest', manifest.tree),
  };
}

function targetOf({
  tree: _tree,
  files: _files,
  released: _released,
  empty: _empty,
  ...target
}: PushManifest): PushTarget {
  return target;
}

function durationOf(text: string): string {
  if (!isDuration(text)) throw new InvalidArgumentError('Want a duration such as 90s, 10m or 1h30m.');
  return text;
}

function commitsOf(text: string): readonly string[] {
  const commits = text.split(',').map((each) => each.trim());
  if (!commits.every((each) => /^[0-9a-f]{8,64}$/.test(each))) {
    throw new InvalidArgumentError('Want digests of commits, or their first eight characters or more.');
  }

  return commits;
}

const TONES = { '+': 'good', '~': 'note', '-': 'bad' } as const;

function report(
  { changes, counts, changed, commit, kept, mergeRequest }: PushResult,
  options: PushCommandOptions,
  terminal: Terminal,
): void {
  if (options.json === true) {
    const files = Object.fromEntries(changes);
    terminal.printJson({ changed, commit: commit ?? null, ...counts, files, kept, mergeRequest });
  } else {
    for (const [path, sign] of changes) terminal.say(terminal.paint(TONES[sign], `  ${sign} ${path}`));
    for (const path of kept) terminal.say(terminal.paint('quiet', `  = ${path}, as somebody else changed it`));
  }
  if (!changed) terminal.say('nothing to commit');
  else if (mergeRequest !== undefined && options.dryRun !== true) {
    terminal.say(`${describeCounts(counts)}: !${mergeRequest.iid}, ${mergeRequest.state}: ${mergeRequest.url}`);
  } else if (commit === undefined) terminal.say(`would ${describeCounts(counts)}`);
  else terminal.say(`${describeCounts(counts)}: commit ${commit.slice(0, 11)}`);
}
