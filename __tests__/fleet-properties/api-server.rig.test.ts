import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadFleet } from '../../lib/model/fleet';
import type { FleetDefinition } from '../../lib/model/layout/fleet-definition';
import type { FileTree } from '../../lib/model/manifest/file-tree';
import type { KubernetesObject } from '../../lib/model/manifest/kubernetes-object';
import { parseObjects, toYaml } from '../../lib/model/manifest/yaml';
import { examplePlan, fleetOf } from '../support/fleets';
import { buildFleet, clusterObjects, fluxManifests, treeOf } from '../support/reference-closure';
import { type ControlPlane, describeWithRig, startControlPlane, temporaryDirectory } from '../support/rig';

const example = join(__dirname, '../../fleet.yaml');

// The API server takes every object that Flux, or GitLab CI, would apply.
describeWithRig('the API server with the CRDs of Flux', () => {
  let cluster: ControlPlane;

  beforeAll(async () => {
    cluster = await startControlPlane();
    const definitions = readdirSync(fluxManifests).flatMap((file) =>
      parseObjects(readFileSync(join(fluxManifests, file), 'utf8'), file).filter(
        ({ kind }) => kind === 'CustomResourceDefinition',
      ),
    );
    await cluster.kubectl(['create', '-f', '-'], toYaml(definitions));
    await cluster.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
    await cluster.kubectl(['create', 'namespace', 'flux-system']);
  });

  const tryAll = (objects: readonly Partial<KubernetesObject>[]): Promise<string> =>
    cluster.kubectl(['apply', '--dry-run=server', '--validate=strict', '-f', '-'], toYaml(objects));

  const fleets: [string, FleetDefinition][] = [
    ['a fleet with everything', fleetOf(examplePlan)],
    ...(existsSync(example) ? [['the example fleet', loadFleet(example)] as [string, FleetDefinition]] : []),
  ];

  test.each(fleets)('takes %s', async (_, definition) => {
    const tree: FileTree = treeOf(definition);
    const { overlays, roots } = await buildFleet(definition, temporaryDirectory('tree'));
    const every = [...overlays.values(), ...roots.values()].flat();
    const common = definition.clusters.flatMap((each) => clusterObjects(tree, each.cluster));
    const namespaces = new Map(
      [...every, ...common].filter(({ kind }) => kind === 'Namespace').map((object) => [object.metadata.name, object]),
    );
    await cluster.kubectl(['apply', '-f', '-'], toYaml([...namespaces.values()]));
    for (const { cluster: each } of definition.clusters) {
      const objects = each.trigger.type === 'pipeline' ? clusterObjects(tree, each) : roots.get(each.name)!;
      expect((await tryAll(objects)).trim().split('\n')).toHaveLength(objects.length);
      for (const component of each.components) {
        const overlay = overlays.get(`systems/${component.name}/overlays/${each.name}`);
        if (overlay !== undefined) {
          expect((await tryAll(overlay)).trim().split('\n')).toHaveLength(overlay.length);
        }
      }
    }
  });

  test('refuses what Flux does not know', async () => {
    const [kustomization] = clusterObjects(
      treeOf(fleetOf(examplePlan)),
      fleetOf(examplePlan).clusters[0]!.cluster,
    ).filter(({ kind }) => kind === 'Kustomization') as any[];
    const wrong = { ...kustomization, spec: { ...kustomization.spec, intervall: '1m' } };
    await expect(tryAll([wrong])).rejects.toThrow(/unknown field "spec.intervall"/);
  });
});
