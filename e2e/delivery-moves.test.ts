// From the delivery files() to commit() and back: no file is deleted, and none gets another content.
import { App, TerraformStack } from 'cdktf';
import { join, resolve } from 'node:path';

import { createProject, type TestProject } from '../__tests__/support/gitlab-project';
import { startGitLab, temporaryDirectory, type GitLab } from '../__tests__/support/rig';
import { GitLabProject } from '../lib/constructs/repository/gitlab-project';
import { type IRepositoryDelivery } from '../lib/constructs/repository/i-repository-delivery';
import { RepositoryDelivery } from '../lib/constructs/repository/repository-delivery';
import { StateBackend } from '../lib/constructs/terraform/state-backend';
import { FileTree } from '../lib/model/manifest/file-tree';
import { describeEndToEnd, terraformSettings } from './support/describe';
import { allowOlderProvider } from './support/older-provider';
import { Terraform } from './support/terraform';

const root = resolve(__dirname, '..');
const command = `${join(root, 'node_modules/.bin/tsx')} ${join(root, '__tests__/support/gitlab-flux.ts')}`;

// Bytes: providers of GitLab before 17 take every update of a text for base64.
const files = FileTree.of([
  { path: 'clusters/uni-dev/a.bin', content: Buffer.from([0, 1]) },
  { path: 'clusters/uni-dev/b.bin', content: Buffer.from([0, 2]) },
  { path: 'clusters/uni-dev/seed.yaml', content: '# seed\n', policy: 'seed' },
]);

describeEndToEnd(
  'from one delivery to another',
  () => {
    let gitlab: GitLab;
    let project: TestProject;
    let directory: string;
    let stack: Terraform;

    beforeAll(async () => {
      gitlab = await startGitLab();
      project = await createProject(gitlab, 'fleet', { initialize_with_readme: true });
      directory = temporaryDirectory('moves');
      stack = new Terraform(join(directory, 'cdktf.out/stacks/dev-uni-dev'), join(directory, 'state'), () => ({
        ...process.env,
        GITLAB_TOKEN: gitlab.token,
        TF_CLI_CONFIG_FILE: terraformSettings,
        CHECKPOINT_DISABLE: '1',
      }));
    });

    async function synth(delivery: IRepositoryDelivery): Promise<void> {
      const app = new App({ outdir: join(directory, 'cdktf.out') });
      const made = new TerraformStack(app, 'dev-uni-dev');
      StateBackend.local({ directory }).bind(made);
      const attributes = { path: project.path, url: gitlab.url, delivery };
      GitLabProject.fromPath(made, 'Project', attributes).write(made, files);
      app.synth();
      await stack.init();
      if (delivery.description.startsWith('files')) await allowOlderProvider(stack);
    }

    /** What the commits since some number of them did to files, as Git says it. */
    const changesSince = (count: number): readonly string[] => project.changes(project.messages().length - count);

    test('files() to commit(): one commit that adds the inventory, and a plan that is empty afterwards', async () => {
      await synth(RepositoryDelivery.files());
      await stack.apply();
      await project.commit([{ action: 'update', file_path: 'clusters/uni-dev/seed.yaml', content: 'theirs\n' }]);
      const [before, count] = [project.files(), project.messages().length];
      await synth(RepositoryDelivery.commit({ command, from: 'files' }));
      expect(await stack.apply()).toContain('2 added, 0 changed, 1 destroyed');
      expect(changesSince(count)).toEqual(['A .gitlab/gitops/dev-uni-dev.json']);
      expect(project.files()).toMatchObject(before);
      await stack.planNothing();
      await synth(RepositoryDelivery.commit({ command }));
      await stack.planNothing();
    });

    test('commit() to files(): every file is imported, and no commit changes one', async () => {
      const [before, count] = [project.files(), project.messages().length];
      await synth(RepositoryDelivery.files({ from: 'commit' }));
      expect(await stack.apply()).toContain('3 imported, 1 added, 3 changed, 2 destroyed');
      expect(changesSince(count)).toEqual([]);
      expect(project.files()).toEqual(before);
      await stack.planNothing();
      await synth(RepositoryDelivery.files());
      await stack.planNothing();
    });

    test('and there again', async () => {
      const [before, count] = [project.files(), project.messages().length];
      await synth(RepositoryDelivery.commit({ command, from: 'files' }));
      await stack.apply();
      // It has another owner: the resource whose id it names was made anew.
      expect(changesSince(count)).toEqual(['M .gitlab/gitops/dev-uni-dev.json']);
      expect(Object.keys(project.files())).toEqual(Object.keys(before));
      await stack.planNothing();
    });
  },
  ['gitlabhq/gitlab'],
);
