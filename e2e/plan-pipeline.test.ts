import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createProject } from '../__tests__/support/gitlab-project';
import { PackageRegistry } from '../__tests__/support/package-registry';
import { describeWithRig, findProgram, type GitLab, startGitLab, temporaryDirectory } from '../__tests__/support/rig';
import { PlanProject, type Stacks } from './support/plan-project';

const NOTE = { GITLAB_FLUX_NOTE_TOKEN: 'note-token' };
const PASSWORD = 'canary-password';

describeWithRig(
  'a repository with infrastructure and its pipeline',
  () => {
    // Each pipeline is a dozen programs, one after the other.
    jest.setTimeout(600_000);
    let gitlab: GitLab;
    let registry: PackageRegistry;
    let project: PlanProject;
    let stacks: Stacks = {
      repository: { version: 'v1' },
      'dev-a': { version: 'v1', password: '${var.password}' },
      'prod-b': { version: 'v1' },
    };

    beforeAll(async () => {
      gitlab = await startGitLab();
      registry = await PackageRegistry.start(gitlab.token);
      await createProject(gitlab, 'infrastructure');
      project = new PlanProject(gitlab, registry, { note: true });
      // A branch that no program is on yet.
      project.commit({}, 'Begin');
    });
    afterAll(() => registry.stop());

    const variables = { ...NOTE, TF_VAR_password: PASSWORD };
    const mergeRequest = () => project.mergeRequest(variables);
    const deploy = () => project.deploy(variables);

    /** Changes one stack on a branch of its own. */
    function change(stack: string, values: Stacks[string]) {
      project.branch('change');
      project.commit({ ...stacks, [stack]: { ...stacks[stack], ...values } }, `Change ${stack}`);
    }

    /** Brings what the branch holds to main. */
    function merge(stack: string, values: Stacks[string]) {
      stacks = { ...stacks, [stack]: { ...stacks[stack], ...values } };
      project.branch('main');
      project.commit(stacks, 'Merge');
    }

    const address = (stack: string) => `${gitlab.api}/projects/platform%2Finfrastructure/terraform/state/${stack}`;
    const headers = () => ({ authorization: `Bearer ${gitlab.token}`, 'content-type': 'application/json' });

    /** Version that a stack was applied with; nothing before the first apply. */
    async function versionOf(stack: string): Promise<string | undefined> {
      const response = await fetch(address(stack), { headers: headers() });
      if (!response.ok || response.status === 204) return undefined;
      const { resources } = (await response.json()) as any;
      return resources[0]?.instances[0].attributes.input.value.version as string | undefined;
    }

    /** Somebody applies another version of a stack, past the pipeline. */
    function applyOutside(stack: string, version: string) {
      const directory = join(temporaryDirectory('outside'), 'stack');
      mkdirSync(directory);
      const json = JSON.parse(project.file(`cdktf.out/stacks/${stack}/cdk.tf.json`));
      json.resource.terraform_data.Release.input.version = version;
      writeFileSync(join(directory, 'cdk.tf.json'), JSON.stringify(json));
      const credentials = { TF_HTTP_USERNAME: 'root', TF_HTTP_PASSWORD: gitlab.token, TF_VAR_password: PASSWORD };
      const options = { cwd: directory, env: { ...process.env, ...credentials }, stdio: 'pipe' as const };
      execFileSync(findProgram('terraform')!, ['init', '-input=false'], options);
      execFileSync(findProgram('terraform')!, ['apply', '-input=false', '-auto-approve'], options);
    }

    const review = () => project.file('.gitlab-flux/review.md');
    const planned = (output: string) =>
      [...new Set([...output.matchAll(/plan ([a-z-]+) +starting/g)].map(([, name]) => name))].sort();

    test('plans everything where nothing is to compare with, applies what was reviewed, and waits with production', async () => {
      project.branch('change');
      project.commit(stacks, 'Describe three stacks');
      const { output } = await mergeRequest();
      expect(planned(output)).toEqual(['dev-a', 'prod-b', 'repository']);
      expect(review()).toContain('**3 of 3 stacks changed**; 3 to create, 0 to update, 0 to delete.');
      expect(JSON.parse(project.file('.gitlab-flux/widgets/dev-a.json'))).toEqual({ create: 1, update: 0, delete: 0 });
      project.branch('main');
      project.commit(stacks, 'Merge');
      const deployed = await deploy();
      expect(deployed.output).toContain('dev-a: as reviewed');
      expect(deployed.output).toContain('waits for a person, because it is production');
      expect([await versionOf('repository'), await versionOf('dev-a'), await versionOf('prod-b')]).toEqual([
        'v1',
        'v1',
        undefined,
      ]);
      expect(deployed.output.indexOf('apply repository')).toBeLessThan(deployed.output.indexOf('apply dev-a'));
      expect((await project.start('apply prod-b', variables)).code).toBe(0);
      expect(await versionOf('prod-b')).toBe('v1');
    });

    test('plans and applies only what changed, and updates the note', async () => {
      change('dev-a', { version: 'v2' });
      expect(planned((await mergeRequest()).output)).toEqual(['dev-a']);
      expect(review()).toContain('~ terraform_data.Release\n    input.version: "v1" → "v2"');
      expect(registry.notes.map(({ body }) => body)).toEqual([`<!-- gitlab-flux plan 1 -->\n${review()}`]);
      merge('dev-a', { version: 'v2' });
      expect(planned((await deploy()).output)).toEqual(['dev-a']);
      expect(await versionOf('dev-a')).toBe('v2');
    });

    test('hands on neither secrets nor plans', () => {
      const below = (directory: string): string[] =>
        readdirSync(join(project.directory, directory), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name));
      const files = below('.gitlab-flux');
      expect(files.length).toBeGreaterThan(3);
      for (const text of [
        ...files.map((file) => readFileSync(file, 'utf8')),
        ...registry.files.values(),
        ...registry.notes.map(({ body }) => body),
      ]) {
        expect(text).not.toContain(PASSWORD);
        expect(text).not.toContain('format_version');
      }
    });

    test('fails with a plan that fails, and reviews the others', async () => {
      project.branch('change');
      project.commit({ ...stacks, 'dev-a': { refuse: true }, repository: { version: 'v2' } }, 'Break dev-a');
      const { output } = await mergeRequest();
      expect(output).toMatch(/FAIL.*plan dev-a/);
      expect(output).toContain('no-such-file');
      expect(review()).toContain(
        '**2 of 3 stacks changed**; 0 to create, 1 to update, 0 to delete; **1 plan failed**.',
      );
      project.branch('main');
    });

    test('waits for a person when the plan has changed after the review, and shows both', async () => {
      change('dev-a', { version: 'v3' });
      await mergeRequest();
      applyOutside('dev-a', 'hotfix');
      merge('dev-a', { version: 'v3' });
      const { output } = await deploy();
      expect(output).toContain('dev-a: waits for a person, because the plan has changed since');
      expect(output).toContain('-    input.version: "v2" → "v3"');
      expect(output).toContain('+    input.version: "hotfix" → "v3"');
      expect(await versionOf('dev-a')).toBe('hotfix');
      expect((await project.start('apply dev-a', variables)).code).toBe(0);
      expect(await versionOf('dev-a')).toBe('v3');
    });

    test('applies nothing when the plan has changed since it was shown', async () => {
      change('prod-b', { version: 'v2' });
      await mergeRequest();
      merge('prod-b', { version: 'v2' });
      await deploy();
      applyOutside('prod-b', 'hotfix');
      const { code, output } = await project.start('apply prod-b', variables);
      expect(code).not.toBe(0);
      expect(output).toContain('the plan is no longer the one that was shown, so nothing is applied');
      expect(await versionOf('prod-b')).toBe('hotfix');
    });

    test('plans without the lock of a state, and applies nothing without it', async () => {
      const lock = JSON.stringify({
        ID: '1',
        Operation: 'apply',
        Who: 'somebody',
        Version: '1',
        Created: '2026-01-01T00:00:00Z',
        Path: '',
        Info: '',
      });
      await fetch(`${address('dev-a')}/lock`, { method: 'POST', headers: headers(), body: lock });
      change('dev-a', { version: 'v4' });
      await mergeRequest();
      expect(review()).toContain('input.version: "v3" → "v4"');
      merge('dev-a', { version: 'v4' });
      expect((await deploy()).output).toContain('Error acquiring the state lock');
      expect(await versionOf('dev-a')).toBe('v3');
      await fetch(`${address('dev-a')}/lock`, { method: 'DELETE', headers: headers(), body: lock });
      await deploy();
      expect(await versionOf('dev-a')).toBe('v4');
    });

    test('finds at night what somebody changed past the pipeline', async () => {
      applyOutside('dev-a', 'hotfix');
      const { output } = await project.nightly(variables);
      // What production waits for is not applied yet, so it is no drift.
      expect(output).toContain('not applied yet, so no drift: prod-b');
      expect(output).toContain('error: drift: dev-a');
      expect(project.file('.gitlab-flux/drift.md')).toContain('input.version: "hotfix" → "v4"');
    });
  },
  ['gitlab', { program: 'terraform' }],
);
