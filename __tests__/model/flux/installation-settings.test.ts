import { FluxPatch } from '../../../lib/model/flux/flux-patch';
import { FluxInstallation } from '../../../lib/model/installation/flux-installation';

describe('the Secret with which Flux reads the repository', () => {
  test.each([
    'flux-bootstrap-token',
    'flux-cli-saved-credentials',
    'git-credentials',
    'webhook-receiver',
    'webhook-token',
    'webhook-spoke-shop',
  ])('is not %s, which is written for something else', (secretName) => {
    expect(() => FluxInstallation.provider({ secretName })).toThrow(
      `Flux: secretName: got "${secretName}", want another name: this library writes a Secret of that name`,
    );
  });

  test.each(['flux-system', 'git-credentials-2', 'webhook'])('may be %s', (secretName) => {
    expect(() => FluxInstallation.provider({ secretName })).not.toThrow();
  });
});

describe('the domain of the cluster', () => {
  const sharding = (clusterDomain?: string) => [FluxPatch.sharding({ shards: ['a'], clusterDomain })];

  test('is that of the shards too', () => {
    const clusterDomain = 'corp.local';
    expect(() => FluxInstallation.provider({ clusterDomain, patches: sharding() })).toThrow(
      'Flux: patches: got "cluster.local", want the clusterDomain of this Flux, corp.local, in the patch sharding too',
    );
    expect(() => FluxInstallation.provider({ patches: sharding(clusterDomain) })).toThrow(
      'Flux: patches: got "corp.local", want the clusterDomain of this Flux, cluster.local, in the patch sharding too',
    );
    expect(() => FluxInstallation.provider({ clusterDomain, patches: sharding(clusterDomain) })).not.toThrow();
    expect(() => FluxInstallation.provider({ patches: sharding() })).not.toThrow();
  });

  test('does not matter to shards without source-controller', () => {
    const patches = [FluxPatch.sharding({ shards: ['a'], controllers: ['helm-controller'] })];
    expect(() => FluxInstallation.provider({ clusterDomain: 'corp.local', patches })).not.toThrow();
  });
});
