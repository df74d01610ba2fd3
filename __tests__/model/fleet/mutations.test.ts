import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';

import { runProgram } from '../../../cli/program';
import { EXAMPLE_TEXT, ROOT } from '../../support/example-fleet';

type Path = readonly (string | number)[];

/** The paths of all keys of the example. */
function keysOf(node: unknown, path: Path = []): readonly Path[] {
  if (isSeq(node)) return node.items.flatMap((item, index) => keysOf(item, [...path, index]));
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }) => {
    const own = [...path, String((key as any).value)];
    return [own, ...keysOf(value, own)];
  });
}

const mutations: Record<string, (path: Path) => string> = {
  rename(path) {
    const document = parseDocument(EXAMPLE_TEXT);
    const parent: any = document.getIn(path.slice(0, -1), true);
    const pair = parent.items.find(({ key }: any) => key.value === path.at(-1));
    pair.key.value = `${String(path.at(-1))}x`;
    return document.toString();
  },
  retype(path) {
    const document = parseDocument(EXAMPLE_TEXT);
    const value = document.getIn(path, true);
    document.setIn(path, isScalar(value) && typeof value.value === 'string' ? 4711 : 'a text');
    return document.toString();
  },
  delete(path) {
    const document = parseDocument(EXAMPLE_TEXT);
    document.deleteIn(path);
    return document.toString();
  },
};

// Below a patch as data stand the fields of Kubernetes: its API server knows them, this library does not. The same
// goes for values of a chart, which Helm judges.
const KUBERNETES_FIELD = /\.patch\.|\.patch\[\d+\]\.value$|\.values\./;

/** What may be gone, renamed or of another type, because the fleet means something else then and is right all the same. */
const VALID: Record<string, readonly string[]> = {
  rename: [
    // No component names it.
    'clusters.campus-dev',
    'components.log-store.kustomize.namespaceLabels.pod-security.kubernetes.io/enforce',
    'components.fluentd.kustomize.namespaceLabels.pod-security.kubernetes.io/enforce',
    'components.fluentd.kustomize.clusters.uni-dev.overlay.labels.example.com/cluster',
    'components.portal.helm.namespaceLabels.pod-security.kubernetes.io/enforce',
  ],
  retype: [],
  delete: [
    'project.branch',
    'defaults.flux.removalPolicy',
    'environments.dev.flux',
    'environments.dev.flux.logLevel',
    'environments.prod.flux',
    'environments.prod.flux.version',
    'environments.prod.flux.patches',
    'environments.prod.flux.patches[0].concurrency.kustomize',
    'environments.prod.flux.patches[0].concurrency.helm',
    'environments.prod.flux.patches[1].resources.controllers',
    'environments.prod.flux.patches[1].resources.requests',
    'environments.prod.flux.patches[1].resources.requests.cpu',
    'environments.prod.flux.patches[1].resources.requests.memory',
    'environments.prod.flux.patches[1].resources.limits',
    'environments.prod.flux.patches[1].resources.limits.memory',
    'components.log-store.kustomize.namespaceLabels',
    'components.log-store.kustomize.namespaceLabels.pod-security.kubernetes.io/enforce',
    'components.log-store.kustomize.timeout',
    'clusters.campus-dev',
    'clusters.campus-dev.components',
    'clusters.campus-dev.trigger',
    'clusters.campus-dev.trigger.webhook.callers',
    'clusters.campus-dev.trigger.webhook.ingress',
    'clusters.campus-dev.trigger.webhook.ingress.className',
    'clusters.campus-dev.trigger.webhook.ingress.tlsSecretName',
    'clusters.edge-dev.trigger',
    'clusters.edge-dev.trigger.pipeline.access',
    'clusters.uni-dev.trigger',
    'clusters.uni-prod.connection.exec.args',
    'clusters.uni-prod.trigger',
    'clusters.uni-prod.trigger.interval.every',
    'components.fluentd.kustomize.clusters',
    'components.fluentd.kustomize.clusters.edge-dev',
    'components.fluentd.kustomize.clusters.edge-dev.overlay',
    'components.fluentd.kustomize.clusters.edge-dev.overlay.directory',
    'components.fluentd.kustomize.clusters.uni-dev',
    'components.fluentd.kustomize.clusters.uni-dev.overlay',
    'components.fluentd.kustomize.clusters.uni-dev.overlay.labels',
    'components.fluentd.kustomize.clusters.uni-dev.overlay.labels.example.com/cluster',
    'components.fluentd.kustomize.clusters.uni-dev.overlay.patches',
    'components.fluentd.kustomize.clusters.uni-prod',
    'components.fluentd.kustomize.clusters.uni-prod.overlay',
    'components.fluentd.kustomize.clusters.uni-prod.overlay.images',
    'components.fluentd.kustomize.clusters.uni-prod.overlay.images[0].newName',
    'components.fluentd.kustomize.clusters.uni-prod.overlay.patches',
    'components.fluentd.kustomize.dependsOn',
    'components.fluentd.kustomize.environments',
    'components.fluentd.kustomize.environments.prod',
    'components.fluentd.kustomize.environments.prod.interval',
    'components.fluentd.kustomize.environments.prod.ref',
    'components.fluentd.kustomize.healthChecks',
    'components.fluentd.kustomize.healthChecks[0].namespace',
    'components.fluentd.kustomize.namespaceLabels',
    'components.fluentd.kustomize.namespaceLabels.pod-security.kubernetes.io/enforce',
    'components.log-store.kustomize.clusters',
    'components.log-store.kustomize.clusters.uni-prod',
    'components.log-store.kustomize.clusters.uni-prod.overlay',
    'components.log-store.kustomize.clusters.uni-prod.overlay.patches',
    'components.log-store.kustomize.clusters.uni-prod.overlay.patches[0].target.kind',
    'components.log-store.kustomize.clusters.uni-prod.overlay.patches[0].target.name',
    'components.log-store.kustomize.environments',
    'components.log-store.kustomize.environments.prod',
    'components.log-store.kustomize.environments.prod.ref',
    'components.cert-manager.helm.environments',
    'components.cert-manager.helm.environments.prod',
    'components.cert-manager.helm.environments.prod.values',
    'components.cert-manager.helm.values',
    'components.kube-state-metrics.helm.strategy',
    'components.kube-state-metrics.helm.strategy.remediateOnFailure.retries',
    'components.portal.helm.clusters',
    'components.portal.helm.clusters.uni-dev',
    'components.portal.helm.clusters.uni-dev.values',
    'components.portal.helm.dependsOn',
    'components.portal.helm.environments',
    'components.portal.helm.environments.prod',
    'components.portal.helm.environments.prod.ref',
    'components.portal.helm.environments.prod.values',
    'components.portal.helm.namespaceLabels',
    'components.portal.helm.namespaceLabels.pod-security.kubernetes.io/enforce',
  ],
};

