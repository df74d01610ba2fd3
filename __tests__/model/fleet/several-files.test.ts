import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { loadFleet } from '../../../lib/model/fleet';

const made: string[] = [];
afterAll(() => made.forEach((directory) => rmSync(directory, { recursive: true })));

const HEAD = `project: { url: https://gitlab.example.com, path: a/b }
environments: { dev: { flux: { version: v2.9.4 } } }
`;
const CLUSTER = 'environment: dev\nconnection: { kubeconfig: { context: one } }\ncomponents: [web]\n';
const COMPONENT = 'kustomize:\n  base: { inRepository: true }\n';

/** Writes files into a new directory. */
const write = (files: Readonly<Record<string, string>>): string => {
  const directory = mkdtempSync(join(tmpdir(), 'several-'));
  made.push(directory);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return directory;
};
const load = (files: Readonly<Record<string, string>>) => loadFleet(join(write(files), 'fleet.yaml'));
const messages = (files: Readonly<Record<string, string>>): readonly string[] => {
  const directory = write(files);
  try {
    loadFleet(join(directory, 'fleet.yaml'));
    return [];
  } catch (error: any) {
    return error.message.replaceAll(`${directory}/`, '').split('\n');
  }
};
const treeOf = (fleet: ReturnType<typeof load>): unknown =>
  fleet.files().map(({ stack, files }) => [stack, [...files].map(({ path, content }) => [path, content])]);

