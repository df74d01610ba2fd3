import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { Trigger } from '../../../lib/model/cluster/trigger';
import { GitCredential } from '../../../lib/model/component/git-credential';
import { GitSource } from '../../../lib/model/component/git-source';
import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { KustomizeComponent, type KustomizeComponentProps } from '../../../lib/model/component/kustomize-component';
import { fleetFiles } from '../../../lib/model/fleet/definition/fleet-definition';
import { FluxPatch } from '../../../lib/model/flux/flux-patch';
import { FluxInstallation } from '../../../lib/model/installation/flux-installation';
import { type BootstrapInstallationProps } from '../../../lib/model/installation/installation-props';

const objects = [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: '${b}' } }];

const files = (
  trigger: Trigger,
  props: Partial<KustomizeComponentProps> = {},
  flux: Partial<BootstrapInstallationProps> = {},
): Record<string, string> => {
  const store = new KustomizeComponent({ name: 'store', base: KustomizeBase.inRepository() });
  const component = new KustomizeComponent({
    name: 'app',
    base: KustomizeBase.objects(objects),
    dependsOn: [store],
    ...props,
  });
  const cluster = new Cluster({
    name: 'uni',
    environment: 'dev',
    connection: ClusterConnection.kubeconfig({ context: 'uni' }),
    trigger,
    components: [component, store],
  });
  const stacks = fleetFiles({
    project: { url: 'https://gitlab.example.com/', path: 'platform/fleet' },
    clusters: [{ cluster, flux: FluxInstallation.bootstrap({ version: 'v2.9.4', ...flux }) }],
  });
  return Object.fromEntries(
    stacks.flatMap(({ files: tree }) => [...tree].map(({ path, content }) => [path, String(content)])),
  );
};

const NAMESPACE = `---
apiVersion: v1
kind: Namespace
metadata:
  annotations:
    kustomize.toolkit.fluxcd.io/prune: disabled
    kustomize.toolkit.fluxcd.io/substitute: disabled
  name: app
`;

const SYSTEMS = [
  'systems/app/base/configmap-a.yaml',
  'systems/app/base/kustomization.yaml',
  'systems/app/overlays/uni/kustomization.yaml',
  'systems/store/overlays/uni/kustomization.yaml',
];

