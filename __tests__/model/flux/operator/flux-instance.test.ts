import { FluxPatch } from '../../../../lib/model/flux/flux-patch';
import { fluxInstance } from '../../../../lib/model/flux/operator/flux-instance';
import { operatorChartLocation, operatorValues } from '../../../../lib/model/flux/operator/operator-chart';
import { type FluxOperatorSettings } from '../../../../lib/model/flux/operator/operator-settings';
import { FluxInstallation } from '../../../../lib/model/installation/flux-installation';
import { toYaml } from '../../../../lib/model/manifest/yaml';
import { everyOperatorSetting } from '../../../support/operator-settings';

const sync = { url: 'https://gitlab.example.com/platform/fleet.git', branch: 'main', path: 'clusters/uni-hub' };

describe('a FluxInstance', () => {
  test('with nothing but a version, literally', () => {
    expect(toYaml([fluxInstance({ version: 'v2.9.4' }, sync, [])])).toBe(`---
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata:
  name: flux
  namespace: flux-system
spec:
  cluster:
    domain: cluster.local
    multitenant: false
    networkPolicy: true
    type: kubernetes
  distribution:
    registry: ghcr.io/fluxcd
    version: 2.9.4
  sync:
    interval: 1m
    kind: GitRepository
    path: clusters/uni-hub
    pullSecret: flux-system
    ref: refs/heads/main
    url: https://gitlab.example.com/platform/fleet.git
`);
  });

  test('with everything, literally', () => {
    const settings = everyOperatorSetting;
    expect(() => FluxInstallation.operator(settings)).not.toThrow();
    expect(JSON.parse(JSON.stringify(fluxInstance(settings, sync, [FluxPatch.concurrency({ helm: 7 })])))).toEqual({
      apiVersion: 'fluxcd.controlplane.io/v1',
      kind: 'FluxInstance',
      metadata: {
        name: 'flux',
        namespace: 'flux-system',
        annotations: {
          'fluxcd.controlplane.io/reconcileEvery': '2h',
          'fluxcd.controlplane.io/reconcileArtifactEvery': '20m',
          'fluxcd.controlplane.io/reconcileTimeout': '10m',
        },
      },
      spec: {
        distribution: {
          version: '2.9.x',
          registry: 'registry.example.com/flux',
          variant: 'upstream-alpine',
          imagePullSecret: 'regcred',
          artifact: 'oci://registry.example.com/manifests:latest',
          artifactPullSecret: 'regcred',
        },
        components: ['source-controller', 'kustomize-controller'],
        cluster: {
          type: 'openshift',
          size: 'large',
          domain: 'k8s.example.com',
          networkPolicy: false,
          multitenant: true,
          tenantDefaultServiceAccount: 'nobody',
          objectLevelWorkloadIdentity: true,
          multitenantWorkloadIdentity: true,
          tenantDefaultDecryptionServiceAccount: 'decrypts',
          tenantDefaultKubeConfigServiceAccount: 'reaches',
        },
        sharding: { shards: ['a', 'b'], storage: 'persistent' },
        storage: { class: 'fast', size: '10Gi' },
        commonMetadata: { labels: { 'example.com/team': 'platform' } },
        wait: false,
        migrateResources: false,
        kustomize: {
          patches: [
            {
              target: {
                kind: 'Deployment',
                name: '(source-controller|kustomize-controller|helm-controller|notification-controller|image-reflector-controller|image-automation-controller|source-watcher)',
              },
              patch: '- op: add\n  path: /spec/template/spec/containers/0/args/-\n  value: --log-level=error\n',
            },
            {
              target: { kind: 'Deployment', name: 'helm-controller' },
              patch: '- op: add\n  path: /spec/template/spec/containers/0/args/-\n  value: --concurrent=7\n',
            },
          ],
        },
        sync: {
          kind: 'GitRepository',
          url: sync.url,
          ref: 'refs/heads/main',
          path: 'clusters/uni-hub',
          interval: '5m',
          pullSecret: 'git',
        },
      },
    });
  });

  test.each<[string, Partial<FluxOperatorSettings>, string]>([
    ['a version that is none', { version: 'latest' }, 'version: got "latest", want a version of Flux such as v2.9.4'],
    ['another Flux', { version: '>=1.0.0' }, 'version: got ">=1.0.0"'],
    ['a Flux that is too old', { version: 'v2.6.4' }, 'version: got "v2.6.4", want v2.7.0 or newer, or a range'],
    ['a range that ends too early', { version: '2.6.x' }, 'version: got "2.6.x", want v2.7.0 or newer, or a range'],
    ['an artifact that is no address', { artifact: 'ghcr.io/x/y' }, 'artifact: got "ghcr.io/x/y", want an address'],
    ['too few controllers', { controllers: ['source-controller'] }, 'kustomize-controller among the controllers'],
    ['no shard', { sharding: { shards: [] } }, 'sharding.shards: got [], want at least one name'],
    ['a shard twice', { sharding: { shards: ['a', 'a'] } }, 'want at least one name, each once'],
    ['a shard whose controllers have no name', { sharding: { shards: ['a'.repeat(40)] } }, 'want a DNS label'],
    ['a volume without storage', { sharding: { shards: ['a'], storage: 'persistent' } }, 'want `storage` beside it'],
    ['storage of no size', { storage: { class: 'x', size: 'big' } }, 'storage.size: got "big", want a quantity'],
    ['a duration that is none', { reconciliation: { every: '1 hour' } }, 'reconciliation.every: got "1 hour"'],
    [
      'an account that is none',
      { multiTenancyLockdown: { defaultServiceAccount: 'A' } },
      'multiTenancyLockdown.defaultServiceAccount',
    ],
    [
      'workload identity that is off',
      { multiTenancyLockdown: { workloadIdentity: {} }, objectLevelWorkloadIdentity: false },
      'objectLevelWorkloadIdentity: got false, want true or nothing',
    ],
    ['shards by a patch', { patches: [FluxPatch.sharding({ shards: ['a'] })] }, 'want `sharding` instead'],
    [
      'two lockdowns',
      { multiTenancyLockdown: {}, patches: [FluxPatch.multiTenancyLockdown()] },
      'want either `multiTenancyLockdown` or the patch',
    ],
    [
      'a patch with a namespace',
      {
        patches: [
          FluxPatch.custom({
            patch: '{kind: x, metadata: {name: y}}',
            target: { kind: 'Deployment', namespace: 'flux-system' },
          }),
        ],
      },
      'want patches without `target.namespace`',
    ],
    ['an image that is none', { jobImage: 'A B' }, 'jobImage: got "A B"'],
    ['a deadline too soon', { deadline: '10s' }, 'deadline: got "10s", want at least 2m'],
    ['a version of the chart', { operator: { chartVersion: 'v1' } }, 'operator.chartVersion: got "v1"'],
    [
      'a password in an address',
      { operator: { chartRepository: 'oci://me:secret@example.com/charts' } },
      'operator.chartRepository: got "oci://…@example.com/charts"',
    ],
    [
      'two places of the chart',
      { operator: { chartPath: 'chart', chartRepository: 'oci://example.com/charts' } },
      'want either chartPath or chartRepository',
    ],
    ['a tag of the image', { operator: { image: 'x:y' } }, 'operator.image: got "x:y", want an image without tag'],
    ['a name of a Secret', { operator: { webInterface: { configSecretName: '' } } }, 'webInterface.configSecretName'],
  ])('refuses %s', (_, settings, message) => {
    expect(() => FluxInstallation.operator({ version: 'v2.9.4', ...settings })).toThrow(message);
  });

  it.each([{ version: 'v2.8.0-rc.1' }, { version: '2.x' }, { storage: { class: 'fast', size: '10Ei' } }])(
    'accepts %j, as the operator does',
    (settings) => {
      expect(() => FluxInstallation.operator({ version: 'v2.9.4', ...settings })).not.toThrow();
    },
  );
});

describe('the chart of flux-operator', () => {
  test('comes from its registry, another one or a path, always in one version', () => {
    expect(operatorChartLocation()).toEqual({
      chart: 'flux-operator',
      repository: 'oci://ghcr.io/controlplaneio-fluxcd/charts',
      version: '0.58.1',
    });
    expect(operatorChartLocation({ chartRepository: 'oci://mirror.example.com/charts' }).repository).toBe(
      'oci://mirror.example.com/charts',
    );
    expect(operatorChartLocation({ chartPath: '/charts/flux-operator', chartVersion: '0.59.0' })).toEqual({
      chart: '/charts/flux-operator',
      repository: undefined,
      version: '0.59.0',
    });
  });

  test('has no web interface unless somebody says how to log in', () => {
    expect(operatorValues({}, false)).toMatchObject({ web: { enabled: false } });
    expect(operatorValues({ webInterface: { configSecretName: 'web' } }, true)).toMatchObject({
      multitenancy: { enabled: true },
      web: { enabled: true, configSecretName: 'web', networkPolicy: { create: true } },
    });
  });
});
