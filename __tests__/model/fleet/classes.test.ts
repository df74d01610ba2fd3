import Ajv from 'ajv';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';

import { fleetJsonSchema, parametersSchema, parseFleet } from '../../../lib/model/fleet';

const PROJECT = { url: 'https://gitlab.example.com', path: 'a/b' };
const COMPONENTS = { web: { kustomize: { base: { inRepository: true } } } };

const treeOf = (file: object): unknown =>
  parseFleet(stringify(file, { aliasDuplicateObjects: false }))
    .files()
    .map(({ stack, files }) => [stack, [...files].map(({ path, content }) => [path, content])]);

const head = `
project: { url: https://gitlab.example.com, path: a/b }
environments:
  prod: { flux: { version: v2.9.4 } }
components:
  web: { kustomize: { base: { inRepository: true } } }
classes:
  edge:
`;
const problems = (text: string): readonly string[] => {
  try {
    parseFleet(text);
    return [];
  } catch (error: any) {
    return error.message.split('\n');
  }
};

/** One class with these parameters and this layer, and its clusters. */
const fleetWith = (parameters: string, cluster: string, clusters: string): string =>
  `${head}    parameters: ${parameters}\n    cluster: ${cluster}\nclusters: ${clusters}\n`;

const CONNECTION = "connection: { kubeconfig: { context: '<cluster>' } }";

