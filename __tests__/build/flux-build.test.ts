// The real one: `flux build kustomization` builds and substitutes with the code of kustomize-controller.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { buildFleet } from '../../lib/build/build-fleet';
import { BuildCache } from '../../lib/build/cache/build-cache';
import { findPrograms } from '../../lib/build/programs/find-programs';
import { type FleetFile, parseFleet } from '../../lib/model/fleet';
import { type KubernetesObject } from '../../lib/model/manifest/kubernetes-object';
import { parseObjects } from '../../lib/model/manifest/yaml';
import { realPrograms } from '../support/build-programs';
import { EXAMPLE, EXAMPLE_TEXT } from '../support/example-fleet';
import { describeWithRig, findProgram } from '../support/rig';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'flux-build-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const write = (path: string, content: string | Uint8Array): string => {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
};

/** What Flux adds to everything that it applies. */
const withoutOwner = (object: KubernetesObject): KubernetesObject => {
  const { labels = {}, ...metadata } = object.metadata;
  const own = Object.entries(labels).filter(([name]) => !/^kustomize\.toolkit\.fluxcd\.io\/name(space)?$/.test(name));
  return { ...object, metadata: { ...metadata, ...(own.length > 0 && { labels: Object.fromEntries(own) }) } };
};

/** flux shows what it sorted by kind. */
const sorted = (objects: readonly KubernetesObject[]): readonly KubernetesObject[] => {
  const key = ({ kind, metadata }: KubernetesObject): string => `${kind} ${metadata.namespace ?? ''} ${metadata.name}`;
  return [...objects].sort((a, b) => (key(a) < key(b) ? -1 : 1));
};

/** Each overlay that was built, with what Flux makes of it. */
async function bothBuilds(
  fleet: FleetFile,
  said: readonly RegExp[] = [],
): Promise<readonly (readonly [string, unknown, unknown])[]> {
  const stacks = fleet.files();
  stacks.flatMap(({ files }) => [...files]).forEach(({ path, content }) => write(path, content));
  const cache = new BuildCache(undefined);
  const programs = await findPrograms({ PATH: realPrograms().join(':') }, cache);
  const { built, problems } = await buildFleet({ fleet, stacks, programs, cache });
  expect(problems.map(({ message }) => message)).toEqual(said.map((each) => expect.stringMatching(each) as string));
  return built.flatMap(({ cluster, component, directory: at, objects }) => {
    const file = `clusters/${cluster.name}/${component?.name}/${component?.name}-kustomization.yaml`;
    if (component?.type !== 'kustomize' || cluster.trigger.type === 'pipeline') return [];
    const args = ['build', 'kustomization', component.name, '--namespace', component.namespace, '--dry-run'];
    const options = [
      '--strict-substitute',
      '--path',
      join(directory, at),
      '--kustomization-file',
      join(directory, file),
    ];
    const output = execFileSync(findProgram('flux') ?? '', [...args, ...options], { encoding: 'utf8', stdio: 'pipe' });
    const theirs = parseObjects(output, 'flux') as readonly KubernetesObject[];
    return [[`${cluster.name} ${component.name}`, sorted(objects), sorted(theirs.map(withoutOwner))] as const];
  });
}

/** A component with settings, for one cluster. */
const fleetOf = (settings: string, file: string): FleetFile =>
  parseFleet(
    `project: { url: https://gitlab.example.com, path: platform/fleet }
environments: { dev: { flux: { version: v2.9.4 } } }
clusters:
  one: { environment: dev, connection: { kubeconfig: { context: one } }, components: [app] }
components:
  app:
    kustomize:
      base: { directory: base }
${settings}
`,
    { file },
  );

