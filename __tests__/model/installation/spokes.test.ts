import fc from 'fast-check';

import { AgentDefinition } from '../../../lib/model/agent/agent-definition';
import { Cluster, type ClusterProps } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { SpokeAuthentication, type WorkloadIdentity } from '../../../lib/model/cluster/spoke-authentication';
import { Trigger } from '../../../lib/model/cluster/trigger';
import { ChartSource } from '../../../lib/model/component/chart/chart-source';
import { HelmComponent } from '../../../lib/model/component/helm-component';
import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { KustomizeComponent, type KustomizeComponentProps } from '../../../lib/model/component/kustomize-component';
import { type ClusterDefinition, fleetFiles } from '../../../lib/model/fleet/definition/fleet-definition';
import { hubSizings } from '../../../lib/model/fleet/definition/hub-sizing';
import { type FluxHub } from '../../../lib/model/installation/flux-hub';
import { FluxInstallation } from '../../../lib/model/installation/flux-installation';
import { type OperatorInstallationProps } from '../../../lib/model/installation/installation-props';
import { shardOfSpoke } from '../../../lib/model/installation/shard-of-spoke';
import { type SpokeInstallationProps } from '../../../lib/model/installation/spoke-installation';
import { parseObjects } from '../../../lib/model/manifest/yaml';
import { certificateAuthority } from '../../support/certificate-authority';

const authentication = SpokeAuthentication.serviceAccountToken();
const connection = ClusterConnection.token({ server: 'https://spoke.example.com:6443', certificateAuthority });

const store = (props: Partial<KustomizeComponentProps> = {}): KustomizeComponent =>
  new KustomizeComponent({ name: 'store', base: KustomizeBase.inRepository(), ...props });
const app = new HelmComponent({
  name: 'app',
  chart: ChartSource.repository({ url: 'https://charts.example.com', name: 'app', version: '1.0.0' }),
});

type Hub = ClusterDefinition & FluxHub;
const hub = (flux: Partial<OperatorInstallationProps> = {}, props: Partial<ClusterProps> = {}): Hub => ({
  cluster: new Cluster({
    name: 'hub',
    environment: 'dev',
    connection: ClusterConnection.kubeconfig({ context: 'hub' }),
    ...props,
  }),
  flux: FluxInstallation.operator({ version: 'v2.9.4', ...flux }),
});
type Spoke = (onHub: FluxHub) => ClusterDefinition;
const spoke =
  (flux: Partial<SpokeInstallationProps> = {}, props: Partial<ClusterProps> = {}): Spoke =>
  (onHub) => ({
    cluster: new Cluster({ name: 'shop', environment: 'dev', connection, components: [store(), app], ...props }),
    flux: FluxInstallation.spoke({ hub: onHub, authentication, ...flux }),
  });
const filesOf = (onHub: Hub, ...spokes: readonly Spoke[]): Readonly<Record<string, string>> => {
  const clusters = [onHub, ...spokes.map((each) => each(onHub))];
  const stacks = fleetFiles({ project: { url: 'https://gitlab.example.com', path: 'platform/fleet' }, clusters });
  return Object.fromEntries(
    stacks.flatMap(({ files }) => [...files].map(({ path, content }) => [path, String(content)] as const)),
  );
};
const objects = (text = ''): readonly Record<string, any>[] => parseObjects(text, 'test');
const named = (text: string | undefined, kind: string, name: string): Record<string, any> | undefined =>
  objects(text).find((object) => object['kind'] === kind && object['metadata'].name === name);