describe('a class', () => {
  it('and a cluster may name their cluster and environment wherever a text stands', () => {
    const fleet = parseFleet(`
project: { url: https://gitlab.example.com, path: a/b }
defaults: { flux: { version: v2.9.4 }, connection: { kubeconfig: { context: '<cluster>' } } }
environments: { prod: {}, solo: {} }
clusters:
  prod-hub: { environment: prod, flux: { type: operator } }
  spoke: { environment: prod, hub: '<environment>-hub', spoke: { authentication: { existingSecret: { secretName: '<cluster>' } } } }
  solo: { environment: '<cluster>' }
`);
    expect(fleet.clusters.map(({ cluster, flux }) => [cluster.name, cluster.environment, flux.type])).toEqual([
      ['prod-hub', 'prod', 'operator'],
      ['spoke', 'prod', 'spoke'],
      ['solo', 'solo', 'bootstrap'],
    ]);
  });

  it('says where it names an environment or a hub that there is not, and for whom', () => {
    const parameters = '{ stage: { type: string } }';
    const clusters =
      '{ one: { class: edge, parameters: { stage: dev } }, two: { class: edge, parameters: { stage: prod } } }';
    expect(
      problems(fleetWith(parameters, `{ environment: '<stage>', hub: '<stage>-hub', ${CONNECTION} }`, clusters)),
    ).toEqual([
      'fleet.yaml:10:29: classes.edge.cluster.environment: unknown environment "dev"; there are prod (on one)',
      'fleet.yaml:10:45: classes.edge.cluster.hub: got "dev-hub", want a cluster with flux.type operator: there is none (on one)',
      'fleet.yaml:10:45: classes.edge.cluster.hub: got "prod-hub", want a cluster with flux.type operator: there is none (on two)',
    ]);
  });

  it('says an environment that programs read differently once', () => {
    expect(problems(`${head}    cluster: {}\nclusters: { one: { environment: no, ${CONNECTION} } }\n`)).toEqual([
      'fleet.yaml:10:33: no is text for some programs and false for others: write "no" for the text, false for the boolean',
    ]);
  });

  it('is a layer between environment and cluster', () => {
    const fleet = parseFleet(`
project: { url: https://gitlab.example.com, path: a/b }
defaults:
  flux: { version: v2.9.2, logLevel: error, author: { name: '<cluster> in <environment>' } }
  connection: { kubeconfig: { context: 'kind-<cluster>' } }
environments:
  prod: { flux: { version: v2.9.3 }, labels: { a: environment, b: environment } }
classes:
  edge:
    parameters:
      level: { type: string, enum: [debug, info], default: info }
    cluster:
      environment: prod
      flux: { version: v2.9.4, logLevel: { parameter: level } }
      labels: { b: class, c: 'class-<level>', d: '<<level>' }
clusters:
  one: { class: edge, labels: { d: cluster } }
  two: { class: edge, parameters: { level: debug }, flux: { version: v2.9.1 }, labels: { d: cluster } }
`);
    expect(
      fleet.clusters.map(({ cluster, flux: { settings } }: any) => [
        settings.version,
        settings.logLevel,
        settings.author.name,
        cluster.labels,
      ]),
    ).toEqual([
      ['v2.9.4', 'info', 'one in prod', { a: 'environment', b: 'class', c: 'class-info', d: 'cluster' }],
      ['v2.9.1', 'debug', 'two in prod', { a: 'environment', b: 'class', c: 'class-debug', d: 'cluster' }],
    ]);
    expect(fleet.clusters.map(({ cluster }) => cluster.connection.data)).toMatchObject([
      { context: 'kind-one' },
      { context: 'kind-two' },
    ]);
  });

  it('takes a parameter as its environment', () => {
    const [{ cluster }] = parseFleet(
      fleetWith(
        '{ tier: { type: string } }',
        `{ environment: { parameter: tier }, labels: { of: '<environment>' }, ${CONNECTION} }`,
        '{ one: { class: edge, parameters: { tier: prod } } }',
      ),
    ).clusters as any;
    expect([cluster.environment, cluster.labels]).toEqual(['prod', { of: 'prod' }]);
  });

  it('leaves out what refers to a parameter without a value', () => {
    const text = fleetWith(
      '{ big: { type: boolean, default: false }, disk: { type: string, when: { big: true } } }',
      `{ environment: prod, ${CONNECTION}, labels: { disk: { parameter: disk } } }`,
      '{ one: { class: edge }, two: { class: edge, parameters: { big: true, disk: ssd } } }',
    );
    expect(parseFleet(text).clusters.map(({ cluster }) => cluster.labels)).toEqual([{}, { disk: 'ssd' }]);
  });

  it('writes the same tree when it is written out', () => {
    const name = fc.constantFrom('a', 'b-c', 'd1');
    const parameters = fc.record({
      site: fc.constantFrom('muc', 'ber'),
      interval: fc.constantFrom('1m', '5m'),
      suspend: fc.boolean(),
      log: fc.constantFrom('debug', 'info'),
    });
    const clusters = fc.uniqueArray(fc.record({ name, parameters }), { selector: (each) => each.name, minLength: 1 });
    fc.assert(
      fc.property(clusters, fc.subarray(['web', 'db']), (all, listed) => {
        const components = { ...COMPONENTS, db: { kustomize: { base: { inRepository: true } } } };
        const layer = (of: (name: string) => unknown, text: (own: string) => string) => ({
          environment: 'prod',
          connection: { kubeconfig: { context: text('<site>-<cluster>') } },
          trigger: { interval: { every: of('interval') } },
          flux: { version: 'v2.9.4', logLevel: of('log'), interval: of('interval') },
          suspend: of('suspend'),
          components: listed,
        });
        const byClass = {
          project: PROJECT,
          environments: { prod: {} },
          components,
          classes: {
            edge: {
              parameters: {
                site: { type: 'string' },
                interval: { type: 'string' },
                suspend: { type: 'boolean' },
                log: { type: 'string', enum: ['debug', 'info'] },
              },
              cluster: layer(
                (parameter) => ({ parameter }),
                (own) => own,
              ),
            },
          },
          clusters: Object.fromEntries(all.map((each) => [each.name, { class: 'edge', parameters: each.parameters }])),
        };
        const writtenOut = {
          project: PROJECT,
          environments: { prod: {} },
          components,
          clusters: Object.fromEntries(
            all.map((each) => [
              each.name,
              layer(
                (parameter) => (each.parameters as any)[parameter],
                (own) => own.replace('<site>', each.parameters.site).replace('<cluster>', each.name),
              ),
            ]),
          ),
        };
        expect(treeOf(byClass)).toEqual(treeOf(writtenOut));
      }),
      { numRuns: 20 },
    );
  });
});