const text = (path: Path): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1);

describe('every key of the example fleet', () => {
  const directory = mkdtempSync(join(tmpdir(), 'mutations-'));
  const file = join(directory, 'fleet.yaml');
  const out = join(directory, 'out');
  const keys = keysOf(parseDocument(EXAMPLE_TEXT).contents);

  beforeAll(() => cpSync(join(ROOT, 'examples'), join(directory, 'examples'), { recursive: true }));
  afterAll(() => rmSync(directory, { recursive: true }));

  const render = async (mutated: string): Promise<{ code: number; errors: string }> => {
    rmSync(out, { recursive: true, force: true });
    writeFileSync(file, mutated);
    let errors = '';
    const code = await runProgram(['render', file, '--out', out], {
      stdout: { write: () => true },
      stderr: { write: (chunk) => (errors += chunk) },
      environment: {},
    });
    return { code, errors };
  };

  it('is a fleet without a mutation', async () => {
    expect(await render(parseDocument(EXAMPLE_TEXT).toString())).toEqual({ code: 0, errors: '' });
    expect(existsSync(out)).toBe(true);
    expect(keys.length).toBeGreaterThan(120);
  });

  it.each(Object.keys(mutations))(
    'is missed with line and column, and nothing is written: %s',
    async (kind) => {
      const valid: string[] = [];
      for (const path of keys.filter((each) => !KUBERNETES_FIELD.test(text(each)))) {
        const { code, errors } = await render(mutations[kind]!(path));
        if (code === 0) {
          valid.push(text(path));
          continue;
        }
        expect({ path: text(path), errors }).toEqual({
          path: text(path),
          errors: expect.stringMatching(/^(error: \S+fleet\.yaml:\d+:\d+: .+\n)+$/),
        });
        expect(existsSync(out)).toBe(false);
      }
      expect(valid.sort()).toEqual([...VALID[kind]!].sort());
    },
    60_000,
  );
});
