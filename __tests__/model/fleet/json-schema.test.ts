import Ajv from 'ajv';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { fleetJsonSchema } from '../../../lib/model/fleet';
import { EXAMPLE_TEXT, exampleWith, ROOT } from '../../support/example-fleet';

const schema: any = fleetJsonSchema();
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);

/** Every schema within a schema, with its path. */
function* schemasIn(node: any, path = '#'): Generator<readonly [string, any]> {
  yield [path, node];
  for (const key of ['properties', 'definitions'] as const) {
    for (const [name, child] of Object.entries(node[key] ?? {})) yield* schemasIn(child, `${path}/${key}/${name}`);
  }

  for (const key of ['items', 'additionalProperties'] as const) {
    if (typeof node[key] === 'object') yield* schemasIn(node[key], `${path}/${key}`);
  }

  for (const key of ['anyOf', 'oneOf', 'allOf'] as const) {
    for (const [index, child] of (node[key] ?? []).entries()) yield* schemasIn(child, `${path}/${key}/${index}`);
  }
}

/** Every field with its name, path and schema. */
function fields(): readonly (readonly [string, string, any])[] {
  return [...schemasIn(schema)].flatMap(([path, node]) =>
    Object.entries(node.properties ?? {}).map(([name, child]) => [name, `${path}/properties/${name}`, child] as const),
  );
}

describe('the JSON Schema of fleet.yaml', () => {
  it.each(['fleet', 'cluster', 'component', 'class'] as const)(
    'of kind %s is committed as `gitlab-flux schema` prints it',
    (kind) => {
      const committed = readFileSync(join(ROOT, 'schema', `${kind}.schema.json`), 'utf8');
      expect(committed).toBe(`${JSON.stringify(fleetJsonSchema(kind), undefined, 2)}\n`);
    },
  );

  it('is closed everywhere but where Kubernetes decides about the fields', () => {
    const open = [...schemasIn(schema)]
      .filter(([, node]) => node.type === 'object' && node.properties !== undefined)
      .filter(([, node]) => node.additionalProperties !== false)
      .map(([path]) => path);
    expect(open.sort()).toEqual([
      '#/definitions/KubernetesObject',
      '#/definitions/KubernetesObject/properties/metadata',
      '#/definitions/KustomizePatch/properties/patch/anyOf/2',
      '#/definitions/ParametrizedKustomizePatch/properties/patch/anyOf/0/anyOf/2',
    ]);
  });

  it('describes every field', () => {
    const described = (node: any): boolean =>
      typeof node.description === 'string' ||
      (node.$ref !== undefined && described(schema.definitions[node.$ref.split('/').pop()])) ||
      (node.allOf ?? []).some(described);
    expect(
      fields()
        .filter(([, , node]) => !described(node))
        .map(([, path]) => path),
    ).toEqual([]);
  });

  it('titles the things that portals make forms of', () => {
    const untitled = Object.entries(schema.definitions).filter(([, node]: any) => typeof node.title !== 'string');
    expect(untitled).toEqual([]);
    expect(Object.values(schema.properties).filter((node: any) => node.title === undefined)).toEqual([]);
  });

  it('has no field that holds a secret: what sounds like one names a variable, an object or a file', () => {
    const suspicious = fields()
      .filter(([name]) => /pass(word|wd)|secret|token|private|credential|key$/i.test(name))
      .map(([name]) => name);
    expect([...new Set(suspicious)].sort()).toEqual([
      'artifactPullSecret', // the name of an object
      'certSecretName', // the name of an object
      'configSecretName', // the name of an object
      'credential', // a choice of ways
      'credentialsFile', // the path of a file
      'existingSecret', // a choice of ways
      'externalSecret', // an object without the secret
      'externalSecrets', // a flag
      'imagePullSecret', // the name of an object
      'imagePullSecrets', // names of objects
      'key', // of a taint, or in the data of an object
      'passCredentials', // a flag
      'proxySecretName', // the name of an object
      'readCredential', // a choice of ways
      'secret', // a choice of ways
      'secretName', // the name of an object
      'serviceAccountToken', // a choice of ways
      'tlsSecretName', // the name of an object
      'token', // a kind of connection, below which stands the name of a variable
      'tokenRevision', // a number
      'tokenVariable', // the name of a variable
      'trustedRootSecretName', // the name of an object
    ]);
  });

  it('takes the example', () => {
    expect(validate(parse(EXAMPLE_TEXT))).toBe(true);
  });

  it.each([
    ['an unknown key', exampleWith('dependsOn:', 'dependOn:')],
    ['another trigger', exampleWith('trigger: pipeline', 'trigger: push')],
    ['a number for text', exampleWith('version: v2.9.4', 'version: 2.9')],
    [
      'two connections',
      exampleWith('{ kubeconfig: { context: uni-dev } }', '{ kubeconfig: { context: a }, token: {} }'),
    ],
    ['a directory beside patches', exampleWith('overlay: { directory:', 'overlay: { labels: {}, directory:')],
    ['a name that is no DNS label', exampleWith('  uni-dev:\n    environment', '  Uni_dev:\n    environment')],
    ['a duration that is none', exampleWith('interval: 30m', 'interval: 30x')],
    [
      'a source without ref',
      exampleWith('      timeout: 5m\n', '      source: { url: "https://x.example/a/b.git" }\n'),
    ],
  ])('refuses %s', (_, text) => {
    expect(validate(parse(text))).toBe(false);
  });

  it('has examples and defaults that it takes itself', () => {
    const wrong = [...schemasIn(schema)].flatMap(([path, node]) => {
      const samples = [...(node.examples ?? []), ...('default' in node ? [node.default] : [])];
      if (samples.length === 0) return [];
      const definitions = JSON.stringify(node).includes('$ref') ? schema.definitions : {};
      const check = new Ajv({ strict: false, validateSchema: false }).compile({ ...node, definitions, $id: undefined });
      return samples.filter((sample) => !check(sample)).map((sample) => ({ path, sample }));
    });
    expect(wrong).toEqual([]);
  });
});
