import { Fn, TerraformOutput, TerraformStack, TerraformVariable, Token, type App } from 'cdktf';
import { Construct } from 'constructs';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { GitLabProject, type GitLabProjectAttributes } from '../../../lib/constructs/repository/gitlab-project';
import { GitLabConnection } from '../../../lib/constructs/repository/gitlab-provider';
import { RepositoryDelivery } from '../../../lib/constructs/repository/repository-delivery';
import { TerraformData } from '../../../lib/constructs/terraform/terraform-data';
import { gitBlobId } from '../../../lib/model/delivery/blob';
import { FileTree, type RepositoryFile } from '../../../lib/model/manifest/file-tree';
import { Template, testApp } from '../../support/template';

const url = 'https://gitlab.example.com';
const tree = (...files: RepositoryFile[]): FileTree => FileTree.of(files);
const text = (path: string, content = path): RepositoryFile => ({ path, content });

describe('GitLabProject', () => {
  let app: App;
  let stack: TerraformStack;

  beforeEach(() => {
    app = testApp();
    stack = new TerraformStack(app, 'dev-uni-dev');
  });

  const found = (rest: Partial<GitLabProjectAttributes> = {}, scope: Construct = stack) =>
    GitLabProject.fromPath(scope, 'Project', { path: 'platform/fleet', url, ...rest });

  describe('fromPath', () => {
    test('knows literal names and needs no provider', () => {
      const project = found({ url: `${url}/` });
      expect(project).toMatchObject({
        path: 'platform/fleet',
        url,
        branch: 'main',
        httpUrl: 'https://gitlab.example.com/platform/fleet.git',
        projectId: 'platform/fleet',
      });
      project.write(stack, tree(text('a.yaml')));
      const json = Template.of(stack).toJSON();
      expect(json['provider']).toBeUndefined();
      expect(json['terraform'].required_providers).toBeUndefined();
      expect(Object.keys(json['resource'])).toEqual(['terraform_data']);
    });

    test.each([
      [{ url: 'gitlab.example.com' }, 'url'],
      [{ url: 'https://user:secret@gitlab.example.com' }, 'url'],
      [{ path: 'fleet' }, 'path'],
      [{ path: '../x' }, 'path'],
      [{ branch: 'a..b' }, 'branch'],
    ])('refuses %j', (rest, prop) => {
      expect(() => found(rest)).toThrow(new RegExp(`^dev-uni-dev/Project: ${prop}: got`));
    });

    test('refuses tokens', () => {
      const variable = new TerraformVariable(stack, 'V', {});
      expect(() => found({ branch: variable.stringValue })).toThrow(/Project: branch: want literal text/);
    });
  });

  describe('that is made', () => {
    const make = (rest = {}) => new GitLabProject(stack, 'Project', { path: 'platform/apps/fleet', url, ...rest });

    test('has settings, a protected branch and a provider without a token', () => {
      make({ settings: { mergeMethod: 'ff' }, branchRules: { push: 'developer' } });
      const template = Template.of(stack);
      expect(template.resource('gitlab_project')).toMatchObject({
        address: expect.stringMatching(/^gitlab_project\.Project_/),
        name: 'fleet',
        path: 'fleet',
        default_branch: 'main',
        visibility_level: 'private',
        merge_method: 'ff',
        lifecycle: { prevent_destroy: true },
      });
      expect(template.dataSources('gitlab_group')).toMatchObject([{ full_path: 'platform/apps' }]);
      expect(template.resource('gitlab_branch_protection')).toMatchObject({
        branch: 'main',
        push_access_level: 'developer',
        merge_access_level: 'maintainer',
        allow_force_push: false,
      });
      expect(template.providers('gitlab')).toEqual([{ base_url: 'https://gitlab.example.com/api/v4/' }]);
    });

    test('is ready before its files; another stack does not refer to it', () => {
      const project = make({ namespaceId: 7 });
      project.write(stack, tree(text('a')));
      const other = new TerraformStack(app, 'other');
      project.write(other, tree(text('b')));
      const commit = Template.of(stack).resources('terraform_data')[0]!;
      expect(commit['depends_on']).toEqual([
        expect.stringMatching(/^gitlab_project\./),
        expect.stringMatching(/^gitlab_branch_protection\./),
        expect.stringMatching(/^terraform_data\..*_Inventory_/),
      ]);
      expect(JSON.stringify(Template.of(other).toJSON())).not.toContain('gitlab_project');
      expect(other.dependencies).toEqual([]);
    });
  });

  describe('claims', () => {
    const writers = () => [new Construct(stack, 'A'), new Construct(new TerraformStack(app, 'other'), 'B')] as const;

    test.each([
      ['a path', 'x/y', 'x/y', 'this one'],
      ['a file that is a directory elsewhere', 'x/y', 'x', 'files below it'],
      ['a file below a file', 'x', 'x/y', 'a file at x'],
    ])('two writers of %s are refused, across stacks', (_, first, second, how) => {
      const [a, b] = writers();
      const project = found();
      project.write(a, tree(text(first)));
      expect(() => found({}, b).write(b, tree(text(second)))).toThrow(
        `other/B: files: got "${second}", want paths of platform/fleet that nobody else writes: dev-uni-dev/A writes ${how}`,
      );
    });

    test('other branches, projects and apps are others', () => {
      found().write(stack, tree(text('x')));
      GitLabProject.fromPath(stack, 'Next', { path: 'platform/fleet', url, branch: 'next' }).write(
        stack,
        tree(text('x')),
      );
      GitLabProject.fromPath(stack, 'Other', { path: 'platform/other', url }).write(stack, tree(text('x')));
      const another = new TerraformStack(testApp(), 'dev-uni-dev');
      found({}, another).write(another, tree(text('x')));
      expect(() => Template.of(stack)).not.toThrow();
    });

    test('the inventory belongs to the delivery', () => {
      found().write(stack, tree(text('x')));
      const [, b] = writers();
      expect(() => found({}, b).write(b, tree(text('.gitlab/gitops/dev-uni-dev.json')))).toThrow(
        /dev-uni-dev\/RepositoryFiles-platform--fleet writes this one/,
      );
    });
  });

  describe('content is literal', () => {
    test.each<[string, (variable: TerraformVariable) => string | Uint8Array]>([
      ['a string', (variable) => `name: ${variable.stringValue}`],
      ['a number', (variable) => `replicas: ${variable.numberValue}`],
      ['a number of a list', (variable) => `ports: [${Token.asNumberList(variable.value)[0]}]`],
      ['a list', (variable) => JSON.stringify({ list: variable.listValue })],
      ['a map', (variable) => JSON.stringify(Token.asStringMap(variable.value))],
      ['a function', (variable) => `sum: ${Token.asNumber(Fn.abs(variable.numberValue))}`],
      ['bytes', (variable) => Buffer.from(variable.stringValue)],
    ])('%s token is refused', (_, make) => {
      const content = make(new TerraformVariable(stack, 'V', {}));
      const error = /^dev-uni-dev\/W: a\.yaml: want literal text/;
      expect(() => found().write(new Construct(stack, 'W'), tree({ path: 'a.yaml', content }))).toThrow(error);
    });

    test('a token in a path is refused', () => {
      const variable = new TerraformVariable(stack, 'V', {});
      const project = found();
      expect(() => project.write(stack, tree(text(`clusters/${variable.stringValue}/x`)))).toThrow(
        /files: want literal/,
      );
      expect(() => project.write(stack, tree(text(`clusters/${variable.numberValue}/x`)))).toThrow(
        /files: want literal/,
      );
    });

    test('numbers that only look like tokens are not', () => {
      expect(() => found().write(stack, tree(text('a', 'x: -1.5e+289, y: 1e+250, z: -3e+200')))).not.toThrow();
    });
  });

  describe('commit()', () => {
    const files = tree(
      text('clusters/${x}/a.yaml', 'a: ${b} %{c}'),
      { path: 'run.sh', content: '#!/bin/sh', executable: true },
      { path: 'gotk-sync.yaml', content: '# seed', policy: 'seed' },
    );

    test('one resource whose trigger maps paths to contents, and one that removes the files', () => {
      const dependable = found({
        delivery: RepositoryDelivery.commit({ command: 'gitlab-flux', onConflict: 'overwrite' }),
      }).write(stack, files);
      new TerraformData(stack, 'After', { dependsOn: [dependable] });
      const [after, commit, inventory] = Template.of(stack).resources('terraform_data');
      expect(commit).toMatchObject({
        address: expect.stringMatching(/RepositoryFiles-platform--fleet_Commit/),
        depends_on: [inventory!.address],
        triggers_replace: {
          project: 'https://gitlab.example.com/platform/fleet',
          branch: 'main',
          files: {
            'clusters/$${x}/a.yaml': gitBlobId('a: ${b} %{c}'),
            'run.sh': `${gitBlobId('#!/bin/sh')} executable`,
            'gotk-sync.yaml': 'seed',
          },
        },
        provisioner: [
          {
            'local-exec': {
              command: 'gitlab-flux push --manifest "gitops-platform--fleet.json"',
              environment: { GITLAB_FLUX_OWNER: `\${${inventory!.address}.id}` },
            },
          },
        ],
      });
      // Terraform would show the whole of 'output' with every change of 'input'.
      expect(commit).not.toHaveProperty('input');
      expect(inventory!['provisioner']).toEqual([
        {
          'local-exec': {
            when: 'destroy',
            command: 'gitlab-flux push --remove',
            environment: { GITLAB_FLUX_MANIFEST: '${self.input}', GITLAB_FLUX_OWNER: '${self.id}' },
          },
        },
      ]);
      expect(JSON.parse(inventory!['input'])).toEqual({
        version: 1,
        url,
        project: 'platform/fleet',
        branch: 'main',
        inventory: 'dev-uni-dev',
        onConflict: 'overwrite',
      });
      expect(inventory).not.toHaveProperty('triggers_replace');
      expect(after!['depends_on']).toEqual([commit!.address]);
    });

    test('collects what is written later, by any construct', () => {
      const project = found();
      project.write(new Construct(stack, 'A'), tree(text('b')));
      project.write(new Construct(stack, 'B'), tree(text('a')));
      const commits = Template.of(stack)
        .resources('terraform_data')
        .filter((each) => each['triggers_replace']);
      expect(commits).toHaveLength(1);
      expect(Object.keys(commits[0]!['triggers_replace'].files)).toEqual(['a', 'b']);
    });

    test('the manifest lies beside the JSON and finds the tree by a relative path', () => {
      found({ delivery: RepositoryDelivery.commit({ message: { skipCi: true } }) }).write(stack, files);
      const { directory } = Template.of(stack);
      const manifest = JSON.parse(readFileSync(join(directory, 'gitops-platform--fleet.json'), 'utf8'));
      expect(manifest).toMatchObject({ tree: '../../repository/platform/fleet', message: { skipCi: true } });
      for (const [path, { blob }] of Object.entries<{ blob: string }>(manifest.files)) {
        expect(gitBlobId(readFileSync(join(directory, manifest.tree, path)))).toBe(blob);
      }

      expect(manifest.files['run.sh']).toEqual({ blob: gitBlobId('#!/bin/sh'), executable: true });
    });

    test('brings the files by a merge request on request, from a branch that every stack has for itself', () => {
      const mergeRequest = { labels: ['fleet'], wait: '10m' };
      found({ delivery: RepositoryDelivery.commit({ mergeRequest }) }).write(stack, files);
      const template = Template.of(stack);
      const manifest = JSON.parse(readFileSync(join(template.directory, 'gitops-platform--fleet.json'), 'utf8'));
      const expected = { sourceBranch: 'gitlab-flux/main/dev-uni-dev', ...mergeRequest };
      expect(manifest.mergeRequest).toEqual(expected);
      // The removal knows nothing but the state.
      const inventory = template.resources('terraform_data').find(({ address }) => address.includes('Inventory'))!;
      expect(JSON.parse(inventory['input']).mergeRequest).toEqual(expected);
    });

    test.each([
      [{ author: { name: '', email: 'a@example.com' } }, 'author.name: got ""'],
      [{ message: { subject: 'two\nlines' } }, 'message.subject: got "two\\nlines", want one line'],
      [{ mergeRequest: { labels: ['a', 'b,c'] } }, 'mergeRequest.labels[1]: got "b,c", want a text without commas'],
      [{ mergeRequest: { wait: '1d' } }, 'mergeRequest.wait: got "1d", want a duration'],
    ])('refuses %j', (options, message) => {
      expect(() => RepositoryDelivery.commit(options)).toThrow(message);
    });

    test("from 'files' forgets their resources and keeps the provider that Terraform wants for that", () => {
      found({ delivery: RepositoryDelivery.files() }).write(stack, files);
      const before = Template.of(stack).resources('gitlab_repository_file');
      const next = new TerraformStack(testApp(), 'dev-uni-dev');
      found({ delivery: RepositoryDelivery.commit({ from: 'files' }) }, next).write(next, files);
      const template = Template.of(next);
      expect(template.toJSON()['removed']).toEqual(
        expect.arrayContaining(before.map(({ address }) => ({ from: address, lifecycle: { destroy: false } }))),
      );
      expect(template.toJSON()['removed']).toHaveLength(before.length);
      expect(template.providers('gitlab')).toHaveLength(1);
      expect(template.resources('gitlab_repository_file')).toEqual([]);
    });

    test('keeps the files on destroy on request', () => {
      found({ delivery: RepositoryDelivery.commit({ onDestroy: 'keep' }) }).write(stack, files);
      const [commit, inventory] = Template.of(stack).resources('terraform_data');
      expect(commit!['depends_on']).toEqual([inventory!.address]);
      expect(inventory).not.toHaveProperty('provisioner');
    });
  });

  describe('files()', () => {
    const delivery = RepositoryDelivery.files({ skipCi: true, overwriteOnCreate: true });

    test('a resource per file, escaped, with its mode and encoding', () => {
      found({ delivery }).write(
        stack,
        tree(
          text('clusters/${x}/a.yaml', 'a: ${b} %{c} $'),
          { path: '1.sh', content: '#', executable: true },
          { path: 'chart.tgz', content: Buffer.from([0, 255]) },
          { path: 'text-in-bytes', content: Buffer.from('ü') },
          { path: 'seed', content: '#', policy: 'seed' },
        ),
      );
      const resources = Template.of(stack).resources('gitlab_repository_file');
      const at = (path: string) => resources.find((each) => each['file_path'] === path);
      expect(at('clusters/$${x}/a.yaml')).toMatchObject({
        address: expect.stringMatching(/^gitlab_repository_file\.clusters-x-a-yaml-[0-9a-f]{12}$/),
        project: 'platform/fleet',
        branch: 'main',
        content: 'a: $${b} %%{c} $',
        encoding: 'text',
        overwrite_on_create: true,
        update_commit_message: 'Update clusters/$${x}/a.yaml [skip ci]',
        timeouts: { create: '10m', update: '10m', delete: '10m' },
      });
      expect(at('1.sh')).toMatchObject({
        execute_filemode: true,
        address: expect.stringMatching(/\.sh-[0-9a-f]{12}$/),
      });
      expect(at('chart.tgz')).toMatchObject({ content: 'AP8=', encoding: 'base64' });
      expect(at('text-in-bytes')).toMatchObject({ content: 'ü', encoding: 'text' });
      expect(at('seed')).not.toHaveProperty('overwrite_on_create');
      expect(at('seed')).toMatchObject({
        lifecycle: { ignore_changes: ['content', 'encoding', 'execute_filemode'] },
      });
    });

    test("from 'commit' imports what is there", () => {
      const project = found({ delivery: RepositoryDelivery.files({ from: 'commit' }) });
      project.write(stack, tree(text('clusters/${x}/a.yaml')));
      project.write(stack, tree(text('b')));
      const template = Template.of(stack);
      const [b, a] = template.resources('gitlab_repository_file').map(({ address }) => address);
      expect(template.toJSON()['import']).toEqual([
        { to: a, id: 'platform/fleet:main:clusters/$${x}/a.yaml' },
        { to: b, id: 'platform/fleet:main:b' },
      ]);
    });

    test('refuses a timeout that Terraform would refuse', () => {
      expect(() => RepositoryDelivery.files({ timeout: '10 minutes' })).toThrow('timeout: got "10 minutes"');
    });

    test('addresses depend on paths alone, and differ for paths that read the same', () => {
      const paths = ['a/b', 'a--b', 'a-/b', 'a/-b', 'a.b', 'a_b', 'A/b', '.a/b', '-a'];
      const addresses = (order: readonly string[], scope: (stack: TerraformStack) => Construct) => {
        const another = new TerraformStack(testApp(), 'dev-uni-dev');
        const project = found({ delivery }, another);
        for (const path of order) project.write(scope(another), tree(text(path)));
        return Template.of(another).addresses;
      };
      const one = addresses(paths, (another) => another);
      const two = addresses(
        [...paths].reverse(),
        (another) => new Construct(another, `W${another.node.children.length}`),
      );
      expect(one).toEqual(two);
      expect(one).toHaveLength(paths.length + 1);
      for (const address of one) expect(address).toMatch(/^[a-z_]+\.[A-Za-z_][\w-]*$/);
    });

    test('what others depend on comes after all files', () => {
      const project = found({ delivery });
      const dependable = project.write(stack, tree(text('a')));
      expect(project.write(stack, tree(text('b')))).toBe(dependable);
      new TerraformOutput(stack, 'o', { value: 'x', dependsOn: [dependable] });
      const template = Template.of(stack);
      expect(template.resource('terraform_data')['depends_on']).toEqual(
        template.resources('gitlab_repository_file').map(({ address }) => address),
      );
    });
  });

  describe('disowned paths', () => {
    test('commit() tells the push, in an order of their own', () => {
      const project = found();
      project.write(stack, tree(text('a.yaml')));
      project.disown(stack, ['z.yaml', 'b.yaml']);
      const [commit] = Template.of(stack).resources('terraform_data');
      expect(commit?.['triggers_replace']).toMatchObject({ released: ['b.yaml', 'z.yaml'] });
      app.synth();
      const directory = join(app.outdir, 'stacks/dev-uni-dev');
      const name = readdirSync(directory).find((each) => each.startsWith('gitops-'))!;
      expect(JSON.parse(readFileSync(join(directory, name), 'utf8')).released).toEqual(['b.yaml', 'z.yaml']);
    });

    test('files() forgets their resources without destroying them', () => {
      const project = found({ delivery: RepositoryDelivery.files() });
      project.write(stack, tree(text('a.yaml')));
      const { address } = Template.of(stack).resource('gitlab_repository_file');
      project.disown(stack, ['b.yaml']);
      project.disown(stack, ['c.yaml']);
      expect(Template.of(stack).toJSON()['removed']).toEqual(
        ['b-yaml', 'c-yaml'].map((slug) => ({
          from: expect.stringMatching(new RegExp(`^gitlab_repository_file\\.${slug}-[0-9a-f]{12}$`)),
          lifecycle: { destroy: false },
        })),
      );
      expect(address).toMatch(/^gitlab_repository_file\.a-yaml-[0-9a-f]{12}$/);
    });

    test('nobody in the program writes them', () => {
      const project = found();
      project.write(stack, tree(text('a.yaml')));
      expect(() => project.disown(stack, ['a.yaml'])).toThrow('dev-uni-dev writes this one');
    });
  });

  test('tree() writes the tree and nothing else', () => {
    const dependable = found({ delivery: RepositoryDelivery.tree() }).write(stack, tree(text('a/b', 'x')));
    expect(dependable.fqn).toBeDefined();
    const template = Template.of(stack);
    expect(readFileSync(join(template.directory, '../../repository/platform/fleet/a/b'), 'utf8')).toBe('x');
    expect(template.resource('terraform_data')).toEqual({
      '//': expect.anything(),
      address: expect.anything(),
      depends_on: [],
    });
  });

  test('two deliveries to one project in one stack are refused', () => {
    found().write(stack, tree(text('a')));
    const other = GitLabProject.fromPath(stack, 'Other', {
      path: 'platform/fleet',
      url,
      delivery: RepositoryDelivery.files(),
    });
    expect(() => other.write(stack, tree(text('b')))).toThrow(
      'dev-uni-dev: delivery: got "files({})", want commit({})',
    );
  });

  test('a synth leaves nothing of earlier ones in the tree, and joins the trees of stacks', () => {
    const written = (...paths: string[]) => {
      const fresh = testApp();
      Object.defineProperty(fresh, 'outdir', { value: app.outdir });
      paths.forEach((path, i) => {
        const each = new TerraformStack(fresh, `s${i}`);
        found({ delivery: RepositoryDelivery.tree() }, each).write(each, tree(text(path)));
      });
      fresh.synth();
      return readdirSync(join(app.outdir, 'repository/platform/fleet')).sort();
    };
    expect(written('a', 'b')).toEqual(['a', 'b']);
    expect(written('b', 'c')).toEqual(['b', 'c']);
    expect(existsSync(join(app.outdir, 'repository/platform/fleet/a'))).toBe(false);
  });

  describe('GitLabConnection', () => {
    test('one provider per stack and address, the further ones with an alias', () => {
      const connection = GitLabConnection.of(stack, url);
      expect(GitLabConnection.of(new Construct(stack, 'X'), url).provider).toBe(connection.provider);
      GitLabConnection.of(stack, 'https://git.example.org:8443');
      new GitLabProject(stack, 'P', { path: 'a/b', url, namespaceId: 1 });
      expect(Template.of(stack).providers('gitlab')).toEqual([
        { base_url: 'https://gitlab.example.com/api/v4/' },
        { base_url: 'https://git.example.org:8443/api/v4/', alias: 'git-example-org-8443' },
      ]);
    });
  });
});
