import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { Fleet } from '../../../lib/model/cluster/fleet';
import { Trigger } from '../../../lib/model/cluster/trigger';
import { type Component } from '../../../lib/model/component/component';
import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { KustomizeComponent, type KustomizeComponentProps } from '../../../lib/model/component/kustomize-component';
import { fleetFiles } from '../../../lib/model/fleet/definition/fleet-definition';
import { FluxInstallation } from '../../../lib/model/installation/flux-installation';

const connection = ClusterConnection.kubeconfig({ context: 'a' });
const component = (name: string, props: Partial<KustomizeComponentProps> = {}) =>
  new KustomizeComponent({ name, base: KustomizeBase.inRepository(), ...props });
const cluster = (name: string, components: Component[] = [], environment = 'dev', trigger = Trigger.interval()) =>
  new Cluster({ name, environment, connection, components, trigger });

describe('a cluster', () => {
  it('has its components after those that they depend on, and otherwise as given', () => {
    const a = component('a');
    const b = component('b', { dependsOn: [a] });
    const c = component('c');
    expect(cluster('x', [c, b, a]).components.map(({ name }) => name)).toEqual(['c', 'a', 'b']);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['a name that is no DNS label', () => cluster('Uni'), /^cluster: name: got "Uni"/],
    ['the reserved name', () => cluster('flux-common'), /name: got "flux-common", want another name/],
    ['an environment that is none', () => cluster('x', [], 'Dev'), /cluster "x": environment: got "Dev"/],
    [
      'a component named flux-system',
      () => cluster('x', [component('flux-system', { namespace: 'a' })]),
      /components\[0\]: got "flux-system", want another name/,
    ],
    ['a component named spokes', () => cluster('x', [component('spokes')]), /components\[0\]: got "spokes"/],
    [
      'two components of one name',
      () => cluster('x', [component('a'), component('a')]),
      /components\[1\]: got "a", want each component once/,
    ],
    [
      'two owners of a namespace',
      () => cluster('x', [component('a'), component('b', { namespace: 'a' })]),
      /want namespaceOwner: "a"/,
    ],
    ["Flux's namespace", () => cluster('x', [component('a', { namespace: 'flux-system' })]), /want another namespace/],
    [
      'an owner that is missing',
      () => cluster('x', [component('b', { namespaceOwner: component('a') })]),
      /"a" among the components too, because it brings/,
    ],
    [
      'a dependency that is missing',
      () => cluster('x', [component('b', { dependsOn: [component('a')] })]),
      /"a" among the components too/,
    ],
    [
      'two components that bring one service account',
      () => {
        const serviceAccount = { name: 'deployer' };
        const owner = component('a', { serviceAccount });
        return cluster('x', [owner, component('b', { namespaceOwner: owner, serviceAccount })]);
      },
      /components\[1\]: got ".*b.* with the service account a\/deployer, which .*a.* brings", want serviceAccount\.create: false/,
    ],
  ])('is refused for %s', (_, make, message) => expect(make).toThrow(message));

  it('may have components that share a service account', () => {
    const owner = component('a', { serviceAccount: { name: 'deployer' } });
    const shared = { name: 'deployer', create: false };
    expect(() =>
      cluster('x', [owner, component('b', { namespaceOwner: owner, serviceAccount: shared })]),
    ).not.toThrow();
  });

  it('is refused for a cycle', () => {
    const a: any = component('a');
    const b = component('b', { dependsOn: [a] });
    a.dependsOn = [b];
    expect(() => cluster('x', [a, b])).toThrow('dependsOn: got "a → b → a", want dependencies without a cycle');
  });
});

describe('a fleet', () => {
  const pipeline = (name: string, components: Component[]) => cluster(name, components, 'dev', Trigger.pipeline());
  it.each<[string, () => unknown, RegExp]>([
    [
      'two clusters of one name',
      () => new Fleet([cluster('x'), cluster('x')]),
      /clusters: got "x", want each cluster once/,
    ],
    [
      'an environment that continues another',
      () => new Fleet([cluster('x', [], 'dev'), cluster('y', [], 'dev-eu')]),
      /environments: got "dev-eu"/,
    ],
    [
      'files of one name in flux-common',
      () => new Fleet([pipeline('a', [component('b-c')]), pipeline('a-b', [component('c')])]),
      /both would be clusters\/flux-common\/a-b-c\.yaml/,
    ],
    [
      'two components of one name',
      () => new Fleet([cluster('x', [component('a')]), cluster('y', [component('a')])]),
      /systems\/a belongs to one/,
    ],
    [
      'an overlay for an unknown cluster',
      () => new Fleet([cluster('x', [component('a', { clusters: { y: {} } })])]),
      /component "a": clusters: got "y"/,
    ],
    [
      'an unknown environment',
      () => new Fleet([cluster('x', [component('a', { environments: { prod: {} } })])]),
      /environments: got "prod"/,
    ],
    [
      'an overlay for a cluster without the component',
      () => new Fleet([cluster('x', [component('a', { clusters: { y: {} } })]), cluster('y')]),
      /want a cluster that has the component: x/,
    ],
  ])('is refused for %s', (_, make, message) => expect(make).toThrow(message));

  it('may have such names where nothing is in flux-common', () => {
    expect(() => new Fleet([cluster('a', [component('b-c')]), cluster('a-b', [component('c')])])).not.toThrow();
  });

  it('is one whose stacks write each path once', () => {
    const shared = component('a');
    const clusters = [cluster('x', [shared]), cluster('y', [shared])].map((each) => ({
      cluster: each,
      flux: FluxInstallation.bootstrap({ version: 'v2.9.4' }),
    }));
    const stacks = fleetFiles({ project: { url: 'https://h', path: 'a/b' }, clusters });
    expect(stacks.map(({ stack }) => stack)).toEqual(['repository', 'dev-x', 'dev-y']);
  });
});

describe('a connection', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['http', () => ClusterConnection.token({ server: 'http://x' }), /server: got "http:\/\/x"/],
    ['no context', () => ClusterConnection.kubeconfig({ context: ' ' }), /context: got " "/],
    [
      'a variable that is none',
      () => ClusterConnection.token({ server: 'https://x', tokenVariable: '1a' }),
      /tokenVariable: got "1a"/,
    ],
    [
      'a certificate that is none',
      () => ClusterConnection.exec({ server: 'https://x', command: 'a', certificateAuthority: 'b' }),
      /certificateAuthority: want/,
    ],
  ])('is refused for %s', (_, make, message) => expect(make).toThrow(message));
});
