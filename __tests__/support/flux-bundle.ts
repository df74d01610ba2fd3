import { vendorFlux } from '../../cli/vendor/vendor-flux';
import { DEFAULT_CONTROLLERS } from '../../lib/model/flux/controller-settings';
import { FluxBundle } from '../../lib/model/flux/gotk/flux-bundle';

const documents = (...objects: readonly object[]): string =>
  objects.map((object) => `---\n${JSON.stringify(object)}\n`).join('');

/** A controller whose arguments have the places that the flux CLI fills. */
function controller(name: string): string {
  const args = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((letter) => `--${letter}`);
  const containers = [{ name: 'manager', image: `fluxcd/${name}:v1.0.0`, args }];
  const template = { metadata: { labels: { app: name } }, spec: { containers } };
  return documents({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { template } });
}

/**
 * Keeps a release of Flux that is as small as one can be, as `gitlab-flux vendor flux` keeps a real one.
 *
 * @param out - directory of all versions
 * @param version - version that it should be
 * @returns its directory
 */
export function vendorSmallFlux(out: string, version = 'v2.9.4'): string {
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'cluster-reconciler' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name: 'kustomize-controller', namespace: 'flux-system' }],
  };
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'allow-egress' },
    spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
  };
  const files: [string, string][] = [
    ['rbac.yaml', documents(binding)],
    ['policies.yaml', documents(policy)],
    ...DEFAULT_CONTROLLERS.map((name): [string, string] => [`${name}.yaml`, controller(name)]),
  ];
  const bundle = FluxBundle.of('a small release', new Map(files));
  return vendorFlux({ bundle, version, source: 'a small release', out }).directory;
}
