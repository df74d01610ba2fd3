import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { HelmComponent } from '../../lib/model/component/helm-component';
import { loadFleet, parseFleet } from '../../lib/model/fleet';
import { type FleetDefinition, projectBranch } from '../../lib/model/fleet/definition/fleet-definition';
import { FLUX_CONTROLLERS } from '../../lib/model/flux/patches/controllers';
import { FluxInstallation } from '../../lib/model/installation/flux-installation';
import { spokeAccountObjects } from '../../lib/model/installation/spoke-account-objects';
import { receiverHttpRoute } from '../../lib/model/layout/receiver-route';
import { type KubernetesObject } from '../../lib/model/manifest/kubernetes-object';
import { parseObjects, toYaml } from '../../lib/model/manifest/yaml';
import { ApiServer, type PlacedObject } from '../support/api-server';
import { EXAMPLE, ROOT } from '../support/example-fleet';
import { examplePlan, fleetOf } from '../support/fleets';
import { httpRouteDefinition, withoutGatewayApi } from '../support/gateway-api';
import { operatorChart, withoutOperatorChart } from '../support/operator-chart';
import { everyOperatorSetting } from '../support/operator-settings';
import { buildFleet, clusterObjects, fluxManifests, treeOf } from '../support/reference-closure';
import { type ControlPlane, describeWithRig, findProgram, startControlPlane, temporaryDirectory } from '../support/rig';

const example = loadFleet(EXAMPLE);
const hub = loadFleet(join(ROOT, 'examples/hub/fleet.yaml'));

/** The example whose gotk files Terraform writes, with the real manifests and as many settings as there are. */
function gotkFiles(): FleetDefinition {
  const file = join(ROOT, 'examples/gotk-files/fleet.yaml');
  const settings = `gotkFiles: terraform, fluxBundle: '${fluxManifests}', tolerationKeys: [a/b, '1'], imagePullSecret: on-1`;
  const text = readFileSync(file, 'utf8');
  const given = text.replace('gotkFiles: terraform', `${settings}, controllers: [${FLUX_CONTROLLERS.join(', ')}]`);
  return parseFleet(given, { file });
}

