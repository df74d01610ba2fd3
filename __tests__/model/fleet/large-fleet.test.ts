import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';

import { loadFleet, parseFleet } from '../../../lib/model/fleet';

const COMPONENTS = Array.from({ length: 20 }, (_, index) => `app-${index}`);
const CLUSTERS = Array.from({ length: 200 }, (_, index) => `edge-${String(index).padStart(3, '0')}`);
const sizeOf = (cluster: string): string => (Number(cluster.slice(-3)) % 4 === 0 ? 'large' : 'small');

const CLASS = `
parameters:
  size: { type: string, enum: [small, large], default: small }
cluster:
  environment: prod
  labels: { size: { parameter: size } }
`;

function clusterText(name: string): string {
  const size = sizeOf(name) === 'large' ? ', parameters: { size: large }' : '';
  const without = name === 'edge-000' ? ', without: [app-19]' : '';
  return `${name}: { class: edge${size}${without} }`;
}

function chunked<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return list.flatMap((_, index) => (index % size === 0 ? [list.slice(index, index + size)] : []));
}

/** Ten components are everywhere, nine on large clusters, and one on all but one cluster. */
const SHORT = `project: { url: https://gitlab.example.com, path: a/b }
defaults:
  flux: { version: v2.9.4 }
  connection: { kubeconfig: { context: 'kind-<cluster>' } }
  components: [${[...COMPONENTS.slice(0, 10), 'app-19'].join(', ')}]
environments:
  prod: {}
include: { classes: edge.yaml }
components:
${COMPONENTS.map((name, index) => {
  const on = index >= 10 && index < 19 ? ', on: { labels: { size: large } }' : '';
  return `  ${name}: { kustomize: { base: { inRepository: true }, postBuild: { variables: true }${on} } }`;
}).join('\n')}
clusters: {
${chunked(CLUSTERS.map(clusterText), 4)
  .map((line) => `  ${line.join(', ')},`)
  .join('\n')}
}
`;

const written = {
  project: { url: 'https://gitlab.example.com', path: 'a/b' },
  environments: { prod: {} },
  components: Object.fromEntries(COMPONENTS.map((name) => [name, { kustomize: { base: { inRepository: true } } }])),
  clusters: Object.fromEntries(
    CLUSTERS.map((name) => [
      name,
      {
        environment: 'prod',
        flux: { version: 'v2.9.4' },
        connection: { kubeconfig: { context: `kind-${name}` } },
        components: COMPONENTS.filter((_, index) => {
          if (index === 19) return name !== 'edge-000';
          return index < 10 || sizeOf(name) === 'large';
        }),
      },
    ]),
  ),
};
/** What variables say is said for each component and cluster. */
const writtenOut = {
  ...written,
  components: Object.fromEntries(
    COMPONENTS.map((name) => {
      const clusters = CLUSTERS.filter((cluster) => written.clusters[cluster]!.components.includes(name));
      const substitute = (cluster: string) => ({
        CLUSTER_NAME: cluster,
        ENVIRONMENT: 'prod',
        LABEL_SIZE: sizeOf(cluster),
      });
      const differing = clusters.map((cluster) => [cluster, { postBuild: { substitute: substitute(cluster) } }]);
      return [name, { kustomize: { base: { inRepository: true }, clusters: Object.fromEntries(differing) } }];
    }),
  ),
};

const treeOf = (fleet: ReturnType<typeof parseFleet>): readonly string[] =>
  fleet
    .files()
    .flatMap(({ stack, files }) => [...files].map(({ path, content }) => `${stack} ${path}\n${String(content)}`));

describe('a fleet of 200 clusters and 20 components', () => {
  const directory = mkdtempSync(join(tmpdir(), 'large-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('takes a few lines, and writes byte for byte what it writes when all is written out', () => {
    writeFileSync(join(directory, 'fleet.yaml'), SHORT);
    writeFileSync(join(directory, 'edge.yaml'), CLASS);
    expect(SHORT.split('\n').length).toBeLessThanOrEqual(150);
    const [short, long] = [loadFleet(join(directory, 'fleet.yaml')), parseFleet(stringify(writtenOut))].map(treeOf);
    // 200 clusters with 11 or 20 components of two files, and more.
    expect(short!.length).toBeGreaterThan(200 * 11 * 2);
    expect(short).toEqual(long);
  }, 120_000);
});
