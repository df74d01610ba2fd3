import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { Trigger } from '../../../lib/model/cluster/trigger';
import { type WebhookTriggerOptions } from '../../../lib/model/cluster/webhook-options';
import { GitSource } from '../../../lib/model/component/git-source';
import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { KustomizeComponent, type KustomizeComponentProps } from '../../../lib/model/component/kustomize-component';
import { FluxPatch } from '../../../lib/model/flux/flux-patch';
import { type FluxInstallationSettings } from '../../../lib/model/flux/installation-settings';
import { FluxInstallation } from '../../../lib/model/installation/flux-installation';
import { ClusterLayout } from '../../../lib/model/layout/cluster-layout';
import { clusterReceivers, hookEvents } from '../../../lib/model/layout/cluster-receivers';
import { receiverFiles } from '../../../lib/model/layout/receiver-files';
import { HookCount, receiverWarnings } from '../../../lib/model/layout/receiver-warnings';

const repository = { url: 'https://gitlab.example.com', path: 'platform/fleet', branch: 'main' };
const app = (props: Partial<KustomizeComponentProps> = {}): KustomizeComponent =>
  new KustomizeComponent({
    name: 'app',
    base: KustomizeBase.objects([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } }]),
    ...props,
  });

function layoutOf(
  trigger: Trigger,
  components: readonly KustomizeComponent[] = [app()],
  settings: FluxInstallationSettings = {},
): ClusterLayout {
  const connection = ClusterConnection.kubeconfig({ context: 'uni' });
  const cluster = new Cluster({ name: 'uni', environment: 'dev', connection, trigger, components });
  return new ClusterLayout({ cluster, target: FluxInstallation.provider(settings).targetFor(cluster), repository });
}

const filesOf = (layout: ClusterLayout): Record<string, string> =>
  Object.fromEntries([...receiverFiles(layout)].map(({ path, content }) => [path, String(content)]));
const url = 'https://flux.uni-dev.example.com';
const lockdown = { patches: [FluxPatch.multiTenancyLockdown()] };

describe('the files of the receivers', () => {
  test('one Receiver for all sources of the GitOps repository, literally', () => {
    const foreign = GitSource.git({ url: 'https://gitlab.example.com/a/b.git', ref: { branch: 'main' } });
    const other = app({ name: 'other', base: KustomizeBase.path('./deploy'), source: foreign });
    const files = filesOf(layoutOf(Trigger.webhook(), [app(), other]));
    expect(Object.keys(files)).toEqual([
      'clusters/uni/webhook-receiver/kustomization.yaml',
      'clusters/uni/webhook-receiver/webhook-receiver-flux-system.yaml',
    ]);
    expect(files['clusters/uni/webhook-receiver/webhook-receiver-flux-system.yaml']).toBe(`---
apiVersion: v1
kind: Secret
metadata:
  name: webhook-token
  namespace: flux-system
stringData:
  token: \${WEBHOOK_TOKEN}
---
apiVersion: notification.toolkit.fluxcd.io/v1
kind: Receiver
metadata:
  annotations:
    reconcile.fluxcd.io/requestedAt: \${WEBHOOK_REVISION}
  name: webhook
  namespace: flux-system
spec:
  events:
  - Push Hook
  - Tag Push Hook
  interval: 10m
  resources:
  - apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    name: flux-system
  - apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    name: app
    namespace: app
  secretRef:
    name: webhook-token
  type: gitlab
`);
  });

  test('under lockdown none names what is in another namespace', () => {
    const files = filesOf(layoutOf(Trigger.webhook(), [app()], lockdown));
    const own = files['clusters/uni/webhook-receiver/webhook-receiver-app.yaml']!;
    expect(own).toContain('  namespace: app\n');
    const resource = '  - apiVersion: source.toolkit.fluxcd.io/v1\n    kind: GitRepository\n    name: app\n';
    expect(own.slice(own.indexOf('resources:'), own.indexOf('  secretRef:'))).toBe(`resources:\n${resource}`);
    expect(clusterReceivers(layoutOf(Trigger.webhook(), [app()], lockdown)).map((one) => one.pathVariable)).toEqual([
      'WEBHOOK_PATH_FLUX_SYSTEM',
      'WEBHOOK_PATH_APP',
    ]);
  });

  test('an Ingress that leads to the path of the hook alone', () => {
    const ingress = { className: 'nginx', tlsSecretName: 'tls', annotations: { a: 'b' } };
    const files = filesOf(layoutOf(Trigger.webhook({ url, ingress })));
    expect(files['clusters/uni/webhook-receiver/webhook-receiver-ingress.yaml']).toBe(`---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  annotations:
    a: b
  name: webhook-receiver
  namespace: flux-system
spec:
  ingressClassName: nginx
  rules:
  - host: flux.uni-dev.example.com
    http:
      paths:
      - backend:
          service:
            name: webhook-receiver
            port:
              number: 80
        path: \${WEBHOOK_PATH_FLUX_SYSTEM}
        pathType: Exact
  tls:
  - hosts:
    - flux.uni-dev.example.com
    secretName: tls
`);
  });

  test('an HTTPRoute that leads to the path of the hook alone', () => {
    const httpRoute = { gateway: 'public', gatewayNamespace: 'gateways', sectionName: 'https' };
    const files = filesOf(layoutOf(Trigger.webhook({ url, httpRoute })));
    expect(files['clusters/uni/webhook-receiver/webhook-receiver-http-route.yaml']).toBe(`---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: webhook-receiver
  namespace: flux-system
spec:
  hostnames:
  - flux.uni-dev.example.com
  parentRefs:
  - name: public
    namespace: gateways
    sectionName: https
  rules:
  - backendRefs:
    - name: webhook-receiver
      port: 80
    matches:
    - path:
        type: Exact
        value: \${WEBHOOK_PATH_FLUX_SYSTEM}
`);
  });

  test('none with another trigger', () => {
    expect(receiverFiles(layoutOf(Trigger.interval())).size).toBe(0);
    expect(receiverFiles(layoutOf(Trigger.pipeline())).size).toBe(0);
  });

  test('refuses a Flux that receives nothing, and a component in the way', () => {
    const settings: FluxInstallationSettings = { controllers: ['source-controller', 'kustomize-controller'] };
    expect(() => filesOf(layoutOf(Trigger.webhook(), [], settings))).toThrow(
      'cluster "uni": flux.controllers: got ["source-controller","kustomize-controller"], want notification-controller',
    );
    expect(() => filesOf(layoutOf(Trigger.webhook(), [app({ name: 'webhook-receiver' })]))).toThrow(
      'cluster "uni": components: got "webhook-receiver", want another name',
    );
  });
});