// The API server takes every object that Flux, or GitLab CI, would apply.
describeWithRig('the API server with the CRDs of Flux', () => {
  let cluster: ControlPlane;
  let api: ApiServer;

  beforeAll(async () => {
    cluster = await startControlPlane();
    api = ApiServer.of(cluster);
    const files = readdirSync(fluxManifests);
    await define(files.flatMap((file) => parseObjects(readFileSync(join(fluxManifests, file), 'utf8'), file)));
    await cluster.kubectl(['create', 'namespace', 'flux-system']);
  });

  /** Those of some objects that define others. */
  const define = async (objects: readonly Partial<KubernetesObject>[]): Promise<void> => {
    const definitions = objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
    await cluster.kubectl(['create', '-f', '-'], toYaml(definitions));
    await cluster.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
  };

  /** What the API server makes of each object, as Flux applies it. */
  const tryAll = (objects: readonly PlacedObject[]): Promise<any[]> =>
    Promise.all(objects.map((object) => api.apply(filled(object), { dryRun: true })));

  /** The paths of hooks are filled in by Flux. */
  const filled = <T extends object>(object: T): T =>
    JSON.parse(JSON.stringify(object).replace(/\$\{WEBHOOK_PATH_\w+\}/g, `/hook/${'0'.repeat(64)}`));

  test.each<[string, () => FleetDefinition]>([
    ['a fleet with everything', () => fleetOf(examplePlan)],
    ['the example fleet', () => example],
    ['a hub and its spokes', () => hub],
    ['a cluster with the type provider', () => loadFleet(join(ROOT, 'examples/flux-terraform/fleet.yaml'))],
    ['a cluster whose gotk files Terraform writes', gotkFiles],
  ])('takes %s', async (_, load) => {
    const definition = load();
    const tree = treeOf(definition);
    const { overlays, roots } = await buildFleet(definition, temporaryDirectory('tree'));
    const applied = definition.clusters.map(({ cluster: each }) =>
      each.trigger.type === 'pipeline' ? clusterObjects(tree, each) : roots.get(each.name)!,
    );
    const accounts = definition.clusters
      .filter(({ flux }) => flux.type === 'spoke')
      .map(({ cluster: { name } }) => spokeAccountObjects(name, undefined, true));
    const builds = [...accounts, ...applied, ...overlays.values()];
    const namespaces = new Map(
      builds
        .flat()
        .filter(({ kind }) => kind === 'Namespace')
        .map((object) => [object.metadata.name, object]),
    );
    for (const namespace of namespaces.values()) await api.apply(namespace);
    for (const objects of builds) await tryAll(objects);
  });

  const charts = example.clusters.flatMap(({ cluster: each }) =>
    each.components.flatMap((component) =>
      component instanceof HelmComponent && component.ownChart ? [[each.name, component.name, each] as const] : [],
    ),
  );

  // The chart of the example, as Helm renders its package with the values that each cluster gets.
  test.each(charts)('takes what the package makes of the values of %s for %s', async (_, name, each) => {
    const tree = treeOf(example);
    const directory = temporaryDirectory('chart');
    const [chart, values] = [join(directory, 'chart.tgz'), join(directory, 'values.yaml')];
    const file = tree.paths.find((path) => path.startsWith(`systems/${name}/`) && path.endsWith('.tgz'))!;
    const config = clusterObjects(tree, each).find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === `${name}-helm-values`,
    ) as any;
    writeFileSync(chart, tree.get(file)!.content);
    writeFileSync(values, config.data['values.yaml']);
    const args = ['template', name, chart, '--namespace', name, '--values', values];
    const rendered = parseObjects(execFileSync(findProgram('helm')!, args, { encoding: 'utf8' }), 'helm template');
    expect(rendered.map(({ kind }) => kind).sort()).toEqual(['ConfigMap', 'Deployment', 'Service']);
    await api.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
    await tryAll(rendered);
    const deployment = rendered.find(({ kind }) => kind === 'Deployment') as any;
    expect(deployment.spec.replicas).toBe(each.environment === 'prod' ? 3 : 1);
    const [{ resources }] = deployment.spec.template.spec.containers;
    expect(resources.limits?.memory).toBe({ 'uni-prod': '128Mi', 'edge-dev': '64Mi' }[each.name]);
  });

  test('refuses what Flux does not know', async () => {
    const [kustomization] = clusterObjects(
      treeOf(fleetOf(examplePlan)),
      fleetOf(examplePlan).clusters[0]!.cluster,
    ).filter(({ kind }) => kind === 'Kustomization') as any[];
    const wrong = { ...kustomization, spec: { ...kustomization.spec, intervall: '1m' } };
    await expect(tryAll([wrong])).rejects.toThrow('.spec.intervall: field not declared in schema');
  });

  (withoutGatewayApi === undefined ? test : test.skip)(
    `takes the HTTPRoute of a webhook${withoutGatewayApi === undefined ? '' : ` (skipped, program: ${withoutGatewayApi})`}`,
    async () => {
      await define(parseObjects(httpRouteDefinition(), 'httproutes.yaml'));
      const route = { gateway: 'public', gatewayNamespace: 'gateways', sectionName: 'https' };
      const props = { name: 'webhook-receiver', host: 'flux.example.com', paths: ['${WEBHOOK_PATH_A}'] };
      expect(await tryAll([receiverHttpRoute(props, route)])).toMatchObject([{ kind: 'HTTPRoute' }]);
      const two = { ...props, paths: ['${WEBHOOK_PATH_A}', '${WEBHOOK_PATH_B}'] };
      expect(await tryAll([receiverHttpRoute(two, { gateway: 'public', gatewayNamespace: 'gateways' })])).toMatchObject(
        [{ kind: 'HTTPRoute' }],
      );
    },
  );

  (withoutOperatorChart === undefined ? test : test.skip)(
    `takes the FluxInstance of a hub${withoutOperatorChart === undefined ? '' : ` (skipped, program: ${withoutOperatorChart})`}`,
    async () => {
      const chart = ['template', 'flux-operator', operatorChart().chartPath, '--kube-version', '1.36.0'];
      const rendered = parseObjects(execFileSync(findProgram('helm')!, chart, { encoding: 'utf8' }), 'helm template');
      await define(rendered);
      const [{ cluster: uniHub, flux }] = hub.clusters as any;
      const instances = [flux, FluxInstallation.operator(everyOperatorSetting)].map((each) =>
        each.instanceFor(uniHub, projectBranch(hub.project)),
      );
      expect(await tryAll(instances)).toMatchObject([{ kind: 'FluxInstance' }, { kind: 'FluxInstance' }]);
    },
  );
});
