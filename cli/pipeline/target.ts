import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { OUTPUT, TARGET_OUTPUT } from '../../lib/model/pipeline/plan/parent-pipeline';
import { type PipelinePlan } from '../../lib/model/pipeline/plan/pipeline-plan';
import { CommandError } from '../command-error';
import { writeWorkFile } from './work-files';

/**
 * Synthesizes where a merge request began: in merged results that is the tip of the target branch, otherwise the commit
 * that the branch was made from, so that what others merged since then is no difference.
 */
export async function synthesizeTarget(
  plan: PipelinePlan,
  branch: string,
  say: (sentence: string) => void,
): Promise<void> {
  git('fetch', '--no-tags', 'origin', branch);
  const base = git('merge-base', 'HEAD', 'FETCH_HEAD').trim();
  const workspace = mkdtempSync(join(tmpdir(), 'gitlab-flux-target-'));
  const worktree = join(workspace, 'tree');
  rmSync(TARGET_OUTPUT, { recursive: true, force: true });
  try {
    git('worktree', 'add', '--detach', worktree, base);
    say(`synthesizing ${base}, where ${branch} and this commit meet`);
    for (const command of [...plan.setup, plan.synth]) await shell(command, worktree, say);
    cpSync(join(worktree, OUTPUT), TARGET_OUTPUT, { recursive: true });
  } catch (error) {
    // The first merge request has nothing to compare with, and a broken branch must be possible to mend.
    say(`${base} cannot be synthesized, so every stack counts as changed: ${(error as Error).message}`);
    writeWorkFile(join(TARGET_OUTPUT, 'manifest.json'), '{ "stacks": {} }\n');
  } finally {
    rmSync(workspace, { recursive: true, force: true });
    git('worktree', 'prune');
  }
}

function git(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('git', args, { encoding: 'utf8' });
  if (status !== 0) throw new CommandError(`git ${args.join(' ')}: ${stderr.trim()}`);
  return stdout;
}

async function shell(command: string, cwd: string, say: (line: string) => void): Promise<void> {
  const child = spawn('sh', ['-ec', command], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const tell = (chunk: Buffer): void => say(chunk.toString().trimEnd());
  child.stdout.on('data', tell);
  child.stderr.on('data', tell);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) throw new CommandError(`${command}: exit code ${code ?? 'none'}`);
}
