import { Fn, TerraformStack } from 'cdktf';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ClusterAccess } from '../../lib/constructs/cluster/cluster-access';
import { GitReadCredentialSource } from '../../lib/constructs/flux/git-read-credential';
import { GitLabProject } from '../../lib/constructs/repository/gitlab-project';
import { RepositoryDelivery } from '../../lib/constructs/repository/repository-delivery';
import { expression, functionText } from '../../lib/constructs/terraform/literal';
import { secretVariable } from '../../lib/constructs/terraform/secret-variable';
import { StateBackend } from '../../lib/constructs/terraform/state-backend';
import { TerraformData } from '../../lib/constructs/terraform/terraform-data';
import { ClusterConnection } from '../../lib/model/cluster/cluster-connection';
import { FleetFileError, parseFleet } from '../../lib/model/fleet';
import { FileTree } from '../../lib/model/manifest/file-tree';
import { FleetStacks } from '../../stacks';
import { ROOT } from '../support/example-fleet';
import { describeWithRig, findProgram, temporaryDirectory } from '../support/rig';
import { type Fields, merged, schemaTexts, type SchemaText } from '../support/schema-texts';
import { stackJson, testApp } from '../support/template';

const PROBES = ['${PROBE}%{PROBE}', '$${PROBE}%%{PROBE}'];

