import { type FluxOperatorSettings } from '../../lib/model/flux/operator/operator-settings';

/** Every setting of flux-operator that becomes part of a `FluxInstance`. */
export const everyOperatorSetting: FluxOperatorSettings = {
  version: '2.9.x',
  registry: 'registry.example.com/flux',
  variant: 'upstream-alpine',
  imagePullSecret: 'regcred',
  artifact: 'oci://registry.example.com/manifests:latest',
  artifactPullSecret: 'regcred',
  controllers: ['source-controller', 'kustomize-controller'],
  platform: 'openshift',
  size: 'large',
  clusterDomain: 'k8s.example.com',
  networkPolicy: false,
  logLevel: 'error',
  multiTenancyLockdown: {
    defaultServiceAccount: 'nobody',
    workloadIdentity: { defaultKubeConfigServiceAccount: 'reaches', defaultDecryptionServiceAccount: 'decrypts' },
  },
  sharding: { shards: ['a', 'b'], storage: 'persistent' },
  storage: { class: 'fast', size: '10Gi' },
  commonMetadata: { labels: { 'example.com/team': 'platform' } },
  wait: false,
  migrateResources: false,
  reconciliation: { every: '2h', artifactEvery: '20m', timeout: '10m' },
  secretName: 'git',
  interval: '5m',
};
