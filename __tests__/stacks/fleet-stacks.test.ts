import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { AgentDefinition } from '../../lib/model/agent/agent-definition';
import { Cluster } from '../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../lib/model/cluster/cluster-connection';
import { SpokeAuthentication } from '../../lib/model/cluster/spoke-authentication';
import { Trigger } from '../../lib/model/cluster/trigger';
import { FleetFileError } from '../../lib/model/fleet';
import { type FleetDefinition, fleetFiles } from '../../lib/model/fleet/definition/fleet-definition';
import { FluxInstallation } from '../../lib/model/installation/flux-installation';
import { ClusterStack, FleetStacks } from '../../stacks';
import { examplePlan, fleetOf } from '../support/fleets';
import { stackJson, Template, testApp } from '../support/template';

function stacksOf(definition: FleetDefinition = fleetOf(examplePlan)) {
  const app = testApp();
  const { repository, clusters } = new FleetStacks(app, definition);
  return { app, repository, clusters };
}

function jsonOf(definition?: FleetDefinition) {
  const { repository, clusters } = stacksOf(definition);
  return stackJson([repository, ...clusters]);
}

const blocks = (stack: any, type: string): any[] => Object.values(stack.resource?.[type] ?? {});

describe('FleetStacks', () => {
  test('has a stack for the repository and one for each cluster, in the order of the definition', () => {
    const { repository, clusters } = stacksOf();
    expect(repository.node.id).toBe('repository');
    expect(clusters.map(({ node }) => node.id)).toEqual(['dev-uni-dev', 'dev-campus-dev', 'prod-uni-prod']);
  });

  test('no stack refers to another', () => {
    const { app, repository, clusters } = stacksOf();
    stackJson([repository, ...clusters]);
    const manifest = JSON.parse(readFileSync(join(app.outdir, 'manifest.json'), 'utf8'));
    for (const { dependencies } of Object.values<any>(manifest.stacks)) expect(dependencies).toEqual([]);
    const text = JSON.stringify(jsonOf());
    expect(text).not.toContain('terraform_remote_state');
    expect(text).not.toContain('cross-stack-output');
  });

  test('refuses a hub whose agent does not see the sources of its spokes', () => {
    const definition = fleetOf(examplePlan);
    const trigger = Trigger.agent();
    const [one] = definition.clusters;
    const { connection, environment } = one!.cluster;
    const hub = {
      cluster: new Cluster({ name: 'hub', environment, connection, trigger }),
      flux: FluxInstallation.operator({ version: 'v2.9.4' }),
      agent: new AgentDefinition(),
    };
    const authentication = SpokeAuthentication.existingSecret({ secretName: 'mine' });
    const shop = {
      cluster: new Cluster({
        name: 'shop',
        environment,
        connection: ClusterConnection.kubeconfig({ context: 'shop' }),
        trigger,
      }),
      flux: FluxInstallation.spoke({ hub, authentication }),
    };
    expect(() => stacksOf({ ...definition, clusters: [hub, shop] })).toThrow(
      'want a hub with `agent: { sources: cluster }`',
    );
  });

  test('the stacks write what fleetFiles() says, each its own', () => {
    const definition = fleetOf(examplePlan);
    const { app, repository, clusters } = stacksOf(definition);
    stackJson([repository, ...clusters]);
    for (const { stack, files } of fleetFiles(definition)) {
      const manifest = JSON.parse(
        readFileSync(resolve(app.outdir, 'stacks', stack, 'gitops-platform--fleet.json'), 'utf8'),
      );
      expect(Object.keys(manifest.files)).toEqual(files.paths);
      for (const { path, content } of files) {
        expect(readFileSync(join(app.outdir, 'repository/platform/fleet', path), 'utf8')).toBe(content);
      }
    }
  });

  test('the jobs for clusters with the trigger pipeline are there without being asked for, and only for them', () => {
    const jobs = ['.gitlab-ci.yml', '.gitlab/flux/apply-changed.gitlab-ci.yml', '.gitlab/flux/apply-changed.sh'];
    const written = (definition: FleetDefinition): string[] => {
      const { app, repository } = stacksOf(definition);
      stackJson([repository]);
      const path = resolve(app.outdir, 'stacks/repository/gitops-platform--fleet.json');
      return Object.keys(JSON.parse(readFileSync(path, 'utf8')).files).filter((each) => each.startsWith('.gitlab'));
    };
    const definition = fleetOf(examplePlan);
    expect(written(definition)).toEqual(jobs);
    const others = definition.clusters.filter(({ cluster }) => cluster.trigger.type !== 'pipeline');
    expect(written({ ...definition, clusters: others })).toEqual([]);
  });

  test('a cluster has the providers for it alone, and none for GitLab with the delivery commit()', () => {
    const json = jsonOf();
    expect(json['dev-uni-dev']!['provider']).toEqual({
      kubernetes: [{ config_path: '~/.kube/config', config_context: 'uni-dev' }],
      helm: [{ kubernetes: { config_path: '~/.kube/config', config_context: 'uni-dev' } }],
    });
    expect(json['repository']!['provider']).toBeUndefined();
  });

  test('the versions of the providers are those that were tried', () => {
    expect(jsonOf()['dev-uni-dev']!['terraform'].required_providers).toEqual({
      kubernetes: { source: 'kubernetes', version: '2.38.0' },
      helm: { source: 'helm', version: '3.1.1' },
    });
  });

  describe('the state', () => {
    test('is by default a file per stack, by a relative path', () => {
      for (const [name, stack] of Object.entries(jsonOf())) {
        expect(stack['terraform'].backend.local.path).toMatch(new RegExp(`^\\.\\./.*/terraform\\.${name}\\.tfstate$`));
      }
    });

    test('can be with GitLab', () => {
      const json = jsonOf({
        ...fleetOf(examplePlan),
        state: { type: 'gitlab', url: 'https://gitlab.example.com', project: 'platform/infra' },
      });
      expect(json['prod-uni-prod']!['terraform'].backend.http.address).toBe(
        'https://gitlab.example.com/api/v4/projects/platform%2Finfra/terraform/state/prod-uni-prod',
      );
    });
  });

  describe('the delivery', () => {
    test.each([
      ['commit', 'terraform_data', 2],
      ['files', 'terraform_data', 1],
      ['tree', 'terraform_data', 1],
    ] as const)('%s', (type, resource, count) => {
      const json = jsonOf(fleetOf(examplePlan, { delivery: { type } }));
      for (const stack of Object.values(json)) {
        expect(blocks(stack, resource)).toHaveLength(count);
        expect(blocks(stack, 'gitlab_repository_file').length > 0).toBe(type === 'files');
      }
    });

    test('commit, which leaves the files in Git', () => {
      const json = jsonOf(fleetOf(examplePlan, { delivery: { type: 'commit', onDestroy: 'keep' } }));
      for (const each of blocks(json['dev-uni-dev'], 'terraform_data')) {
        expect(JSON.stringify(each)).not.toContain('destroy');
      }
    });
  });

  describe('the repository', () => {
    test('is made when the fleet says so, before its files', () => {
      const definition = fleetOf(examplePlan);
      const { repository } = stacksOf({
        ...definition,
        project: { ...definition.project, create: { visibility: 'internal', description: 'GitOps' } },
      });
      const template = Template.of(repository);
      expect(template.resource('gitlab_project')).toMatchObject({
        path: 'fleet',
        visibility_level: 'internal',
        description: 'GitOps',
        lifecycle: { prevent_destroy: true },
      });
      const commit = template.resources('terraform_data').find(({ address }) => address.includes('Commit'))!;
      expect(commit['depends_on']).toContain(template.resource('gitlab_project').address);
      expect(commit['depends_on']).toContain(template.resource('gitlab_branch_protection').address);
    });
  });

  describe('a cluster', () => {
    test('is installed as its definition says', () => {
      const json = jsonOf(
        fleetOf(examplePlan, {
          flux: {
            version: 'v2.8.1',
            removalPolicy: 'delete',
            tokenRevision: 4,
            readCredential: { type: 'variables', revision: 6 },
            deadline: '10m',
          },
        }),
      );
      const stack = json['dev-uni-dev'];
      const [release] = blocks(stack, 'helm_release');
      expect(release.values).toContain('image: ghcr.io/fluxcd/flux-cli:v2.8.1\n');
      expect(release.values).toContain('uninstall:\n  removalPolicy: delete\n');
      expect(release.timeout).toBe(720);
      const revisions = blocks(stack, 'kubernetes_secret_v1').map(({ metadata, data_wo_revision: revision }) => [
        metadata.name,
        revision,
      ]);
      expect(Object.fromEntries(revisions)).toMatchObject({ 'flux-bootstrap-token': 4, 'flux-system': 6 });
    });

    test('may read Git with a deploy token that Terraform creates', () => {
      const json = jsonOf(
        fleetOf(examplePlan, { flux: { readCredential: { type: 'deploy-token', expiresAt: '2027-06-30T00:00:00Z' } } }),
      );
      expect(blocks(json['dev-uni-dev'], 'gitlab_project_deploy_token')).toMatchObject([
        { project: 'platform/fleet', expires_at: '2027-06-30T00:00:00Z', name: 'Flux dev-uni-dev' },
      ]);
    });

    test('says at synth what is doubtful about an agent of somebody else', () => {
      const { project, clusters } = fleetOf(examplePlan);
      const { cluster, flux } = clusters[0]!;
      const { name, environment, connection } = cluster;
      const trigger = Trigger.webhook({ url: 'https://flux.example.com' });
      const agent = AgentDefinition.existing({ name: 'shared' });
      const definition = { cluster: new Cluster({ name, environment, connection, trigger }), flux, agent };
      const stack = new ClusterStack(testApp(), 'dev-uni-dev', { project, definition });
      expect(stack.node.findChild('Agent').node.metadata).toMatchObject([
        { type: '@cdktf/warn', data: expect.stringContaining('agent "shared" tells Flux') as string },
      ]);
    });

    test('can stand in an app of its own', () => {
      const { project, clusters } = fleetOf(examplePlan);
      const stack = new ClusterStack(testApp(), 'mine', { project, definition: clusters[0]! });
      expect(Template.of(stack).addresses.filter((address) => address.startsWith('helm_release'))).toHaveLength(3);
    });
  });

  describe('refuses', () => {
    test('clusters of one name, before anything is made', () => {
      const definition = fleetOf(examplePlan);
      const app = testApp();
      const clusters = [...definition.clusters, definition.clusters[0]!];
      expect(() => new FleetStacks(app, { ...definition, clusters })).toThrow(/^fleet: clusters: got "uni-dev"/);
      expect(app.node.children).toEqual([]);
    });
  });

  describe('fromFile', () => {
    const directory = mkdtempSync(join(tmpdir(), 'fleet-'));
    afterAll(() => rmSync(directory, { recursive: true, force: true }));

    test('reads a fleet', () => {
      const { repository, clusters } = FleetStacks.fromFile(testApp(), join(__dirname, '../../fleet.yaml'));
      expect(clusters.map(({ node }) => node.id)).toContain('dev-uni-dev');
      const json = stackJson([repository, ...clusters]);
      // Flux and its root; and with the trigger agent its namespace and what removes it.
      const releases = blocks(json['dev-uni-dev'], 'helm_release').map(({ name }) => name);
      expect(releases.sort()).toEqual([
        'flux-cli',
        'flux-git-root',
        'flux-root',
        'gitlab-agent-namespace',
        'gitlab-agent-removal',
      ]);
      expect(blocks(json['dev-uni-dev'], 'gitlab_cluster_agent')).toHaveLength(1);
      expect(blocks(json['prod-uni-prod'], 'gitlab_cluster_agent')).toHaveLength(0);
    });

    test('says where a mistake is that only the layout sees', () => {
      const file = join(directory, 'layout.yaml');
      writeFileSync(
        file,
        `project: { url: https://gitlab.example.com, path: platform/fleet }
environments: { dev: { flux: { version: v2.9.4 } } }
components:
  a:
    kustomize:
      base: { inRepository: true }
      serviceAccount: { name: x }
clusters:
  c:
    environment: dev
    trigger: pipeline
    connection: { kubeconfig: { context: c } }
    components: [a]
`,
      );
      expect(() => FleetStacks.fromFile(testApp(), file)).toThrow(
        /layout\.yaml:7:\d+: .*serviceAccount.* want false, with an account that exists in flux-system/,
      );
    });

    test('as a program prints mistakes in lines, and fails', () => {
      const file = join(directory, 'wrong.yaml');
      writeFileSync(file, 'project: { url: x, path: a/b }\nenvironments: {}\nclusters: { a: { environment: dev } }\n');
      const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
      try {
        FleetStacks.synth(file);
        const text = write.mock.calls.map(([chunk]) => String(chunk)).join('');
        expect(text).toMatch(
          /^error: .*wrong\.yaml:1:17: project\.url: .*\nerror: .*wrong\.yaml:3:31: clusters\.a\.env.*\n$/,
        );
        expect(process.exitCode).toBe(1);
      } finally {
        write.mockRestore();
        process.exitCode = 0;
      }
    });

    test('says where a mistake is', () => {
      const file = join(directory, 'fleet.yaml');
      writeFileSync(
        file,
        readFileSync(join(__dirname, '../../fleet.yaml'), 'utf8').replace(/^clusters:/m, 'clustres:'),
      );
      const app = testApp();
      expect(() => FleetStacks.fromFile(app, file)).toThrow(FleetFileError);
      expect(() => FleetStacks.fromFile(app, file)).toThrow(/fleet\.yaml:\d+:\d+.*clustres/s);
      expect(app.node.children).toEqual([]);
    });
  });
});