/** The texts with a probe that Terraform would not take literally, of keys too. */
function templates(json: unknown): readonly string[] {
  if (typeof json === 'string') return /[$%]\{PROBE/.test(json.replace(/\$\$\{|%%\{/g, '')) ? [json] : [];
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([key, value]) => [...templates(key), ...templates(value)]);
}

const base = {
  project: { url: 'https://gitlab.example.com', path: 'platform/fleet' },
  environments: { dev: {} },
  components: { app: { kustomize: { base: { directory: 'components/fluentd/base' } } } },
};
const connection = { kubeconfig: { context: 'c' } };
const cluster = { environment: 'dev', connection, components: ['app'] };
const version = 'v2.9.4';
const hub = { environment: 'dev', connection, trigger: 'webhook', flux: { type: 'operator', version } };
const spoke = { authentication: { existingSecret: { secretName: 'spoke' } } };

const server = 'https://c.example.com:6443';
const connections = [
  { token: { server } },
  { clientCertificate: { server } },
  { exec: { server, command: 'aws' } },
  { gitLabAgent: { project: 'platform/fleet', agent: 'c' } },
];

/** Fleets of every kind: each text of the schema can be said in one of them. */
const fleets: readonly Fields[] = [
  { ...base, clusters: { c: { ...cluster, flux: { version } } } },
  { ...base, delivery: { type: 'files' }, clusters: { c: { ...cluster, flux: { version } } } },
  { ...base, clusters: { c: { ...cluster, trigger: 'agent', flux: { version } } } },
  {
    ...base,
    clusters: { c: { ...cluster, trigger: 'agent', flux: { version }, agent: { installation: 'terraform' } } },
  },
  {
    ...base,
    clusters: { c: { ...cluster, trigger: { webhook: { url: 'https://flux.example.com' } }, flux: { version } } },
  },
  { ...base, clusters: { c: { ...cluster, trigger: 'pipeline', flux: { version } } } },
  { ...base, clusters: { c: { ...cluster, flux: { type: 'operator', version } } } },
  { ...base, clusters: { c: { ...cluster, flux: { type: 'provider' } } } },
  { ...base, clusters: { hub, c: { ...cluster, hub: 'hub', spoke } } },
  ...connections.map((each) => ({ ...base, clusters: { c: { ...cluster, connection: each, flux: { version } } } })),
];

const FILE = join(ROOT, '__tests__/docs/fixtures/fleet.yaml');

function load(fleet: unknown) {
  return parseFleet(JSON.stringify(fleet), { file: FILE });
}

function isAccepted(fleet: unknown): boolean {
  try {
    load(fleet).files();
    return true;
  } catch (error) {
    if (error instanceof FleetFileError) return false;
    throw error;
  }
}

/** The fleet with a text in it, and with the component that it is of on the cluster. */
function fleetWith(fleet: Fields, { fleetWith: part }: SchemaText, text: string): unknown {
  const added = part(text);
  const deployed = 'components' in added ? { clusters: { c: { components: ['app', 'probe'] } } } : {};
  return merged(merged(fleet, added), deployed);
}

interface Probe {
  readonly fleet: Fields;
  readonly text: SchemaText;
  readonly probe: string;
}

/** Fleets with probes of one fleet in them: one fleet if they go together, else those of each half. */
function fleetsOf(probes: readonly Probe[]): readonly unknown[] {
  const [{ fleet }] = probes as [Probe];
  const all = probes.reduce<unknown>((before, { text, probe }) => fleetWith(before as Fields, text, probe), fleet);
  if (probes.length === 1 || isAccepted(all)) return [all];
  const middle = Math.ceil(probes.length / 2);
  return [probes.slice(0, middle), probes.slice(middle)].flatMap(fleetsOf);
}

function synthesized(fleet: unknown): unknown {
  const stacks = new FleetStacks(testApp(), load(fleet));
  return stackJson([stacks.repository, ...stacks.clusters]);
}

describe('a text of the fleet file', () => {
  // What an environment and the defaults say is said of the cluster, and of a component for all of its clusters.
  const texts = schemaTexts().filter(({ path }) => !/^(defaults|environments|components.*\.clusters)\./.test(path));

  test.each(fleets.map((fleet, index) => [index, fleet] as const))('can be said in fleet %i', (_, fleet) => {
    expect(() => load(fleet).files()).not.toThrow();
  });

  // As many texts as go together are in one fleet, because a synthesis takes its time.
  test('reaches Terraform literally, or is refused', () => {
    const taken = new Set<string>();
    const batches = new Map<string, Probe[]>();
    for (const text of texts) {
      // Components are the same in all of them.
      const order = text.path.startsWith('components.') ? [0] : [...fleets.keys()];
      const index = order.find((each) => isAccepted(fleetWith(fleets[each]!, text, text.sample)));
      if (index === undefined) continue;
      const fleet = fleets[index]!;
      for (const template of PROBES) {
        const probe = [template, text.sample + template].find((each) => isAccepted(fleetWith(fleet, text, each)));
        if (probe === undefined) continue;
        taken.add(text.path);
        const batch = `${index} ${template}`;
        batches.set(batch, [...(batches.get(batch) ?? []), { fleet, text, probe }]);
      }
    }
    const together = [...batches.values()].flatMap(fleetsOf);
    expect(together.flatMap((fleet) => templates(synthesized(fleet)))).toEqual([]);
    // Else this test would look at nothing.
    expect(taken.size).toBeGreaterThan(200);
    expect([...taken]).toEqual(expect.arrayContaining(['project.create.description', 'delivery.author.name']));
  }, 600_000);

  test('is no value of CDKTF', () => {
    const description = '${TfToken[TOKEN.0]}';
    const fleet = { ...fleets[0], project: { ...base.project, create: { description } } };
    expect(() => load(fleet)).toThrow('want text without {TfToken[, which CDKTF takes for a value of its own');
  });
});

describe('a text that only TypeScript can say', () => {
  const texts = ['${file("PROBE")}', '%{ if PROBE }', '$${PROBE} %%{PROBE}', 'a "quoted" \\n\nline $(x) ${PROBE}'];

  function stackWith(text: string): TerraformStack {
    const line = text.replaceAll('\n', ' ');
    const stack = new TerraformStack(testApp(), 'stack');
    const project = new GitLabProject(stack, 'Project', {
      path: 'platform/fleet',
      url: 'https://gitlab.example.com',
      description: text,
      settings: { issuesTemplate: text, topics: [text] },
      delivery: RepositoryDelivery.files({ author: { name: line, email: line } }),
    });
    project.write(stack, FileTree.of([{ path: 'a.yaml', content: text }]));
    GitReadCredentialSource.deployToken({ name: text }).bind(stack, project);
    const exec = { server: 'https://c.example.com', command: text, args: [text], env: { A: text } };
    ClusterAccess.of(stack, ClusterConnection.exec(exec));
    new TerraformData(stack, 'Data', {
      input: { texts: { [text]: text }, json: Fn.jsonencode({ text: functionText(text) }) },
      provisioners: [{ type: 'local-exec', command: text, environment: { ID: expression('self.id') } }],
    });
    secretVariable(stack, 'secret', text, { minimumLength: 20 });
    StateBackend.local({ directory: text.replaceAll('/', '') }).bind(stack);
    return stack;
  }

  test.each(texts)('%j is literal wherever it is', (text) => {
    const { stack } = stackJson([stackWith(text)]);
    expect(templates(stack)).toEqual([]);
    expect(JSON.stringify(stack).split('PROBE').length).toBeGreaterThan(15);
    expect(stack!['resource'].terraform_data.Data.provisioner[0]['local-exec'].environment).toEqual({
      ID: '${self.id}',
    });
  });

  describeWithRig(
    'with Terraform',
    () => {
      test.each(texts)('%j comes out as it was', (text) => {
        const directory = temporaryDirectory('terraform');
        const { input } = stackJson([stackWith(text)])['stack']!['resource'].terraform_data.Data;
        const file = {
          output: { input: { value: '${terraform_data.a.input}' } },
          resource: { terraform_data: { a: { input } } },
        };
        writeFileSync(join(directory, 'main.tf.json'), JSON.stringify(file));
        const terraform = (...args: string[]) =>
          execFileSync(findProgram('terraform')!, args, { cwd: directory, encoding: 'utf8', stdio: 'pipe' });
        terraform('init', '-input=false');
        terraform('apply', '-input=false', '-auto-approve');
        const output = JSON.parse(terraform('output', '-json', 'input'));
        expect({ ...output, json: JSON.parse(output.json) }).toEqual({ texts: { [text]: text }, json: { text } });
      });
    },
    [{ program: 'terraform' }],
  );
});