describe.each([Trigger.interval({ every: '2m' }), Trigger.agent(), Trigger.webhook()])(
  'the layout per cluster, for $type',
  (trigger) => {
    const tree = files(trigger);

    it('has these files', () => {
      expect(Object.keys(tree).sort()).toEqual([
        'clusters/uni/app/app-git-repository.yaml',
        'clusters/uni/app/app-kustomization.yaml',
        'clusters/uni/app/app-namespace.yaml',
        'clusters/uni/app/app-secret.yaml',
        'clusters/uni/app/kustomization.yaml',
        'clusters/uni/flux-system/gotk-sync.yaml',
        'clusters/uni/flux-system/kustomization.yaml',
        'clusters/uni/store/kustomization.yaml',
        'clusters/uni/store/store-git-repository.yaml',
        'clusters/uni/store/store-kustomization.yaml',
        'clusters/uni/store/store-namespace.yaml',
        'clusters/uni/store/store-secret.yaml',
        ...(trigger.type === 'webhook'
          ? ['kustomization', 'webhook-receiver-flux-system'].map(
              (name) => `clusters/uni/webhook-receiver/${name}.yaml`,
            )
          : []),
        ...SYSTEMS,
      ]);
    });

    it('has this in them', () => {
      const interval = trigger.type === 'interval' ? '2m' : '10m';
      expect(tree['clusters/uni/app/app-namespace.yaml']).toBe(NAMESPACE);
      expect(tree['clusters/uni/app/app-secret.yaml']).toBe(`---
apiVersion: v1
kind: Secret
metadata:
  labels:
    reconcile.fluxcd.io/watch: Enabled
  name: app-git
  namespace: app
stringData:
  password: \${GIT_PASSWORD}
  username: \${GIT_USERNAME}
`);
      expect(tree['clusters/uni/app/app-git-repository.yaml']).toBe(`---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  annotations:
    kustomize.toolkit.fluxcd.io/substitute: disabled
  name: app
  namespace: app
spec:
  interval: ${interval}
  ref:
    branch: main
  secretRef:
    name: app-git
  sparseCheckout:
  - systems/app
  url: https://gitlab.example.com/platform/fleet.git
`);
      expect(tree['clusters/uni/app/app-kustomization.yaml']).toBe(`---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  annotations:
    kustomize.toolkit.fluxcd.io/substitute: disabled
  name: app
  namespace: app
spec:
  dependsOn:
  - name: store
    namespace: store
  interval: 1h
  path: ./systems/app/overlays/uni
  prune: true
  retryInterval: 2m
  sourceRef:
    kind: GitRepository
    name: app
  timeout: 3m
  wait: true
`);
      expect(tree['clusters/uni/app/kustomization.yaml']).toBe(`---
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
- app-namespace.yaml
- app-secret.yaml
- app-git-repository.yaml
- app-kustomization.yaml
`);
      expect(tree['clusters/uni/flux-system/kustomization.yaml']).toBe(`apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
patches:
- patch: |
    - op: add
      path: /metadata/annotations
      value:
        kustomize.toolkit.fluxcd.io/prune: disabled
  target:
    kind: GitRepository|Kustomization
    name: flux-system
- patch: |
    - op: add
      path: /spec/postBuild
      value:
        substitute:
          FLUX_ROOT: flux-system
        substituteFrom:
        - kind: Secret
          name: git-credentials
          optional: true
        - kind: Secret
          name: webhook-receiver
          optional: true
  target:
    group: kustomize.toolkit.fluxcd.io
    kind: Kustomization
    name: flux-system
resources:
- gotk-components.yaml
- gotk-sync.yaml
`);
    });
  },
);

describe('the layout in flux-common, for pipeline', () => {
  const tree = files(Trigger.pipeline());

  it('has these files', () => {
    expect(Object.keys(tree).sort()).toEqual([
      '.gitlab-ci.yml',
      '.gitlab/flux/apply-changed.gitlab-ci.yml',
      '.gitlab/flux/apply-changed.sh',
      'clusters/flux-common/uni-app.yaml',
      'clusters/flux-common/uni-store.yaml',
      'clusters/uni/flux-system/gotk-sync.yaml',
      'clusters/uni/flux-system/kustomization.yaml',
      ...SYSTEMS,
    ]);
  });

  it('has this in them', () => {
    expect(tree['clusters/flux-common/uni-app.yaml']).toBe(`---
apiVersion: v1
kind: Namespace
metadata:
  annotations:
    kustomize.toolkit.fluxcd.io/prune: disabled
  labels:
    gitlab-flux/cluster: uni
  name: app
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  labels:
    gitlab-flux/cluster: uni
    gitlab-flux/component: app
  name: app
  namespace: flux-system
spec:
  interval: 10m
  ref:
    branch: main
  secretRef:
    name: flux-system
  sparseCheckout:
  - systems/app
  url: https://gitlab.example.com/platform/fleet.git
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  labels:
    gitlab-flux/cluster: uni
    gitlab-flux/component: app
  name: app
  namespace: flux-system
spec:
  dependsOn:
  - name: store
    namespace: flux-system
  interval: 1h
  path: ./systems/app/overlays/uni
  prune: true
  retryInterval: 2m
  sourceRef:
    kind: GitRepository
    name: app
  timeout: 3m
  wait: true
`);
    // No component has a Secret to fill.
    expect(tree['clusters/uni/flux-system/kustomization.yaml']).not.toContain('patches');
  });

  it.each<[string, Partial<KustomizeComponentProps>, RegExp]>([
    [
      'an account that CI would have to write',
      { serviceAccount: { name: 'a' } },
      /serviceAccount\.create: got true, want false/,
    ],
    [
      'a private repository of somebody else',
      {
        base: KustomizeBase.path('deploy'),
        source: GitSource.git({ url: 'https://h/a/b.git', ref: { tag: 'v1' }, credential: GitCredential.terraform() }),
      },
      /source\.credential: got "terraform", want a public repository/,
    ],
  ])('refuses %s', (_, props, message) => expect(() => files(Trigger.pipeline(), props)).toThrow(message));
});

