// `npm run bench:delivery`: what a deploy of many files takes with `commit()` and with `files()`, on the stand-in for
// GitLab with 50 ms per request. It needs the rig, and Terraform with a provider of GitLab.
import { App, TerraformStack } from 'cdktf';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createProject, type TestProject } from '../__tests__/support/gitlab-project';
import { type GitLab, startGitLab, stopAll } from '../__tests__/support/rig';
import { allowOlderProvider } from '../e2e/support/older-provider';
import { Terraform } from '../e2e/support/terraform';
import { GitLabProject, RepositoryDelivery, FileTree } from '../lib';
import { StateBackend } from '../lib/constructs/terraform/state-backend';

type Delivery = 'commit' | 'files';

interface Row {
  readonly step: string;
  readonly seconds: number;
  readonly commits: number;
  readonly requests: number;
}

const root = join(__dirname, '..');
const command = `node ${join(root, 'dist/cli/gitlab-flux.js')}`;
const delayMs = 50;

/** Files of about 1 kB, twenty to a directory. */
function files(count: number, changed: string): FileTree {
  const line = 'a line of text that is as long as lines of manifests are\n';
  return FileTree.of(
    Array.from({ length: count }, (_, index) => ({
      path: `clusters/uni-dev/component-${Math.floor(index / 20)}/object-${index}.yaml`,
      content: Buffer.from(`\0# ${index} ${index === 0 ? changed : ''}\n${line.repeat(17)}`),
    })),
  );
}

async function measure(gitlab: GitLab, delivery: Delivery, count: number): Promise<readonly Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-delivery-'));
  const project = await createProject(gitlab, `${delivery}-${count}`, { initialize_with_readme: true });
  const environment = { ...process.env, GITLAB_TOKEN: gitlab.token, CHECKPOINT_DISABLE: '1' };
  const working = join(directory, 'cdktf.out/stacks/bench');
  const stack = new Terraform(working, join(directory, 'state'), () => environment, 3_600_000);
  const rows: Row[] = [];
  const step = async (name: string, action: () => Promise<unknown>): Promise<void> => {
    await gitlab.control({ delayMs });
    const [before, start] = [await stats(gitlab), performance.now()];
    await action();
    const seconds = (performance.now() - start) / 1000;
    const after = await stats(gitlab);
    await gitlab.control({ delayMs: 0 });
    rows.push({
      step: name,
      seconds,
      commits: after.commits - before.commits,
      requests: after.requests - before.requests,
    });
  };
  try {
    await synth(gitlab, project, { delivery, directory, tree: files(count, ''), stack });
    await step('first deploy', () => stack.apply());
    await step('plan without a change', () => stack.planNothing());
    await synth(gitlab, project, { delivery, directory, tree: files(count, 'changed'), stack });
    await step('deploy of one changed file', () => stack.apply());
    await step('destroy', () => stack.destroy());
    return rows;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function synth(
  gitlab: GitLab,
  project: TestProject,
  to: { readonly delivery: Delivery; readonly directory: string; readonly tree: FileTree; readonly stack: Terraform },
): Promise<void> {
  const app = new App({ outdir: join(to.directory, 'cdktf.out') });
  const stack = new TerraformStack(app, 'bench');
  StateBackend.local({ directory: to.directory }).bind(stack);
  const delivery = to.delivery === 'commit' ? RepositoryDelivery.commit({ command }) : RepositoryDelivery.files();
  const attributes = { path: project.path, url: gitlab.url, delivery };
  GitLabProject.fromPath(stack, 'Project', attributes).write(stack, to.tree);
  app.synth();
  await to.stack.init();
  if (to.delivery === 'files') await allowOlderProvider(to.stack);
}

async function stats(gitlab: GitLab): Promise<{ readonly commits: number; readonly requests: number }> {
  const { stats: counted } = await gitlab.control();
  return { commits: counted.commits, requests: counted.requests };
}

async function main(): Promise<void> {
  // For example `commit:10 commit:10000 files:10`.
  const wanted = process.argv.slice(2);
  const all = ['commit:10', 'commit:100', 'commit:1000', 'commit:10000', 'files:10', 'files:100', 'files:1000'];
  if (!existsSync(join(root, 'dist'))) execFileSync('npm', ['run', 'compile'], { cwd: root, stdio: 'inherit' });
  const gitlab = await startGitLab();
  try {
    for (const each of wanted.length > 0 ? wanted : all) {
      const [delivery, count] = each.split(':') as [Delivery, string];
      for (const { step, seconds, commits, requests } of await measure(gitlab, delivery, Number(count))) {
        console.log(`| ${delivery} | ${count} | ${step} | ${seconds.toFixed(1)} s | ${commits} | ${requests} |`);
      }
    }
  } finally {
    await stopAll();
  }
}

void main();