describeWithRig(
  'flux build kustomization',
  () => {
    it('makes the same of the example', async () => {
      const builds = await bothBuilds(parseFleet(EXAMPLE_TEXT, { file: EXAMPLE }));
      expect(builds.length).toBeGreaterThan(3);
      builds.forEach(([name, ours, theirs]) => expect([name, ours]).toEqual([name, theirs]));
    });

    it('makes the same of values', async () => {
      const object = (name: string, more = ''): string =>
        `apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: ${name}\n${more}spec:\n  port: \${PORT}\n  text: "\${TEXT}"\n  flag: \${FLAG:=yes}\n  list: \${LIST}\n  mode: \${MODE}\n  tag: "\${TEXT/a/\${PORT}}"\n  shell: $\${HOME}\n`;
      const untouched = '  annotations: { kustomize.toolkit.fluxcd.io/substitute: disabled }\n';
      write('in/base/kustomization.yaml', 'resources: [a.yaml, b.yaml]\ncomponents: [../shared]\n');
      write('in/shared/kustomization.yaml', 'kind: Component\ncommonAnnotations: { from: beside }\n');
      write('in/base/a.yaml', object('a'));
      write('in/base/b.yaml', object('b', untouched));
      const file = write('in/fleet.yaml', '');
      const values = `      postBuild: { substitute: { PORT: '8080', TEXT: "a\\nb", LIST: '[a, 1, true]', MODE: '0644' } }`;
      const fleet = fleetOf(values, file);
      const builds = await bothBuilds(fleet);
      expect(builds).toHaveLength(1);
      const [[, ours, theirs] = []] = builds;
      expect(ours).toEqual(theirs);
      expect(ours).toMatchObject([
        {
          metadata: { annotations: { from: 'beside' } },
          spec: { port: 8080, text: 'ab', flag: true, list: ['a', 1, true], mode: 420, tag: '8080b', shell: '${HOME}' },
        },
        { spec: { port: '${PORT}', text: '${TEXT}', shell: '$${HOME}' } },
      ]);
    });

    it('makes the same of what Flux changes itself', async () => {
      const object = (kind: string, name: string, namespace: string): string =>
        `{apiVersion: v1, kind: ${kind}, metadata: {name: ${name}, namespace: ${namespace}}}`;
      write('in/base/kustomization.yaml', 'resources: [a.yaml, b.yaml]\n');
      write('in/base/a.yaml', object('ConfigMap', 'a', 'elsewhere'));
      write('in/base/b.yaml', '{apiVersion: v1, kind: Namespace, metadata: {name: theirs}}');
      write('in/base/tls/kustomization.yaml', 'kind: Component\nresources: [c.yaml]\n');
      write('in/base/tls/c.yaml', object('ConfigMap', 'c', 'app'));
      const file = write('in/fleet.yaml', '');
      const settings = `      components: [../../base/tls, ../../base/nothing]
      ignoreMissingComponents: true
      targetNamespace: shared
      namePrefix: team-
      nameSuffix: -blue`;
      const fleet = fleetOf(settings, file);
      const [[, ours, theirs] = []] = await bothBuilds(fleet);
      expect(ours).toEqual(theirs);
      expect(ours).toMatchObject([
        { metadata: { name: 'team-a-blue', namespace: 'shared' } },
        { metadata: { name: 'team-c-blue', namespace: 'shared' } },
      ]);
    });

    it('fills nothing into what a generator wrote in base64', async () => {
      write(
        'in/base/kustomization.yaml',
        "secretGenerator: [{ name: a, literals: ['p=${P}'] }]\nresources: [b.yaml]\n",
      );
      write('in/base/b.yaml', 'apiVersion: v1\nkind: Secret\nmetadata: { name: b }\nstringData: { p: "${P}" }\n');
      const builds = await bothBuilds(
        fleetOf("      postBuild: { substitute: { P: 'x' } }", write('in/fleet.yaml', '')),
        [/plain text/, /has \$\{P\} behind base64/],
      );
      const [[, ours, theirs] = []] = builds;
      expect(ours).toEqual(theirs);
      expect(ours).toMatchObject([
        {
          metadata: { name: expect.stringMatching(/^a-/) as string },
          data: { p: Buffer.from('${P}').toString('base64') },
        },
        { metadata: { name: 'b' }, stringData: { p: 'x' } },
      ]);
    });
  },
  [{ program: 'flux' }, { program: 'kubectl' }],
);
