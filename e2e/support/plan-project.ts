import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { type PackageRegistry } from '../../__tests__/support/package-registry';
import { temporaryDirectory } from '../../__tests__/support/rig';
import { planPipelineFile } from '../../lib/model/pipeline/plan/pipeline-file';
import { type PipelineStack } from '../../lib/model/pipeline/plan/pipeline-plan';
import { type PlanPipelineSettings } from '../../lib/model/pipeline/plan/plan-pipeline-settings';

const ROOT = resolve(__dirname, '../..');
const BIN = join(ROOT, 'node_modules/.bin');

/** The stacks of the project: what their one resource holds, by name. */
export type Stacks = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What a pipeline did. */
export interface PipelineResult {
  readonly code: number;
  readonly output: string;
}

/** A repository with infrastructure that needs no provider, and its pipeline, run by gitlab-ci-local. */
export class PlanProject {
  public readonly directory: string;

  constructor(
    private readonly gitlab: { readonly url: string; readonly token: string },
    private readonly registry: PackageRegistry,
    private readonly settings: Partial<PlanPipelineSettings> = {},
  ) {
    // Jobs call the command often, and compiled it starts in a third of the time.
    execFileSync('npm', ['run', '--silent', 'compile'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
    const root = temporaryDirectory('plan-project');
    this.directory = join(root, 'project');
    execFileSync('git', ['init', '--quiet', '--bare', '-b', 'main', join(root, 'origin.git')]);
    execFileSync('git', ['init', '--quiet', '-b', 'main', this.directory]);
    this.git('remote', 'add', 'origin', join(root, 'origin.git'));
    cpSync(join(__dirname, 'plan-program.cjs'), join(this.directory, 'main.cjs'));
    this.write('.gitignore', '.gitlab-ci-local*\n.gitlab-flux\ncdktf.out\ncdktf.target\nnode_modules\n');
    symlinkSync(join(ROOT, 'node_modules'), join(this.directory, 'node_modules'));
  }

  /** Makes a commit with these stacks and the pipeline for them. */
  public commit(stacks: Stacks, message: string): void {
    this.write('stacks.json', JSON.stringify(stacks));
    this.write('.gitlab-ci.yml', planPipelineFile(this.fullSettings, Object.keys(stacks).map(stackOf)));
    this.git('add', '.');
    this.git('commit', '--quiet', '--allow-empty', '-m', message);
    this.git('push', '--quiet', '--force', 'origin', 'HEAD');
  }

  /** Starts a branch at the end of another, or goes to one that exists. */
  public branch(name: string): void {
    this.git('checkout', '--quiet', '-B', name);
  }

  /** Runs the pipeline of a merge request of the branch that is checked out. */
  public mergeRequest(variables: Readonly<Record<string, string>> = {}): Promise<PipelineResult> {
    return this.run({
      CI_PIPELINE_SOURCE: 'merge_request_event',
      CI_MERGE_REQUEST_IID: '7',
      CI_MERGE_REQUEST_PROJECT_URL: `${this.gitlab.url}/platform/infrastructure`,
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
      ...variables,
    });
  }

  /** Runs the pipeline of the default branch. */
  public deploy(variables: Readonly<Record<string, string>> = {}): Promise<PipelineResult> {
    return this.run({ CI_COMMIT_REF_PROTECTED: 'true', ...variables });
  }

  /** Runs the nightly pipeline. */
  public nightly(variables: Readonly<Record<string, string>> = {}): Promise<PipelineResult> {
    return this.run({ CI_PIPELINE_SOURCE: 'schedule', ...variables });
  }

  /** Runs a manual job of the pipeline that applies. */
  public start(job: string, variables: Readonly<Record<string, string>>): Promise<PipelineResult> {
    const all = { CI_PIPELINE_SOURCE: 'parent_pipeline', ...variables };
    return this.call(['--file', '.gitlab-flux/apply.yml', '--no-artifacts-to-source', job], all);
  }

  /** A file that the pipeline handed on. */
  public file(path: string): string {
    return readFileSync(join(this.directory, path), 'utf8');
  }

  public has(path: string): boolean {
    return existsSync(join(this.directory, path));
  }

  private get fullSettings(): PlanPipelineSettings {
    return {
      image: 'unused',
      setup: [`ln -sfn ${join(ROOT, 'node_modules')} node_modules`],
      validate: 'true',
      synth: `GITLAB_FLUX_ROOT=${ROOT} GITLAB_FLUX_STATES=${this.gitlab.url} node main.cjs`,
      command: `node ${join(ROOT, 'dist/cli/gitlab-flux.js')}`,
      lockTimeout: '1s',
      ...this.settings,
    };
  }

  private run(variables: Readonly<Record<string, string>>): Promise<PipelineResult> {
    for (const leftover of ['.gitlab-flux', 'cdktf.out', 'cdktf.target', '.gitlab-ci-local']) {
      rmSync(join(this.directory, leftover), { recursive: true, force: true });
    }

    return this.call([], variables);
  }

  private call(args: readonly string[], variables: Readonly<Record<string, string>>): Promise<PipelineResult> {
    const all: Readonly<Record<string, string>> = {
      CI_API_V4_URL: this.registry.api,
      CI_SERVER_URL: this.registry.url,
      CI_PROJECT_ID: '1',
      CI_JOB_TOKEN: this.gitlab.token,
      CI_DEFAULT_BRANCH: 'main',
      ...variables,
    };
    // What stands on the command line does not reach child pipelines.
    const { CI_PIPELINE_SOURCE: source = 'push', ...rest } = all;
    this.write('.gitlab-ci-local-variables.yml', JSON.stringify(rest));
    const options = ['--variable', `CI_PIPELINE_SOURCE=${source}`, '--ignore-predefined-vars', '*'];
    return new Promise((done) => {
      execFile(
        join(BIN, 'gitlab-ci-local'),
        ['--force-shell-executor', '--no-json-schema-validation', ...args, ...options],
        { cwd: this.directory, env: { ...process.env, CHECKPOINT_DISABLE: '1' }, maxBuffer: 1 << 28 },
        (error, stdout, stderr) => done({ code: Number(error?.code ?? 0), output: stdout + stderr }),
      );
    });
  }

  private write(path: string, text: string): void {
    mkdirSync(this.directory, { recursive: true });
    writeFileSync(join(this.directory, path), text);
  }

  private git(...args: string[]): void {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
    execFileSync('git', [...identity, ...args], { cwd: this.directory, stdio: ['ignore', 'pipe', 'pipe'] });
  }
}

function stackOf(name: string): PipelineStack {
  return { name, environment: name.split('-')[0]! };
}
