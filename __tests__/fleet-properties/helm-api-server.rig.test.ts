import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { HelmComponent } from '../../lib/model/component/helm-component';
import { loadFleet } from '../../lib/model/fleet';
import { parseObjects, toYaml } from '../../lib/model/manifest/yaml';
import { EXAMPLE } from '../support/example-fleet';
import { clusterObjects, treeOf } from '../support/reference-closure';
import { type ControlPlane, describeWithRig, findProgram, startControlPlane, temporaryDirectory } from '../support/rig';

// The chart of the example, as Helm renders its package with the values that each cluster gets.
describeWithRig('the API server', () => {
  const fleet = loadFleet(EXAMPLE);
  const tree = treeOf(fleet);
  let cluster: ControlPlane;

  beforeAll(async () => {
    cluster = await startControlPlane();
    const namespace = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'portal', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    };
    await cluster.kubectl(['create', '-f', '-'], toYaml([namespace]));
  });

  const cases = fleet.clusters.flatMap(({ cluster: each }) =>
    each.components.flatMap((component) =>
      component instanceof HelmComponent && component.ownChart ? [[each.name, component.name, each] as const] : [],
    ),
  );

  test.each(cases)('takes what the package makes of the values of %s for %s', async (_, name, each) => {
    const directory = temporaryDirectory('chart');
    const [file] = tree.paths.filter((path) => path.startsWith(`systems/${name}/`) && path.endsWith('.tgz'));
    const config = clusterObjects(tree, each).find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === `${name}-helm-values`,
    ) as any;
    writeFileSync(join(directory, 'chart.tgz'), tree.get(file!)!.content);
    writeFileSync(join(directory, 'values.yaml'), config.data['values.yaml']);
    const args = [
      'template',
      name,
      join(directory, 'chart.tgz'),
      '--namespace',
      name,
      '--values',
      join(directory, 'values.yaml'),
    ];
    const rendered = parseObjects(execFileSync(findProgram('helm')!, args, { encoding: 'utf8' }), 'helm template');
    expect(rendered.map(({ kind }) => kind).sort()).toEqual(['ConfigMap', 'Deployment', 'Service']);
    const taken = await cluster.kubectl(
      ['apply', '--dry-run=server', '--validate=strict', '-f', '-'],
      toYaml(rendered),
    );
    expect(taken.trim().split('\n')).toHaveLength(rendered.length);
    const deployment = rendered.find(({ kind }) => kind === 'Deployment') as any;
    expect(deployment.spec.replicas).toBe(each.environment === 'prod' ? 3 : 1);
    const [{ resources }] = deployment.spec.template.spec.containers;
    expect(resources.limits?.memory).toBe({ 'uni-prod': '128Mi', 'edge-dev': '64Mi' }[each.name]);
  });
});