describe('what both layouts add', () => {
  const lockdown = { patches: [FluxPatch.multiTenancyLockdown()] };

  it('is an account for every component under lockdown', () => {
    const tree = files(Trigger.interval(), {}, lockdown);
    expect(tree['clusters/uni/app/app-kustomization.yaml']).toContain('serviceAccountName: flux-reconciler\n');
    expect(tree['clusters/uni/app/app-namespace.yaml']).toBe(`${NAMESPACE}---
apiVersion: v1
kind: ServiceAccount
metadata:
  annotations:
    kustomize.toolkit.fluxcd.io/prune: disabled
    kustomize.toolkit.fluxcd.io/substitute: disabled
  name: flux-reconciler
  namespace: app
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  annotations:
    kustomize.toolkit.fluxcd.io/prune: disabled
    kustomize.toolkit.fluxcd.io/substitute: disabled
  name: flux-reconciler
  namespace: app
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: cluster-admin
subjects:
- kind: ServiceAccount
  name: flux-reconciler
  namespace: app
`);
    expect(files(Trigger.pipeline(), {}, lockdown)['clusters/flux-common/uni-app.yaml']).toContain(
      'serviceAccountName: kustomize-controller\n',
    );
  });

  it('is the label of a shard that there is', () => {
    const tree = files(Trigger.interval(), { shard: 'one' }, { patches: [FluxPatch.sharding({ shards: ['one'] })] });
    expect(tree['clusters/uni/app/app-kustomization.yaml']).toContain('labels:\n    sharding.fluxcd.io/key: one\n');
    expect(Object.keys(tree)).toContain('clusters/uni/flux-system-one/kustomization.yaml');
    expect(() => files(Trigger.interval(), { shard: 'two' })).toThrow(/shard: got "two"/);
  });

  it('is a source of its own for a component of another repository, without systems/', () => {
    const source = GitSource.git({
      url: 'https://h/a/b.git',
      ref: { semver: '>=1.0.0' },
      credential: GitCredential.terraform(),
    });
    const tree = files(Trigger.interval(), { base: KustomizeBase.path('deploy'), source });
    expect(Object.keys(tree).filter((path) => path.startsWith('systems/app'))).toEqual([]);
    expect(tree['clusters/uni/app/app-secret.yaml']).toContain('password: ${GIT_PASSWORD_APP}\n');
    expect(tree['clusters/uni/app/app-kustomization.yaml']).toContain('path: ./deploy\n');
    expect(tree['clusters/uni/app/app-kustomization.yaml']).toContain('targetNamespace: app\n');
  });

  it('is refused when Flux would not see it', () => {
    expect(() => files(Trigger.agent(), {}, { watchAllNamespaces: false })).toThrow(/watchAllNamespaces: got false/);
    const object = { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', metadata: { name: 'a' }, spec: {} };
    const source = GitSource.gitOpsRepository({ credential: GitCredential.externalSecret(object) });
    expect(() => files(Trigger.interval(), { source })).toThrow(/want a cluster with `externalSecrets: true`/);
  });
});

it.each([Trigger.interval(), Trigger.pipeline()])(
  'looks for what health checks name in the namespace of the component, for $type',
  (trigger) => {
    const healthChecks = [
      { apiVersion: 'apps/v1', kind: 'Deployment', name: 'own' },
      { apiVersion: 'apps/v1', kind: 'Deployment', name: 'other', namespace: 'elsewhere' },
    ];
    const rendered = Object.values(files(trigger, { healthChecks })).join('');
    expect(rendered).toContain('name: own\n    namespace: app\n');
    expect(rendered).toContain('name: other\n    namespace: elsewhere\n');
  },
);
