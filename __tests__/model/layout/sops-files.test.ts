import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { FleetFileError, parseFleet } from '../../../lib/model/fleet';
import { AGE_DEV, AGE_PROD } from '../../support/sops';

const SOPS = join(__dirname, '../../support/fixtures/sops');
const sopsFile = (name: string) => readFileSync(join(SOPS, name), 'utf8');

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sops-'));
  cpSync(SOPS, join(directory, 'sops'), { recursive: true });
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

interface Given {
  /** What stands below `flux.patches` of an environment. */
  readonly patches?: Readonly<Record<'dev' | 'prod', string>>;
  /** What stands below `kustomize`. */
  readonly kustomize: string;
  /** Files, and the text of each. */
  readonly files?: Readonly<Record<string, string>>;
  /** The trigger of all clusters. */
  readonly trigger?: string;
}

const root = (recipient: string, more = '') =>
  `[{ rootDecryption: { secretName: sops-age, recipients: [${recipient}]${more} } }]`;
const ROOTS = { dev: root(AGE_DEV, ', forComponents: true'), prod: root(AGE_PROD, ', forComponents: true') };

/** What is said about a fleet with a cluster in development and one in production. */
function messagesOf({ patches = ROOTS, kustomize, files = {}, trigger = 'interval' }: Given): readonly string[] {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  const text = `project: { url: https://gitlab.example.com, path: platform/fleet }
defaults: { flux: { version: v2.9.4 }, trigger: ${trigger} }
environments:
  dev: { flux: { patches: ${patches.dev} } }
  prod: { flux: { patches: ${patches.prod} } }
clusters:
  uni-dev: { environment: dev, connection: { kubeconfig: { context: uni-dev } }, components: [web] }
  uni-prod: { environment: prod, connection: { kubeconfig: { context: uni-prod } }, components: [web] }
components:
  web:
    kustomize:
${kustomize}
`;
  try {
    parseFleet(text, { file: join(directory, 'fleet.yaml') }).files();
    return [];
  } catch (error) {
    if (!(error instanceof FleetFileError)) throw error;
    return error.message.split('\n').map((line) => line.replaceAll(`${directory}/`, ''));
  }
}

const base = (name: string) => ({
  'base/kustomization.yaml': 'resources: [secret.yaml]\n',
  'base/secret.yaml': sopsFile(name),
});
const WITH_BASE = '      base: { directory: base }\n      decryption: {}';

describe('files of SOPS in a base', () => {
  test('that all clusters can decrypt are taken', () => {
    expect(messagesOf({ kustomize: WITH_BASE, files: base('both.yaml') })).toEqual([]);
  });

  test('are refused for the cluster that has none of their keys', () => {
    expect(messagesOf({ kustomize: WITH_BASE, files: base('dev.yaml') })).toEqual([
      `fleet.yaml:12:26: components.web.kustomize.base.directory: base/secret.yaml: got "a file of SOPS for ${AGE_DEV}", want one that a key of the cluster decrypts, ${AGE_PROD}: see "sops updatekeys" (on uni-prod)`,
    ]);
  });

  test.each([
    ['a generator of Secrets', 'secretGenerator: [{ name: login, envs: [login.env] }]\n', 'login.env', 'prod.env'],
    [
      'a generator of Secrets with a file',
      'secretGenerator: [{ name: x, files: [a.ini=x.ini] }]\n',
      'x.ini',
      'prod.ini',
    ],
    ['a patch', 'patches: [{ path: patch.yaml, target: { kind: Secret } }]\n', 'patch.yaml', 'dev.yaml'],
  ])('are found in %s', (_, kustomization, file, name) => {
    const files = { 'base/kustomization.yaml': kustomization, [`base/${file}`]: sopsFile(name) };
    const [message, ...others] = messagesOf({ kustomize: WITH_BASE, files });
    expect(message).toContain(`base/${file}: got "a file of SOPS for age1`);
    expect(others).toEqual([]);
  });

  test('do not count when no kustomization names them', () => {
    const files = {
      'base/kustomization.yaml': 'resources: [map.yaml]\n',
      'base/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
      'base/secret.yaml': sopsFile('dev.yaml'),
    };
    expect(messagesOf({ kustomize: WITH_BASE, files })).toEqual([]);
  });

  test('are judged by the keys that the component itself has', () => {
    const kustomize = (key: string) =>
      `      base: { directory: base }\n      decryption: { secretName: own, recipients: [${key}] }`;
    expect(messagesOf({ kustomize: kustomize(AGE_DEV), files: base('dev.yaml') })).toEqual([]);
    expect(messagesOf({ kustomize: kustomize(AGE_PROD), files: base('dev.yaml') })).toEqual([
      expect.stringContaining('(on uni-dev, uni-prod)'),
    ]);
  });

  test.each([
    ['a Secret whose keys nobody names', 'decryption: { secretName: own }', ROOTS],
    ['a cloud', 'decryption: { serviceAccountName: kms }', ROOTS],
    ['a root that keeps its keys to itself', 'decryption: {}', { dev: root(AGE_DEV), prod: root(AGE_PROD) }],
  ])('are taken with %s', (_, decryption, patches) => {
    const kustomize = `      base: { directory: base }\n      ${decryption}`;
    expect(messagesOf({ kustomize, patches, files: base('dev.yaml') })).toEqual([]);
  });

  test('are judged by the Secret of the root where the component uses it too', () => {
    const kustomize = '      base: { directory: base }\n      decryption: { secretName: sops-age }';
    const patches = { dev: root(AGE_DEV), prod: root(AGE_PROD) };
    const given = { kustomize, patches, files: base('dev.yaml') };
    // Its Flux objects are beside the root then.
    expect(messagesOf({ ...given, trigger: 'pipeline' })).toEqual([expect.stringContaining(AGE_PROD)]);
    // Else they are in its own namespace, where a Secret of that name may have other keys.
    expect(messagesOf(given)).toEqual([]);
  });
});

test('a file of SOPS in an overlay is refused where the cluster has none of its keys', () => {
  const files = {
    'base/kustomization.yaml': 'resources: []\n',
    'overlay/kustomization.yaml': 'resources: [../../base, secret.yaml]\n',
    'overlay/secret.yaml': sopsFile('dev.yaml'),
  };
  const kustomize = (cluster: string) =>
    `${WITH_BASE}\n      clusters: { ${cluster}: { overlay: { directory: overlay } } }`;
  expect(messagesOf({ kustomize: kustomize('uni-dev'), files })).toEqual([]);
  expect(messagesOf({ kustomize: kustomize('uni-prod'), files })).toEqual([
    expect.stringMatching(
      /^fleet\.yaml:14:[0-9]+: components\.web\.kustomize\.clusters\.uni-prod\.overlay\.directory: overlay\/secret\.yaml: got "a file of SOPS for age1tgf/,
    ),
  ]);
});

test('the Secret of a source is judged by the keys of the root', () => {
  const files = { 'base/kustomization.yaml': 'resources: []\n' };
  const kustomize = '      base: { directory: base }\n      source: { credential: { sops: sops/dev.yaml } }';
  expect(messagesOf({ kustomize, files })).toEqual([
    expect.stringMatching(/components\.web\.kustomize\.source\.credential: got "a file of SOPS for age1tgf/),
  ]);
  expect(messagesOf({ kustomize: kustomize.replace('dev.yaml', 'both.yaml'), files })).toEqual([]);
});