describe('a fleet in several files', () => {
  it('is the same as in one', () => {
    const one = load({
      'fleet.yaml': `${HEAD}components:
  web: { kustomize: { base: { inRepository: true } } }
classes:
  small: { cluster: { labels: { size: small } } }
clusters:
  first: { environment: dev, connection: { kubeconfig: { context: first } } }
  second: { class: small, environment: dev, connection: { kubeconfig: { context: one } }, components: [web] }
`,
    });
    const several = load({
      'fleet.yaml': `${HEAD}include: { clusters: clusters, components: [more/web.yaml], classes: ['shared/'] }
clusters:
  first: { environment: dev, connection: { kubeconfig: { context: first } } }
`,
      'clusters/second.yaml': `class: small\n${CLUSTER}`,
      'clusters/README.md': 'A cluster per file.',
      'clusters/old/third.yaml': 'is not read',
      'more/web.yaml': COMPONENT,
      'more/other.yaml': 'is not named',
      'shared/small.yml': 'cluster: { labels: { size: small } }',
    });
    expect(several.clusters.map(({ cluster }) => [cluster.name, cluster.labels])).toEqual([
      ['first', {}],
      ['second', { size: 'small' }],
    ]);
    expect(treeOf(several)).toEqual(treeOf(one));
  });

  it('may have no cluster in the first', () => {
    const fleet = load({
      'fleet.yaml': `${HEAD}include: { clusters: c }\n`,
      'c/one.yaml': CLUSTER.replace('[web]', '[]'),
    });
    expect(fleet.clusters.map(({ cluster }) => cluster.name)).toEqual(['one']);
  });

  it('has its mistakes where they stand, file by file', () => {
    expect(
      messages({
        'fleet.yaml': `${HEAD}include: { clusters: clusters, components: components, classes: classes }\nclusters: { z: { environment: de } }\n`,
        'clusters/a.yaml': CLUSTER.replace('[web]', '[wbe]'),
        'clusters/b.yaml': CLUSTER.replace('environment', 'enviroment'),
        'clusters/c.yaml': `class: small\n${CLUSTER}`,
        'components/web.yaml': `${COMPONENT}  interval: 5x\n`,
        'classes/small.yaml': 'cluster:\n  suspend: no\n',
      }),
    ).toEqual([
      'fleet.yaml:4:31: clusters.z.environment: unknown environment "de"; did you mean "dev"?',
      'classes/small.yaml:2:12: no is text for some programs and false for others: write "no" for the text, false for the boolean',
      'clusters/a.yaml:3:14: clusters.a.components[0]: unknown component "wbe"; did you mean "web"?',
      'clusters/b.yaml:1:1: clusters.b: unknown key "enviroment"; did you mean "environment"?',
      'components/web.yaml:3:13: components.web.kustomize.interval: got "5x", want a duration such as 90s, 10m or 1h30m',
    ]);
  });

  it('has each entry once, and files that are there', () => {
    expect(
      messages({
        'fleet.yaml': `${HEAD}include: { clusters: [a, b], components: [c, a.txt] }\nclusters: { two: { environment: dev } }\n`,
        'a/one.yaml': CLUSTER.replace('[web]', '[]'),
        'a/two.yaml': CLUSTER,
        'b/one.yaml': CLUSTER,
        'a.txt': '',
      }),
    ).toEqual(
      expect.arrayContaining([
        'fleet.yaml:3:43: include.components[0]: got "c", want a directory or a file *.yaml that exists',
        'fleet.yaml:3:46: include.components[1]: got "a.txt", want a directory or a file *.yaml that exists',
        'a/two.yaml:1:1: clusters.two: it is in fleet.yaml already',
        'b/one.yaml:1:1: clusters.one: it is in a/one.yaml already',
      ]),
    );
  });

  it('is searched for secrets in each', () => {
    const key = ['glpat', 'abcdefghij0123456789'].join('-');
    const [message = ''] = messages({
      'fleet.yaml': `${HEAD}include: { clusters: c }\n`,
      'c/one.yaml': `${CLUSTER}labels: { a: ${key} }\n`,
    });
    expect(message).toMatch(/^c\/one\.yaml:4:14: got .*, want /);
    expect(message).not.toContain(key);
  });

  it('says when a file is empty or no YAML', () => {
    expect(messages({ 'fleet.yaml': `${HEAD}include: { clusters: c }\n`, 'c/one.yaml': '' })[0]).toMatch(
      /^c\/one\.yaml:1:1: clusters\.one: got nothing, want a map such as \{ environment: … \}/,
    );
    expect(messages({ 'fleet.yaml': `${HEAD}include: { clusters: c }\n`, 'c/one.yaml': 'a: [b\nc: d' })[0]).toMatch(
      /^c\/one\.yaml:/,
    );
  });

  it('says that a directory of clusters does not exist, and not that clusters are missing', () => {
    expect(messages({ 'fleet.yaml': `${HEAD}include: { clusters: nowhere }\n` })).toEqual([
      'fleet.yaml:3:22: include.clusters: got "nowhere", want a directory or a file *.yaml that exists',
    ]);
  });

  it('may have no cluster yet', () => {
    const fleet = load({ 'fleet.yaml': `${HEAD}include: { clusters: clusters }\n`, 'clusters/README.md': '' });
    expect(fleet.warnings.map(({ message }) => message)).toEqual(['clusters: there is none: nothing is deployed']);
  });

  it('refuses clusters that are no map, beside those in files', () => {
    expect(
      messages({
        'fleet.yaml': `${HEAD}include: { clusters: clusters, components: web.yaml }\nclusters: [one]\n`,
        'clusters/two.yaml': CLUSTER,
        'web.yaml': COMPONENT,
      }),
    ).toEqual(['fleet.yaml:4:11: clusters: got a list, want a map']);
  });

  it('leaves hidden files of editors alone, and refuses a name that no entry can have', () => {
    expect(
      messages({
        'fleet.yaml': `${HEAD}include: { clusters: clusters, components: web.yaml }\n`,
        'clusters/.#two.yaml': 'lock',
        'clusters/._two.yaml': 'lock',
        'clusters/two.yaml': CLUSTER,
        'clusters/__proto__.yaml': CLUSTER,
        'web.yaml': COMPONENT,
      }),
    ).toEqual(['clusters/__proto__.yaml:1:1: clusters.__proto__: want another name']);
  });
});