describe('refused is', () => {
  it.each([
    [
      'a parameter that is used nowhere',
      fleetWith(
        '{ site: { type: string } }',
        `{ environment: prod, ${CONNECTION} }`,
        '{ one: { class: edge, parameters: { site: muc } } }',
      ),
      [
        'fleet.yaml:9:19: classes.edge.parameters.site: it is used nowhere in the class: want { parameter: … } or <…> with its name, or no such parameter',
      ],
    ],
    [
      'a reference to none',
      fleetWith('{ site: { type: string } }', "{ labels: { a: { parameter: sit }, b: '<sit>', c: '<site>' } }", '{}'),
      [
        'fleet.yaml:10:42: classes.edge.cluster.labels.a.parameter: unknown parameter "sit"; did you mean "site"?',
        'fleet.yaml:10:52: classes.edge.cluster.labels.b: unknown placeholder <sit>: want one of <cluster>, <environment>, <site>, or <<sit> for the text itself',
      ],
    ],
    [
      'a placeholder that means nothing in any other layer',
      `
project: { url: https://gitlab.example.com, path: a/b }
defaults: { connection: { kubeconfig: { context: 'kind-<name>' } } }
environments: { prod: {} }
clusters: {}
`,
      [
        'fleet.yaml:3:50: defaults.connection.kubeconfig.context: unknown placeholder <name>: want one of <cluster>, <environment>, or <<name> for the text itself',
      ],
    ],
    [
      'a parameter that no cluster could give or see',
      fleetWith(
        `
      a: { type: string, enum: [] }
      b: { type: string, minimum: 3 }
      c: { type: integer, pattern: x, maxLength: 3 }
      d: { type: boolean, when: { e: true } }
      e: { type: boolean, when: { d: true } }
      f: { type: boolean, when: { size: [large, hugh] } }
      g: { type: string, minLength: 9, maxLength: 2 }
      size: { type: string, enum: [large, huge] }`,
        '{ labels: { a: <a>, b: <b>, c: <c>, g: <g> }, externalSecrets: { parameter: d }, suspend: { parameter: f } }',
        '{}',
      ),
      [
        'fleet.yaml:10:32: classes.edge.parameters.a.enum: want at least one value',
        'fleet.yaml:11:26: classes.edge.parameters.b.minimum: want nothing: it says nothing about text',
        'fleet.yaml:12:27: classes.edge.parameters.c.pattern: want nothing: it says nothing about a whole number',
        'fleet.yaml:12:39: classes.edge.parameters.c.maxLength: want nothing: it says nothing about a whole number',
        'fleet.yaml:13:27: classes.edge.parameters.d.when: got d → e → d, want no cycle of parameters',
        'fleet.yaml:14:27: classes.edge.parameters.e.when: got e → d → e, want no cycle of parameters',
        'fleet.yaml:15:49: classes.edge.parameters.f.when.size[1]: got "hugh", want one of large, huge',
        'fleet.yaml:16:51: classes.edge.parameters.g.maxLength: got 2, want at least the 9 of minLength',
      ],
    ],
    [
      'a value where there has to be text, with the way to write its text',
      fleetWith(
        '{ count: { type: integer } }',
        `{ environment: prod, ${CONNECTION}, labels: { count: { parameter: count } } }`,
        '{ one: { class: edge, parameters: { count: 4 } } }',
      ),
      ["fleet.yaml:10:106: classes.edge.cluster.labels.count: got 4, want text: write '<count>' (on one)"],
    ],
    [
      'what a parameter cannot be, cluster by cluster',
      fleetWith(
        '{ n: { type: integer, minimum: 1, maximum: 3 }, s: { type: string, maxLength: 2 }, h: { type: boolean, when: { n: 3 } } }',
        `{ environment: prod, ${CONNECTION}, labels: { n: 'x<n>', s: { parameter: s } }, suspend: { parameter: h } }`,
        '{ one: { class: edge, parameters: { n: 4, s: abc } }, two: { class: edge, parameters: { n: 1, s: 1, h: true } }, three: { class: edge, parameters: { N: 1 } } }',
      ),
      [
        'fleet.yaml:11:50: clusters.one.parameters.n: got 4, want a whole number of 1 to 3',
        'fleet.yaml:11:56: clusters.one.parameters.s: got "abc", want text of at most 2 characters',
        'fleet.yaml:11:108: clusters.two.parameters.s: got 1, want text of at most 2 characters: put it in quotes',
        'fleet.yaml:11:111: clusters.two.parameters.h: want nothing: it matters only when n is 3',
        'fleet.yaml:11:146: clusters.three.parameters: missing key "s": want text of at most 2 characters',
        'fleet.yaml:11:160: clusters.three.parameters.N: unknown parameter "N"; did you mean "n"?',
      ],
    ],
    [
      'a default that the parameter cannot be, and a pattern that is none',
      fleetWith(
        "{ a: { type: integer, default: 1.5 }, b: { type: string, pattern: '(' } }",
        "{ labels: { a: 'x<a>', b: '<b>' } }",
        '{}',
      ),
      [
        'fleet.yaml:9:48: classes.edge.parameters.a.default: got 1.5, want a whole number',
        'fleet.yaml:9:83: classes.edge.parameters.b.pattern: want a regular expression',
      ],
    ],
    [
      'what the model refuses, with the clusters',
      fleetWith(
        '{ v: { type: string } }',
        `{ environment: prod, ${CONNECTION}, flux: { interval: { parameter: v } } }`,
        '{ one: { class: edge, parameters: { v: 5x } }, two: { class: edge, parameters: { v: 5m } } }',
      ),
      [
        'fleet.yaml:10:97: classes.edge.cluster.flux.interval: got "5x", want a duration such as 90s, 10m or 1h30m (on one)',
      ],
    ],
    [
      'a key that no layer knows',
      fleetWith(
        '{}',
        `{ environment: prod, ${CONNECTION}, suspnd: true }`,
        '{ one: { class: edge }, two: { class: edge } }',
      ),
      ['fleet.yaml:10:89: classes.edge.cluster: unknown key "suspnd"; did you mean "suspend"? (on one, two)'],
    ],
    [
      'a text that may have no value',
      fleetWith(
        '{ a: { type: boolean }, b: { type: string, when: { a: true } } }',
        "{ suspend: { parameter: a }, labels: { b: '<b>' } }",
        '{}',
      ),
      [
        'fleet.yaml:10:56: classes.edge.cluster.labels.b: <b> has no value where its `when` does not hold: want { parameter: b }, which is then left out',
      ],
    ],
    [
      'a cluster without an environment',
      fleetWith('{}', `{ ${CONNECTION} }`, '{ one: { class: edge } }'),
      ['fleet.yaml:11:18: clusters.one: missing key "environment": want text'],
    ],
  ])('%s', (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });
});