describe('the agent of a hub', () => {
  const filesWith = (agent: AgentDefinition, trigger: Trigger, name?: string) => () =>
    filesOf({ ...hub({}, { trigger }), agent }, spoke({}, { trigger, ...(name === undefined ? {} : { name }) }));

  test('has to see the sources of spokes when it tells Flux about pushes', () => {
    expect(filesWith(new AgentDefinition(), Trigger.agent())).toThrow(
      'cluster "shop": hub: got "hub", want a hub with `agent: { sources: cluster }`',
    );
    expect(filesWith(new AgentDefinition({ sources: 'cluster' }), Trigger.agent())).not.toThrow();
    expect(filesWith(AgentDefinition.existing({ name: 'theirs' }), Trigger.agent())).not.toThrow();
    expect(filesWith(new AgentDefinition(), Trigger.interval())).not.toThrow();
  });

  test('has its namespace for itself', () => {
    expect(filesWith(new AgentDefinition(), Trigger.interval(), 'gitlab-agent')).toThrow(
      'cluster "gitlab-agent": name: got "gitlab-agent", want another name: on the hub "hub" the namespace of this name',
    );
  });
});

describe('the files of a spoke', () => {
  test('are its own file in the directory of its hub, its directory, its namespaces and its overlays', () => {
    expect(Object.keys(filesOf(hub(), spoke())).sort()).toEqual([
      'clusters/hub/flux-system/README.md',
      'clusters/hub/spokes/shop.yaml',
      'clusters/shop/app/app-config.yaml',
      'clusters/shop/app/app-helm-chart.yaml',
      'clusters/shop/app/app-helm-release.yaml',
      'clusters/shop/app/app-helm-repository.yaml',
      'clusters/shop/app/kustomization.yaml',
      'clusters/shop/store/kustomization.yaml',
      'clusters/shop/store/store-git-repository.yaml',
      'clusters/shop/store/store-kustomization.yaml',
      'clusters/shop/store/store-secret.yaml',
      'spokes/shop/kustomization.yaml',
      'spokes/shop/namespaces.yaml',
      'systems/store/overlays/shop/kustomization.yaml',
    ]);
  });

  test('with the trigger webhook are also its receiver, and what has the hub apply it', () => {
    const webhook = { url: 'https://flux.example.com', ingress: { className: 'nginx' } };
    const props = { trigger: Trigger.webhook(webhook) };
    const [before, files] = [filesOf(hub(), spoke()), filesOf(hub({}, props), spoke({}, props))];
    expect(Object.keys(files).filter((path) => before[path] === undefined && path.includes('shop'))).toEqual([
      'clusters/hub/spokes/shop/webhook-receiver.yaml',
      'spokes/shop/webhook-receiver/kustomization.yaml',
      'spokes/shop/webhook-receiver/webhook-receiver-ingress.yaml',
      'spokes/shop/webhook-receiver/webhook-receiver-shop.yaml',
    ]);
    expect(files['clusters/hub/spokes/shop/webhook-receiver.yaml']).toBe(`---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  annotations:
    kustomize.toolkit.fluxcd.io/substitute: disabled
  name: webhook-spoke-shop
  namespace: flux-system
spec:
  interval: 10m
  path: ./spokes/shop/webhook-receiver
  postBuild:
    substituteFrom:
    - kind: Secret
      name: webhook-spoke-shop
  prune: true
  retryInterval: 1m
  sourceRef:
    kind: GitRepository
    name: flux-system
  timeout: 3m
  wait: false
`);
    const [secret, receiver] = objects(files['spokes/shop/webhook-receiver/webhook-receiver-shop.yaml']);
    expect(secret?.['metadata']).toEqual({ name: 'webhook-token', namespace: 'shop' });
    expect(receiver?.['metadata']).toMatchObject({ name: 'webhook', namespace: 'shop' });
    // Its chart is from elsewhere; the source of the root is the spoke's own.
    expect(receiver?.['spec'].resources.map(({ name, namespace }: any) => [name, namespace])).toEqual([
      ['flux-system', undefined],
      ['store', undefined],
    ]);
    const [ingress] = objects(files['spokes/shop/webhook-receiver/webhook-receiver-ingress.yaml']);
    expect(ingress?.['metadata']).toEqual({ name: 'webhook-spoke-shop', namespace: 'flux-system' });
    expect(ingress?.['spec'].rules[0].http.paths[0].path).toBe('${WEBHOOK_PATH_SHOP}');
  });

  test('of the receiver: under lockdown the account of the controller applies them, which may write to flux-system', () => {
    const props = { trigger: Trigger.webhook() };
    const files = filesOf(hub({ multiTenancyLockdown: {} }, props), spoke({}, props));
    const [kustomization] = objects(files['clusters/hub/spokes/shop/webhook-receiver.yaml']);
    expect(kustomization?.['spec'].serviceAccountName).toBe('kustomize-controller');
    // So the spoke's own account needs no more rights.
    const role = named(files['clusters/hub/spokes/shop.yaml'], 'Role', 'flux-reconciler');
    expect(JSON.stringify(role)).not.toContain('notification');
  });

  test('are none of a receiver while there are no components', () => {
    const props = { trigger: Trigger.webhook() };
    const files = filesOf(hub({}, props), spoke({}, { ...props, components: [] }));
    expect(Object.keys(files).filter((path) => path.includes('shop'))).toEqual(['clusters/hub/spokes/shop.yaml']);
  });

  test('of a receiver have a name that Flux can put into a label', () => {
    const props = { trigger: Trigger.webhook() };
    expect(() => filesOf(hub({}, props), spoke({}, { ...props, name: 'a'.repeat(49) }))).not.toThrow();
    expect(() => filesOf(hub({}, props), spoke({}, { ...props, name: 'a'.repeat(50) }))).toThrow(
      'want at most 49 characters for a spoke with the trigger webhook',
    );
  });

  test.each(['receiver', 'token'])('of a receiver are apart from those of its hub, also with the name %s', (name) => {
    const props = { trigger: Trigger.webhook() };
    const files = filesOf(hub({}, props), spoke({}, { ...props, name }));
    const [{ metadata, spec } = {}] = objects(files[`clusters/hub/spokes/${name}/webhook-receiver.yaml`]);
    expect(metadata).toMatchObject({ name: `webhook-spoke-${name}`, namespace: 'flux-system' });
    expect(spec.postBuild.substituteFrom).toEqual([{ kind: 'Secret', name: `webhook-spoke-${name}` }]);
  });

  test('on the hub, literally', () => {
    const outlives = `  annotations:
    kustomize.toolkit.fluxcd.io/prune: disabled
    kustomize.toolkit.fluxcd.io/substitute: disabled
  name: flux-reconciler
  namespace: shop
`;
    expect(filesOf(hub(), spoke())['clusters/hub/spokes/shop.yaml']).toBe(`---
apiVersion: v1
kind: ServiceAccount
metadata:
${outlives}---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
${outlives}rules:
- apiGroups:
  - source.toolkit.fluxcd.io
  - kustomize.toolkit.fluxcd.io
  - helm.toolkit.fluxcd.io
  resources:
  - "*"
  verbs:
  - "*"
- apiGroups:
  - ""
  resources:
  - configmaps
  - secrets
  verbs:
  - "*"
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
${outlives}roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: flux-reconciler
subjects:
- kind: ServiceAccount
  name: flux-reconciler
  namespace: shop
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  annotations:
    kustomize.toolkit.fluxcd.io/substitute: disabled
  name: flux-system
  namespace: shop
spec:
  interval: 1m
  ref:
    branch: main
  secretRef:
    name: flux-system
  sparseCheckout:
  - clusters/shop
  - spokes/shop
  url: https://gitlab.example.com/platform/fleet.git
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  annotations:
    kustomize.toolkit.fluxcd.io/substitute: disabled
  name: flux-system-namespaces
  namespace: shop
spec:
  interval: 10m
  kubeConfig:
    secretRef:
      name: kubeconfig
  path: ./spokes/shop
  prune: true
  retryInterval: 1m
  sourceRef:
    kind: GitRepository
    name: flux-system
  timeout: 3m
  wait: true
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  annotations:
    kustomize.toolkit.fluxcd.io/substitute: disabled
  name: flux-system
  namespace: shop
spec:
  dependsOn:
  - name: flux-system-namespaces
    namespace: shop
  interval: 10m
  path: ./clusters/shop
  postBuild:
    substituteFrom:
    - kind: Secret
      name: git-credentials
  prune: true
  retryInterval: 1m
  serviceAccountName: flux-reconciler
  sourceRef:
    kind: GitRepository
    name: flux-system
  timeout: 3m
  wait: false
`);
  });

  test('name the kubeconfig in what goes to the spoke, and in nothing that stays on the hub', () => {
    const files = filesOf(hub(), spoke({}, { components: [store({ dependsOn: [app] }), app] }));
    const kubeConfig = { secretRef: { name: 'kubeconfig' } };
    const kustomizations = files['clusters/shop/store/store-kustomization.yaml'];
    expect(named(kustomizations, 'Kustomization', 'store')?.['spec'].kubeConfig).toEqual(kubeConfig);
    // It waits for HelmReleases, which are on the hub.
    expect(named(kustomizations, 'Kustomization', 'store-dependencies')?.['spec']).not.toHaveProperty('kubeConfig');
    const release = named(files['clusters/shop/app/app-helm-release.yaml'], 'HelmRelease', 'app')?.['spec'];
    expect(release).toMatchObject({ kubeConfig, install: { createNamespace: true }, targetNamespace: 'app' });
    const namespaces = Object.values(files).flatMap((text) => (text.startsWith('---') ? objects(text) : []));
    const ofFlux = namespaces.filter(({ apiVersion }) => String(apiVersion).includes('toolkit.fluxcd.io'));
    expect(new Set(ofFlux.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['shop']));
  });

  test('bring the namespaces with their labels before everything else', () => {
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    const files = filesOf(hub(), spoke({}, { components: [store({ namespaceLabels: labels }), app] }));
    expect(objects(files['spokes/shop/namespaces.yaml'])).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'store', labels, annotations: { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' } },
      },
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'app', annotations: { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' } },
      },
    ]);
  });

  test('without components are its account alone: there is no directory to look at', () => {
    const files = filesOf(hub(), spoke({}, { components: [] }));
    expect(Object.keys(files)).toEqual(['clusters/hub/flux-system/README.md', 'clusters/hub/spokes/shop.yaml']);
    expect(objects(files['clusters/hub/spokes/shop.yaml']).map(({ kind }) => kind)).toEqual([
      'ServiceAccount',
      'Role',
      'RoleBinding',
    ]);
  });

  test('under lockdown name the account of the spoke in every object', () => {
    const files = filesOf(hub({ multiTenancyLockdown: {} }), spoke());
    const applied = Object.values(files)
      .flatMap((text) => objects(text))
      .filter(({ kind, apiVersion }) => /^(Kustomization|HelmRelease)$/.test(kind) && apiVersion.includes('toolkit'));
    expect(applied.length).toBe(4);
    expect(new Set(applied.map(({ spec }) => spec.serviceAccountName))).toEqual(new Set(['flux-reconciler']));
  });

  test('with workload identity hold a ConfigMap and no word of a Secret', () => {
    const identity = SpokeAuthentication.workloadIdentity({
      provider: 'aws',
      cluster: 'arn:aws:eks:eu-central-1:1:cluster/shop',
      audiences: ['a', 'b'],
      serviceAccountAnnotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/flux' },
    });
    const files = filesOf(hub({ objectLevelWorkloadIdentity: true }), spoke({ authentication: identity }));
    const file = files['clusters/hub/spokes/shop.yaml'];
    expect(named(file, 'ConfigMap', 'kubeconfig')?.['data']).toEqual({
      provider: 'aws',
      cluster: 'arn:aws:eks:eu-central-1:1:cluster/shop',
      audiences: 'a\nb',
      serviceAccountName: 'flux-reconciler',
    });
    expect(named(file, 'ServiceAccount', 'flux-reconciler')?.['metadata'].annotations).toMatchObject({
      'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/flux',
    });
    expect(
      named(files['clusters/shop/store/store-kustomization.yaml'], 'Kustomization', 'store')?.['spec'].kubeConfig,
    ).toEqual({
      configMapRef: { name: 'kubeconfig' },
    });
  });

  test('with a Secret of somebody else name it, and its key', () => {
    const secret = SpokeAuthentication.existingSecret({ secretName: 'capi-kubeconfig', key: 'value' });
    const files = filesOf(hub(), spoke({ authentication: secret }));
    expect(
      named(files['clusters/shop/store/store-kustomization.yaml'], 'Kustomization', 'store')?.['spec'].kubeConfig,
    ).toEqual({
      secretRef: { name: 'capi-kubeconfig', key: 'value' },
    });
  });

  test('carry the label of one shard, each linked object', () => {
    const files = filesOf(hub({ sharding: { shards: ['a', 'b'] } }), spoke());
    const ofFlux = Object.values(files)
      .flatMap((text) => objects(text))
      .filter(({ apiVersion }) => String(apiVersion).includes('toolkit.fluxcd.io'));
    expect(ofFlux.length).toBeGreaterThan(6);
    expect(new Set(ofFlux.map(({ metadata }) => metadata.labels?.['sharding.fluxcd.io/key']))).toEqual(
      new Set([shardOfSpoke('shop', ['a', 'b'])]),
    );
  });
});

