import { Cluster, type ClusterProps } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { dependencyWarnings } from '../../../lib/model/cluster/suspended-dependencies';
import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { KustomizeComponent, type KustomizeComponentProps } from '../../../lib/model/component/kustomize-component';

const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } };
const component = (name: string, props: Partial<KustomizeComponentProps> = {}) =>
  new KustomizeComponent({ name, base: KustomizeBase.objects([object]), ...props });

function warningsOf(crds: Partial<KustomizeComponentProps>, more: Partial<ClusterProps> = {}, app = {}) {
  const dependency = component('crds', crds);
  const components = [component('app', { dependsOn: [dependency], ...app }), dependency];
  const connection = ClusterConnection.kubeconfig({ context: 'one' });
  const cluster = new Cluster({ name: 'one', environment: 'dev', connection, components, ...more });
  return dependencyWarnings(cluster).map(({ message }) => message);
}

const WARNING =
  'component "app" depends on "crds", which is suspended: where that has never been ready, "app" waits for ever';

test('a component that depends on a suspended one is named with it', () => {
  expect(warningsOf({ suspend: true })).toEqual([WARNING]);
  expect(warningsOf({ environments: { dev: { suspend: true } } })).toEqual([WARNING]);
});

test.each([
  ['nothing is suspended', warningsOf({})],
  ['it is suspended on another cluster', warningsOf({ clusters: { two: { suspend: true } } })],
  ['what depends on it is suspended too', warningsOf({ suspend: true }, {}, { suspend: true })],
  ['the cluster is suspended', warningsOf({ suspend: true }, { suspend: true })],
])('nothing is said where %s', (_, warnings) => {
  expect(warnings).toEqual([]);
});