describe('the JSON Schema', () => {
  it('takes references wherever a value or a list may stand, and closed maps stay closed', () => {
    const validate = new Ajv({ strict: false }).compile(fleetJsonSchema('class'));
    const isValid = (cluster: string): boolean => validate({ cluster: parse(cluster) });
    expect(
      [
        '{ suspend: { parameter: a }, components: { parameter: b }, labels: { c: { parameter: c } } }',
        '{ flux: { version: { parameter: v }, interval: { parameter: i }, patches: [{ concurrency: { kustomize: { parameter: k } } }] } }',
        '{ trigger: { parameter: t }, connection: { kubeconfig: { context: x } } }',
      ].map(isValid),
    ).toEqual([true, true, true]);
    expect(
      ['{ suspend: x }', '{ suspend: { paramete: a } }', '{ flux: { parameter: a } }', '{ flux: { versio: v2 } }'].map(
        isValid,
      ),
    ).toEqual([false, false, false, false]);
  });

  it('of parameters judges as the file is judged', () => {
    const parameters = `{ big: { type: boolean, default: false }, disk: { type: string, enum: [ssd, hdd], when: { big: true } }, n: { type: integer, minimum: 1 } }`;
    const layer = `{ environment: prod, ${CONNECTION}, labels: { n: 'x<n>', disk: { parameter: disk } }, suspend: { parameter: big } }`;
    const { classes } = parseFleet(fleetWith(parameters, layer, '{}'));
    const validate = new Ajv({ strict: false }).compile(parametersSchema(classes.edge!));
    const given = fc.record(
      {
        big: fc.constantFrom(true, false, 'true'),
        disk: fc.constantFrom('ssd', 'tape'),
        n: fc.constantFrom(0, 1, 1.5, 'x'),
        other: fc.constant(1),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(given, (values) => {
        const text = fleetWith(parameters, layer, JSON.stringify({ one: { class: 'edge', parameters: values } }));
        expect([values, validate(values)]).toEqual([values, problems(text).length === 0]);
      }),
    );
  });
});
