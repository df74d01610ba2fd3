import { KustomizeBase } from '../../lib/model/component/kustomize-base';
import { KustomizeComponent, type KustomizeComponentProps } from '../../lib/model/component/kustomize-component';
import { type KubernetesObject } from '../../lib/model/manifest/kubernetes-object';

/** A ConfigMap without a namespace: it goes into the component's. */
export function configMap(name: string, data: Readonly<Record<string, string>> = {}): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

/** A Deployment whose pods the rig reports as ready. */
export function deployment(name: string): KubernetesObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'nginx' }] } },
    },
  };
}

/** A ClusterRole that allows nothing. */
export function clusterRole(name: string): KubernetesObject {
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules: [] };
}

/** A component of these objects, which Flux tries again soon. */
export function component(
  name: string,
  objects: readonly KubernetesObject[],
  props: Partial<KustomizeComponentProps> = {},
): KustomizeComponent {
  return new KustomizeComponent({ name, base: KustomizeBase.objects(objects), retryInterval: '3s', ...props });
}
