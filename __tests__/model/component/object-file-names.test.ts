import fc from 'fast-check';

import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { objectFileNames as named } from '../../../lib/model/component/object-file-names';
import { type KubernetesObject } from '../../../lib/model/manifest/kubernetes-object';

const object = (apiVersion: string, kind: string, name: string, namespace?: string): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace },
});
const objectFileNames = (objects: readonly KubernetesObject[]) => named(objects).map(({ name }) => name);
const role = (name: string) => object('rbac.authorization.k8s.io/v1', 'ClusterRole', name);

describe('the names of the files of objects', () => {
  it.each<[string, KubernetesObject[], string[]]>([
    [
      'are kind, namespace and name',
      [object('apps/v1', 'Deployment', 'web', 'shop'), object('v1', 'Service', 'web'), role('system:web')],
      ['deployment-shop-web', 'service-web', 'clusterrole-system-web'],
    ],
    [
      'have the group where two kinds have one name',
      [object('v1', 'Service', 'web'), object('serving.knative.dev/v1', 'Service', 'web'), object('v1', 'Secret', 'a')],
      ['service-web', 'service.serving.knative.dev-web', 'secret-a'],
    ],
    [
      'show where the namespace ends, where that is not clear',
      [object('v1', 'ConfigMap', 'b-c', 'a'), object('v1', 'ConfigMap', 'c', 'a-b'), object('v1', 'ConfigMap', 'c')],
      ['configmap-a_b-c', 'configmap-a-b_c', 'configmap-c'],
    ],
    [
      'tell colons from hyphens, where both are there',
      [role('a:b'), role('a-b')],
      ['clusterrole.rbac.authorization.k8s.io-a__b', 'clusterrole.rbac.authorization.k8s.io-a-b'],
    ],
  ])('%s', (_, objects, names) => {
    expect(objectFileNames(objects)).toEqual(names);
  });

  it('are the same only for what is one object to Kubernetes', () => {
    const part = fc.constantFrom('a', 'b', 'a-b', 'b-c', 'a-b-c');
    const objects = fc.tuple(
      fc.constantFrom('v1', 'v2', 'x.io/v1', 'x.io/v2', 'y.io/v1'),
      fc.constantFrom('Role', 'Service'),
      fc.oneof(part, fc.constantFrom('a:b', 'a:b-c', 'a:b:c')),
      fc.option(part, { nil: undefined }),
    );
    const identity = ({ apiVersion, kind, metadata: { name, namespace } }: KubernetesObject): string =>
      JSON.stringify([/^(.*)\/|/.exec(apiVersion)?.[1], kind, namespace, name]);
    fc.assert(
      fc.property(fc.array(objects, { minLength: 2, maxLength: 6 }), (all) => {
        const list = all.map((each) => object(...each));
        const names = objectFileNames(list);
        list.forEach((one, i) =>
          list.forEach((other, j) => expect(names[i] === names[j]).toBe(identity(one) === identity(other))),
        );
      }),
    );
  });

  it('are refused when an object is there twice', () => {
    const twice = [object('apps/v1', 'Deployment', 'web'), object('apps/v1beta1', 'Deployment', 'web')];
    expect(() => KustomizeBase.objects(twice)).toThrow('want at least one object, and each once');
  });
});
