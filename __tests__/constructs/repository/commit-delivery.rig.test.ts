import { App, TerraformStack } from 'cdktf';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { GitLabProject } from '../../../lib/constructs/repository/gitlab-project';
import { RepositoryDelivery } from '../../../lib/constructs/repository/repository-delivery';
import { StateBackend } from '../../../lib/constructs/terraform/state-backend';
import { TerraformData } from '../../../lib/constructs/terraform/terraform-data';
import { FileTree, type RepositoryFile } from '../../../lib/model/manifest/file-tree';
import { createProject, type TestProject } from '../../support/gitlab-project';
import { describeWithRig, findProgram, startGitLab, temporaryDirectory, type GitLab } from '../../support/rig';

const root = resolve(__dirname, '../../..');
const command = `${join(root, 'node_modules/.bin/tsx')} ${join(root, '__tests__/support/gitlab-flux.ts')}`;

describeWithRig(
  'commit() with Terraform',
  () => {
    let gitlab: GitLab;
    let project: TestProject;
    let directory: string;
    let token: string;
    const shown: string[] = [];

    beforeAll(async () => {
      gitlab = await startGitLab();
      project = await createProject(gitlab, 'fleet', { initialize_with_readme: true });
      directory = temporaryDirectory('commit');
      token = gitlab.token;
    });

    const workingDirectory = () => join(directory, 'cdktf.out/stacks/dev-uni-dev');
    const own = () => Object.keys(project.files()).filter((path) => path !== 'README.md');
    const commits = async (): Promise<number> => (await gitlab.control())['stats'].commits;

    function synth(files: readonly RepositoryFile[], options: { after?: boolean } = {}): void {
      const app = new App({ outdir: join(directory, 'cdktf.out') });
      const stack = new TerraformStack(app, 'dev-uni-dev');
      StateBackend.local({ directory }).bind(stack);
      const fleet = GitLabProject.fromPath(stack, 'Project', {
        path: project.path,
        url: gitlab.url,
        delivery: RepositoryDelivery.commit({ command }),
      });
      const dependable = fleet.write(stack, FileTree.of(files));
      // Stands for Flux: it needs the files until it is gone itself.
      if (options.after === true) {
        const check = `test -e ${join(directory, 'cdktf.out')} && echo "after the files"`;
        new TerraformData(stack, 'Flux', {
          dependsOn: [dependable],
          provisioners: [{ type: 'local-exec', command: check, when: 'destroy' }],
        });
      }
      app.synth();
    }

    async function terraform(...args: string[]): Promise<{ code: number; output: string }> {
      const env = { ...process.env, GITLAB_TOKEN: token, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' };
      const result = await new Promise<{ code: number; output: string }>((done) => {
        execFile(
          findProgram('terraform')!,
          [...args, '-no-color'],
          { cwd: workingDirectory(), env },
          (error, out, err) => done({ code: error === null ? 0 : Number(error.code), output: out + err }),
        );
      });
      shown.push(result.output);
      return result;
    }
    const plan = () => terraform('plan', '-detailed-exitcode', '-input=false', '-out=plan');
    const apply = () => terraform('apply', '-auto-approve', '-input=false');

    const files: RepositoryFile[] = [
      ...Array.from({ length: 10 }, (_, i) => ({ path: `clusters/uni-dev/c${i}.yaml`, content: `a: \${x}${i}\n` })),
      { path: 'systems/run.sh', content: '#!/bin/sh\n', executable: true },
      { path: 'clusters/uni-dev/gotk-sync.yaml', content: '# seed\n', policy: 'seed' },
    ];
    const changed = [
      ...files.filter(({ path }) => !path.endsWith('c3.yaml') && !path.endsWith('c5.yaml')),
      { path: 'clusters/uni-dev/c3.yaml', content: 'changed\n' },
      { path: 'clusters/uni-dev/new.yaml', content: 'new\n' },
    ];

    test('the first apply makes one commit, the second plan is empty, and no provider is needed', async () => {
      synth(files);
      expect(await terraform('init', '-input=false')).toMatchObject({ code: 0 });
      expect(existsSync(join(workingDirectory(), '.terraform/providers'))).toBe(false);
      const before = await commits();
      expect(await apply()).toMatchObject({ code: 0 });
      expect(await commits()).toBe(before + 1);
      expect(project.files()).toMatchObject({ 'clusters/uni-dev/c3.yaml': 'a: ${x}3\n' });
      expect(project.modes()['systems/run.sh']).toBe('100755');
      expect(own()).toHaveLength(files.length + 1);
      expect(await plan()).toMatchObject({ code: 0 });
    });

    test('the plan of a change names the changed paths alone, and the apply is one commit', async () => {
      synth(changed);
      const { code, output } = await plan();
      expect(code).toBe(2);
      const named = output.split('\n').filter((line) => line.includes('clusters/') || line.includes('systems/'));
      expect(named.map((line) => line.trim().replace(/"[0-9a-f]{40}"/g, 'blob'))).toEqual([
        '~ "clusters/uni-dev/c3.yaml"        = blob -> blob',
        '- "clusters/uni-dev/c5.yaml"        = blob',
        '+ "clusters/uni-dev/new.yaml"       = blob',
      ]);
      const before = await commits();
      expect(await terraform('apply', '-input=false', 'plan')).toMatchObject({ code: 0 });
      expect(await commits()).toBe(before + 1);
      expect(project.files()).toMatchObject({
        'clusters/uni-dev/c3.yaml': 'changed\n',
        'clusters/uni-dev/new.yaml': 'new\n',
      });
      expect(own()).not.toContain('clusters/uni-dev/c5.yaml');
      expect(await plan()).toMatchObject({ code: 0 });
    });

    test('another seed is no change; a failed push is repeated by the next apply', async () => {
      await project.commit([
        { action: 'update', file_path: 'clusters/uni-dev/gotk-sync.yaml', content: 'flux' },
        { action: 'update', file_path: 'clusters/uni-dev/c3.yaml', content: 'edited' },
      ]);
      const seeded = changed.map((file) => (file.policy === 'seed' ? { ...file, content: '# other\n' } : file));
      synth(seeded);
      expect(await plan()).toMatchObject({ code: 0 });
      synth(seeded.map((file) => (file.path.endsWith('c3.yaml') ? { ...file, content: 'v3\n' } : file)));
      const failed = await apply();
      expect(failed.code).toBe(1);
      expect(failed.output).toContain('clusters/uni-dev/c3.yaml was changed since dev-uni-dev wrote it');
      await project.commit([{ action: 'update', file_path: 'clusters/uni-dev/c3.yaml', content: 'changed\n' }]);
      expect(await apply()).toMatchObject({ code: 0 });
      expect(project.files()).toMatchObject({
        'clusters/uni-dev/c3.yaml': 'v3\n',
        'clusters/uni-dev/gotk-sync.yaml': 'flux',
      });
    });

    test('destroy removes the files in one commit, after what needs them, without tree and manifest', async () => {
      synth(changed, { after: true });
      expect(await apply()).toMatchObject({ code: 0 });
      rmSync(join(directory, 'cdktf.out/repository'), { recursive: true });
      rmSync(join(workingDirectory(), 'gitops-platform--fleet.json'));
      const before = await commits();
      const { code, output } = await terraform('destroy', '-auto-approve', '-input=false');
      expect({ code, output }).toMatchObject({ code: 0 });
      expect(output.indexOf('after the files')).toBeLessThan(output.indexOf('delete 12 files'));
      expect(output.indexOf('after the files')).toBeGreaterThan(0);
      expect(own()).toEqual([]);
      expect(await commits()).toBe(before + 1);
    });

    test('another program with a stack of the same name is refused, and nothing of it is committed', async () => {
      synth(files);
      expect(await apply()).toMatchObject({ code: 0 });
      const before = await commits();
      const state = join(directory, 'terraform.dev-uni-dev.tfstate');
      renameSync(state, `${state}.first`);
      synth(changed);
      const other = await apply();
      expect(other.code).toBe(1);
      expect(other.output).toMatch(/dev-uni-dev\.json belongs to another Terraform state \([0-9a-f-]{36}\)/);
      expect(await commits()).toBe(before);
      // The same stack again, whose state was lost: it wants what is there, and the inventory is its own from then on.
      synth(files);
      expect(await apply()).toMatchObject({ code: 0 });
      expect(await plan()).toMatchObject({ code: 0 });
      renameSync(`${state}.first`, state);
      synth(changed);
      expect((await apply()).output).toContain('belongs to another Terraform state');
    });

    test('the token is nowhere', () => {
      const state = readFileSync(join(directory, 'terraform.dev-uni-dev.tfstate.backup'), 'utf8');
      const json = readFileSync(join(workingDirectory(), 'cdk.tf.json'), 'utf8');
      const saved = readFileSync(join(workingDirectory(), 'plan')).toString('latin1');
      expect(state).toContain('triggers_replace');
      for (const text of [...shown, state, json, saved]) expect(text).not.toContain(token);
    });
  },
  ['gitlab', { program: 'terraform' }],
);
