import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type FleetFileError, loadFleet, parseFleet } from '../../../lib/model/fleet';
import { ValidationError } from '../../../lib/model/validation-error';
import { exampleWith, fleetOf, messagesFor } from '../../support/example-fleet';

describe('a text that is no fleet', () => {
  const messages = (text: string): string => {
    try {
      parseFleet(text);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };

  it.each([
    ['', 'fleet.yaml:1:1: the file is empty: want a fleet, with the keys project, environments and clusters'],
    ['# nothing', 'fleet.yaml:1:1: the file is empty: want a fleet, with the keys project, environments and clusters'],
    ['- a', 'fleet.yaml:1:1: got a list, want a map'],
    ['project:\n\turl: x', 'fleet.yaml:2:1: want spaces in front, and no tab: YAML takes none'],
    [
      'project: {}\nproject: {}\nenvironments: {}\nclusters: {}',
      'fleet.yaml:2:1: the key "project" stands there twice: it is in line 1 already',
    ],
    ['a: 1\n---\nb: 2', 'fleet.yaml:2:1: want one YAML document'],
    ['a: !vault x', 'fleet.yaml:1:4: Unresolved tag: !vault'],
    ['__proto__: {}', 'fleet.yaml:1:1: want a key that is text'],
    ['? [a]\n: b', 'fleet.yaml:1:3: want a key that is text'],
  ])('%j', (text, message) => expect(messages(text)).toBe(message));

  it('has no anchors, aliases and merge keys', () => {
    const why = 'are not allowed: what several clusters share belongs under "defaults" or "environments"';
    expect(messages('a: &x { b: 1 }\nc: *x')).toBe(`fleet.yaml:2:4: anchors and aliases ${why}`);
    expect(messages('a: { <<: { d: 1 } }')).toBe(`fleet.yaml:1:6: merge keys ${why}`);
  });

  it('counts columns after a byte order mark and with Windows line ends', () => {
    const text = exampleWith('trigger: pipeline', 'trigger: pipelin');
    const want = messagesFor(text);
    expect(messagesFor(`\uFEFF${text.replaceAll('\n', '\r\n')}`)).toEqual(want);
    expect(want).toHaveLength(1);
  });

  it('is a file that is not there, or not text', () => {
    const directory = mkdtempSync(join(tmpdir(), 'fleet-'));
    const file = join(directory, 'fleet.yaml');
    expect(() => loadFleet(file)).toThrow(`${file}:1:1: there is no such file`);
    writeFileSync(file, Buffer.from([0xff, 0xfe, 0x00]));
    expect(() => loadFleet(file)).toThrow(`${file}:1:1: want text in UTF-8`);
    rmSync(directory, { recursive: true });
    expect(() => loadFleet('/')).toThrow('/:1:1: it is a directory: want a fleet file');
  });
});

const SA = '      timeout: 5m\n';

describe('a mistake in the example', () => {
  it.each<[string, string, string, string[]]>([
    [
      'an unknown key',
      'dependsOn:',
      'dependOn:',
      ['fleet.yaml:57:7: components.fluentd.kustomize: unknown key "dependOn"; did you mean "dependsOn"?'],
    ],
    [
      'another word',
      'trigger: pipeline',
      'trigger: pipelin',
      [
        'fleet.yaml:114:14: clusters.edge-dev.trigger: got "pipelin", want one of interval, agent, webhook, pipeline, or a map; did you mean "pipeline"?',
      ],
    ],
    [
      'an unknown key in a choice',
      'every: 5m',
      'evry: 5m',
      ['fleet.yaml:120:28: clusters.uni-prod.trigger.interval: unknown key "evry"; did you mean "every"?'],
    ],
    [
      'a number for text',
      'version: v2.9.4',
      'version: 2.9',
      ['fleet.yaml:13:14: defaults.flux.version: got 2.9, want text: put it in quotes'],
    ],
    [
      'a version of another Flux',
      'version: v2.9.4',
      'version: v1.9.0',
      ['fleet.yaml:13:14: defaults.flux.version: got "v1.9.0", want a version of Flux such as v2.9.4'],
    ],
    [
      'a Flux that is too old',
      'version: v2.9.4',
      'version: v2.6.4',
      [
        'fleet.yaml:13:14: defaults.flux.version: got "v2.6.4", want v2.7.0 or newer: an older Flux does not know all fields of the files',
      ],
    ],
    [
      'no version',
      '    version: v2.9.4\n',
      '',
      [
        'fleet.yaml:104:3: clusters.uni-dev: missing key "flux.version": want a version of Flux for the cluster, its environment or under "defaults" (on uni-dev, edge-dev)',
      ],
    ],
    [
      'an unknown environment',
      'environment: prod',
      'environment: prd',
      ['fleet.yaml:119:18: clusters.uni-prod.environment: unknown environment "prd"; did you mean "prod"?'],
    ],
    [
      'an unknown component',
      'components: [log-store, fluentd]',
      'components: [log-store, fluent]',
      ['fleet.yaml:109:29: clusters.uni-dev.components[1]: unknown component "fluent"; did you mean "fluentd"?'],
    ],
    [
      'an unknown dependency',
      'dependsOn: [log-store]',
      'dependsOn: [log-stor]',
      [
        'fleet.yaml:57:19: components.fluentd.kustomize.dependsOn[0]: unknown component "log-stor"; did you mean "log-store"?',
      ],
    ],
    [
      'a cycle',
      SA,
      `${SA}      dependsOn: [fluentd]\n`,
      [
        'fleet.yaml:58:19: components.fluentd.kustomize.dependsOn[0]: got log-store → fluentd → log-store, want no cycle of components',
      ],
    ],
    [
      'a component that depends on itself',
      'dependsOn: [log-store]',
      'dependsOn: [fluentd]',
      [
        'fleet.yaml:57:19: components.fluentd.kustomize.dependsOn[0]: got fluentd → fluentd, want no cycle of components',
      ],
    ],
    [
      'a missing dependency',
      'components: [log-store, fluentd]',
      'components: [fluentd]',
      [
        String.raw`fleet.yaml:109:5: clusters.uni-dev.components: got "\"fluentd\" without \"log-store\", which it depends on", want "log-store" among the components too`,
      ],
    ],
    [
      'a directory that is not there',
      'examples/fluentd/base',
      'examples/fluent/base',
      [
        'fleet.yaml:53:26: components.fluentd.kustomize.base.directory: got "examples/fluent/base", want a directory that exists',
      ],
    ],
    [
      'an overlay for an unknown cluster',
      '        edge-dev:\n',
      '        edge-dv:\n',
      [
        'fleet.yaml:81:9: components.fluentd.kustomize.clusters: got "edge-dv", want one of the fleet\'s clusters: edge-dev, uni-dev, uni-prod',
      ],
    ],
    [
      'half a connection',
      '{ context: uni-dev }',
      '{}',
      ['fleet.yaml:108:19: clusters.uni-dev.connection.kubeconfig: missing key "context": want text'],
    ],
    [
      'no connection',
      '    connection: { kubeconfig: { context: uni-dev } }\n',
      '',
      [
        'fleet.yaml:105:3: clusters.uni-dev: missing key "connection": want how Terraform reaches the cluster, here, in its environment or under "defaults"',
      ],
    ],
    [
      'a duration that is none',
      'interval: 30m',
      'interval: 30x',
      [
        'fleet.yaml:63:21: components.fluentd.kustomize.environments.prod.interval: got "30x", want a duration such as 90s, 10m or 1h30m',
      ],
    ],
    [
      'a shard that there is not',
      SA,
      `${SA}      shard: a\n`,
      [
        'fleet.yaml:38:14: components.log-store.kustomize.shard: got "a", want one of the shards of the cluster\'s Flux: it has none, see FluxPatch.sharding() (on uni-dev, edge-dev, uni-prod)',
      ],
    ],
    [
      'nothing where a list is wanted',
      'components: [log-store, fluentd]\n\n',
      'components:\n\n',
      ['fleet.yaml:109:5: clusters.uni-dev.components: got nothing, want a list'],
    ],
    [
      'an address with a password',
      'url: https://gitlab',
      'url: https://u:canary@gitlab',
      [
        'fleet.yaml:6:8: project.url: got "https://…@gitlab.example.com", want the address of GitLab without credentials, for example https://gitlab.example.com',
      ],
    ],
    [
      'a name that is no DNS label',
      '  uni-dev:\n    environment',
      '  Uni_dev:\n    environment',
      [
        'fleet.yaml:105:3: clusters.Uni_dev: got "Uni_dev", want a DNS label: 1 to 63 lower case letters, digits and hyphens, with a letter or digit at both ends',
      ],
    ],
  ])('%s', (_, before, after, messages) => expect(messagesFor(exampleWith(before, after))).toEqual(messages));

  it('does not hide the others, which come in the order of the file', () => {
    const text = exampleWith('trigger: pipeline', 'triger: pipeline')
      .replace('kustomize: 10', 'kustomise: 10')
      .replace('v2.9.4', '2');
    expect(messagesFor(text).map((line) => line.split(':')[1])).toEqual(['13', '24', '114']);
  });

  it('is a ValidationError with the places as data', () => {
    let error: unknown;
    try {
      fleetOf(exampleWith('trigger: pipeline', 'trigger: push'));
    } catch (caught) {
      error = caught;
    }
    expect(ValidationError.isValidationError(error)).toBe(true);
    expect((error as FleetFileError).problems).toMatchObject([{ line: 114, column: 14 }]);
    expect((error as Error).stack).toContain('114:14: clusters.edge-dev.trigger');
  });

  it('may be one that others find: their errors get a place too', () => {
    const fleet = fleetOf(exampleWith('', ''));
    const find = () =>
      fleet.locate(() => {
        throw new ValidationError({
          at: { cluster: 'uni-prod' },
          prop: ['patches', 1, 'resources', 'limits', 'memory'],
          want: 'less',
        });
      });
    expect(find).toThrow(
      /fleet\.yaml:28:31: environments\.prod\.flux\.patches\[1\]\.resources\.limits\.memory: want less \(on uni-prod\)/,
    );
    expect(() =>
      fleet.locate(() => {
        throw new TypeError('a bug');
      }),
    ).toThrow(TypeError);
  });
});

it('an address where the flux CLI does not find GitLab has a place', () => {
  const fleet = fleetOf(exampleWith('url: https://gitlab.example.com', 'url: https://example.com/gitlab'));
  expect(() => fleet.files()).toThrow(
    /fleet\.yaml:6:8: project\.url: got "https:\/\/example\.com\/gitlab", want https and no path/,
  );
});

describe('what is no mistake', () => {
  it('is a component that no cluster has, with a warning', () => {
    const text = exampleWith('clusters:\n  uni-dev:', 'clusters:\n  uni-dev:').replace(
      '\nclusters:\n',
      '  spare:\n    kustomize: { base: { inRepository: true } }\n\nclusters:\n',
    );
    const fleet = fleetOf(text);
    expect(fleet.warnings.map(({ message }) => message)).toEqual([
      'components.spare: on no cluster: nothing is written for it',
    ]);
    expect(
      fleet
        .files()
        .flatMap(({ files }) => files.paths)
        .filter((path) => path.includes('spare')),
    ).toEqual([]);
  });

  it('is a cluster with the connection of another, with a warning', () => {
    const text = exampleWith('context: edge-dev', 'context: uni-dev');
    expect(fleetOf(text).warnings.map(({ message }) => message)).toEqual([
      'clusters.edge-dev: its connection is that of cluster "uni-dev", so both are one',
    ]);
  });

  it('is a Flux that nobody has tried, with one warning for all clusters', () => {
    const fleet = fleetOf(exampleWith('    version: v2.9.4\n', '    version: v2.99.0\n'));
    expect(fleet.warnings.map(({ message, clusters }) => [message, clusters])).toEqual([
      [
        'clusters.uni-dev: Flux v2.99.0 is newer than what this release was tried with, up to 2.9',
        ['uni-dev', 'edge-dev'],
      ],
    ]);
  });

  it('is an agent that will not hear of pushes, with a warning at its cluster', () => {
    const text = exampleWith(
      'trigger: interval\n',
      'agent: { existing: { name: uni-dev, project: platform/agents } }\n    trigger: agent\n',
    );
    const [warning, ...others] = fleetOf(text).warnings;
    expect(others).toEqual([]);
    expect(warning?.message).toBe(
      "clusters.uni-dev: the agent's configuration is in platform/agents: GitLab tells it nothing about pushes to the private project platform/fleet (https://gitlab.com/gitlab-org/gitlab/-/issues/389393)",
    );
    expect(text.split('\n')[(warning?.line ?? 0) - 1]).toBe('  uni-dev:');
  });
});

describe('words of a mistake', () => {
  const fleet = (rest: string, clusters = '{}') =>
    messagesFor(
      `project: { url: https://gitlab.example.com, path: platform/fleet }\nenvironments: { dev: {} }\n${rest}\nclusters: ${clusters}\n`,
    );

  it.each([
    [
      'delivery: { type: tree, author: { name: x, email: x@example.com } }',
      ['fleet.yaml:3:25: delivery: unknown key "author"; there are type'],
    ],
    [
      'components: { web: { kustomize: { base: dir } } }',
      [
        'fleet.yaml:3:41: components.web.kustomize.base: got "dir", want a map such as { directory: dir }, of directory, objects, inRepository, path',
      ],
    ],
    [
      'defaults: { connection: { kubeconfig: { context: a }, token: { server: b } } }',
      [
        'fleet.yaml:3:13: defaults.connection: got kubeconfig and token, want exactly one of kubeconfig, token, clientCertificate, exec, gitLabAgent',
      ],
    ],
    [
      'defaults: { flux: { interval: 5x, logLevel: no } }',
      [
        'fleet.yaml:3:45: no is text for some programs and false for others: write "no" for the text, false for the boolean',
      ],
    ],
  ])('%s', (rest, messages) => expect(fleet(rest)).toEqual(messages));

  it.each(['/', '..', 'a\\0b', 'a'.repeat(300)])('of a directory that cannot be a base: %s', (directory) => {
    const [message, ...others] = fleet(`components: { web: { kustomize: { base: { directory: "${directory}" } } } }`);
    expect(message).toMatch(
      /^fleet\.yaml:3:54: components\.web\.kustomize\.base\.directory: got ".*, want a directory/,
    );
    expect(others).toEqual([]);
  });

  it.each([
    ['a: 1\n b: 2', '1:4: want the same number of spaces in front of all keys of a map'],
    ['project\nclusters: {}', '1:1: want ":" and a space after the key'],
    ['a:\n  b: 1\n c: 2', '3:1: want as many spaces in front as the lines have'],
    ['clusters: [\n', '2:1: want a "]" that ends the list'],
    ['a: {b: 1\nc: 2', '2:1: want a "}" that ends the map'],
  ])('of YAML that is none: %j', (text, message) => {
    const messages = messagesFor(text);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(message);
  });
});