describe('the shard of a spoke', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z]([a-z0-9]{0,8})$/), { minLength: 1, maxLength: 8 });

  test('does not depend on the order of the shards, and with one more only that takes spokes', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/), names, (spokeName, shards) => {
        const [last, ...others] = [...shards].reverse() as [string, ...string[]];
        const before = shardOfSpoke(spokeName, others);
        const after = shardOfSpoke(spokeName, shards);
        expect(shards).toContain(after);
        expect(shardOfSpoke(spokeName, [last, ...others])).toBe(after);
        if (after !== last) expect(after).toBe(before);
      }),
    );
  });

  test('spreads spokes over all shards', () => {
    const shards = ['a', 'b', 'c', 'd'];
    const counts = new Map<string | undefined, number>();
    for (let index = 0; index < 400; index++) {
      const shard = shardOfSpoke(`spoke-${index}`, shards);
      counts.set(shard, (counts.get(shard) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(shards);
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(35);
  });
});

describe('refused is', () => {
  const exec = ClusterConnection.exec({ server: 'https://localhost:6443', certificateAuthority, command: 'aws' });
  const identity = (more: Partial<WorkloadIdentity>) => () =>
    SpokeAuthentication.workloadIdentity({ provider: 'generic', server: 'https://spoke.example.com', ...more });

  test.each<[string, () => unknown, string]>([
    [
      'a hub to which GitLab CI applies',
      () => filesOf(hub({}, { trigger: Trigger.pipeline() }), spoke({}, { trigger: Trigger.pipeline() })),
      'hub: got "hub", want a hub with another trigger than pipeline',
    ],
    [
      'a trigger of its own',
      () => filesOf(hub(), spoke({}, { trigger: Trigger.agent() })),
      'trigger: got "agent", want interval, that of the hub "hub"',
    ],
    [
      'the name of a namespace on the hub',
      () => filesOf(hub({}, { components: [store({ name: 'shop' })] }), spoke()),
      'name: got "shop", want another name: on the hub "hub" the namespace of this name belongs to its component "shop"',
    ],
    [
      'the name of a namespace of Kubernetes',
      () => filesOf(hub(), spoke({}, { name: 'kube-system' })),
      'belongs to Kubernetes or Flux',
    ],
    [
      'a variable that the hub has',
      () => filesOf(hub({}, { connection: ClusterConnection.token({ server: 'https://hub.example.com' }) }), spoke()),
      'connection: got "cluster_token", want other names of variables',
    ],
    [
      'a shard without shards',
      () => filesOf(hub(), spoke({ shard: 'a' })),
      'spoke.shard: got "a", want nothing: the hub has no `sharding`',
    ],
    [
      'a shard that is not there',
      () => filesOf(hub({ sharding: { shards: ['a'] } }), spoke({ shard: 'b' })),
      'spoke.shard: got "b", want one of a',
    ],
    [
      'an account for workload identity that the hub would not use',
      () =>
        filesOf(
          hub(),
          spoke({
            authentication: SpokeAuthentication.workloadIdentity({
              provider: 'gcp',
              cluster: 'shop',
              serviceAccountAnnotations: { a: 'b' },
            }),
          }),
        ),
      '`objectLevelWorkloadIdentity: true` for the hub "hub"',
    ],
    [
      'an account of a component',
      () => filesOf(hub(), spoke({}, { components: [store({ serviceAccount: { name: 'mine' } })] })),
      'component "store" on cluster "shop": serviceAccount: got "mine", want nothing',
    ],
    [
      'a kubeconfig, which only Terraform has',
      () => filesOf(hub(), spoke({}, { connection: ClusterConnection.kubeconfig({ context: 'shop' }) })),
      'spoke.authentication.serviceAccountToken.server: want the address at which the hub reaches the API server',
    ],
    [
      'an address of this machine',
      () => filesOf(hub(), spoke({}, { connection: exec })),
      'spoke.authentication.serviceAccountToken.server: got "https://localhost:6443"',
    ],
    [
      'a server that Flux would not trust',
      () => filesOf(hub(), spoke({}, { connection: ClusterConnection.token({ server: 'https://shop.example.com' }) })),
      'spoke.authentication.serviceAccountToken.certificateAuthority: want the certificate',
    ],
    [
      'a component that the spoke itself needs',
      () => filesOf(hub(), spoke({}, { components: [store({ name: 'flux-system-namespaces' })] })),
      'want another name',
    ],
    [
      'workload identity without a cluster',
      () => SpokeAuthentication.workloadIdentity({ provider: 'aws' }),
      'cluster: want it with the provider aws',
    ],
    [
      'workload identity without an address',
      identity({ server: undefined }),
      'server: want it with the provider generic',
    ],
    [
      'workload identity for this machine',
      identity({ server: 'https://127.0.0.1:6443' }),
      'server: got "https://127.0.0.1:6443"',
    ],
    [
      'an address of this machine in IPv6',
      identity({ server: 'https://[::1]:6443' }),
      'server: got "https://[::1]:6443"',
    ],
    ['a password in an address', identity({ server: 'https://me:secret@x' }), 'server: got "https://…@x"'],
    ['a Secret without a name', () => SpokeAuthentication.existingSecret({ secretName: '' }), 'secretName: got ""'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('what a hub takes', () => {
  const sizing = (flux: Partial<OperatorInstallationProps>, spokes: number, components: number, every: string) => {
    const trigger = Trigger.interval({ every });
    const all = Array.from({ length: components }, (_, index) => store({ name: `c${index}` }));
    const onHub = hub(flux, { trigger });
    const others = Array.from({ length: spokes }, (_, index) =>
      spoke({}, { name: `s${index}`, trigger, components: all })(onHub),
    );
    const clusters = [onHub, ...others];
    const project = { url: 'https://gitlab.example.com', path: 'platform/fleet' };
    return hubSizings({ project, clusters }, fleetFiles({ project, clusters }))[0];
  };

  test('a few components take nothing', () => {
    expect(sizing({}, 2, 3, '10m')).toEqual({
      hub: 'hub',
      spokes: 2,
      components: 6,
      fetchesPerSecond: expect.closeTo(8 / 600, 6),
      size: 'small',
      shards: 0,
      advice: [],
    });
  });

  test('many take a size, shards, and rarer fetches', () => {
    expect(sizing({}, 60, 20, '1m')).toMatchObject({
      components: 1200,
      fetchesPerSecond: expect.closeTo(21, 6),
      size: 'large',
      shards: 2,
      advice: [
        'flux.size: large',
        'flux.sharding with 2 shards',
        expect.stringContaining('another trigger than interval, or intervals of 10m'),
      ],
    });
    expect(sizing({ size: 'large', sharding: { shards: ['a', 'b'] } }, 60, 20, '10m')?.advice).toEqual([]);
  });
});