describe('the events of a hook', () => {
  const eventsOf = (ref: object) => {
    const source = GitSource.gitOpsRepository({ ref });
    return clusterReceivers(layoutOf(Trigger.webhook(), [app({ source })], lockdown)).map(hookEvents);
  };
  const main = { branches: true, branchFilter: 'main', tags: false };

  test.each([
    [{ branch: 'main' }, main],
    [{ branch: 'release' }, { branches: true, branchFilter: 'release', tags: false }],
    [{ tag: 'v1' }, { branches: false, branchFilter: undefined, tags: true }],
    [{ semver: '1.x' }, { branches: false, branchFilter: undefined, tags: true }],
  ])('of a source with %j', (ref, events) => {
    expect(eventsOf(ref)).toEqual([main, events]);
  });

  test('of sources with several branches are of every branch', () => {
    const source = GitSource.gitOpsRepository({ ref: { branch: 'release' } });
    const [receiver] = clusterReceivers(layoutOf(Trigger.webhook(), [app({ source })]));
    expect(hookEvents(receiver!)).toEqual({ branches: true, branchFilter: undefined, tags: false });
  });
});

describe('warnings', () => {
  test('without an address nobody calls', () => {
    const [warning] = receiverWarnings(layoutOf(Trigger.webhook()), new HookCount({ url: 'https://gitlab.com' }));
    expect(warning?.message).toContain('no project hook is made: until one is, Flux asks every 10m');
  });

  test.each([
    ['https://gitlab.com', [1]],
    ['https://gitlab.example.com', []],
  ])('%s: more hooks than it allows are counted, and said once', (gitlab, expected) => {
    const hooks = new HookCount({ url: gitlab });
    const layout = layoutOf(Trigger.webhook({ url }));
    const counts = Array.from({ length: 103 }, () => receiverWarnings(layout, hooks).length);
    expect(counts.filter((count) => count > 0)).toEqual(expected);
    expect(counts[100]).toBe(expected.length);
  });
});

describe('Trigger.webhook', () => {
  const route = { gateway: 'public', gatewayNamespace: 'gateways' };

  test.each<[string, WebhookTriggerOptions, string]>([
    ['plain HTTP', { url: 'http://flux.example.com' }, 'webhook.url: got "http://flux.example.com", want an address'],
    ['a path', { url: `${url}/hook` }, 'want an address without a path'],
    ['a slash at the end', { url: `${url}/` }, 'want an address without a path'],
    ['no address', { url: 'flux' }, 'want an address without a path'],
    ['an Ingress without a host', { ingress: {} }, 'want a url without a port beside ingress'],
    ['a route with a port', { url: `${url}:8443`, httpRoute: route }, 'want a url without a port beside httpRoute'],
    ['two ways in', { url, ingress: {}, httpRoute: route }, 'got "ingress and httpRoute", want one of them'],
    ['a class that is none', { url, ingress: { className: 'A' } }, 'webhook.ingress.className: got "A"'],
    ['a Secret that is none', { url, ingress: { tlsSecretName: 'A' } }, 'webhook.ingress.tlsSecretName: got "A"'],
    ['a gateway that is none', { url, httpRoute: { ...route, gateway: 'A' } }, 'webhook.httpRoute.gateway: got "A"'],
    ['a namespace that is none', { url, httpRoute: { ...route, gatewayNamespace: 'A' } }, 'gatewayNamespace: got "A"'],
    ['a listener that is none', { url, httpRoute: { ...route, sectionName: 'A' } }, 'sectionName: got "A"'],
  ])('refuses %s', (_, options, message) => {
    expect(() => Trigger.webhook(options)).toThrow(message);
  });
});
