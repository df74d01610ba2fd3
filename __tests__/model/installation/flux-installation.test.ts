import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { SpokeAuthentication } from '../../../lib/model/cluster/spoke-authentication';
import { FluxPatch } from '../../../lib/model/flux/flux-patch';
import { FluxInstallation } from '../../../lib/model/installation/flux-installation';
import { ValidationError } from '../../../lib/model/validation-error';

const version = 'v2.9.4';
const connection = ClusterConnection.kubeconfig({ context: 'uni' });
const cluster = new Cluster({ name: 'uni', environment: 'dev', connection });

function mistakesOf(make: () => unknown): readonly string[] {
  try {
    make();
    return [];
  } catch (error) {
    if (!ValidationError.isValidationError(error)) throw error;
    return error.mistakes.map(({ prop, wish }) => `${prop ?? ''}: ${wish}`);
  }
}

describe('an installation of Flux', () => {
  const lockdown = FluxPatch.multiTenancyLockdown();
  const lockdownTwice = 'patches[1]: got "multiTenancyLockdown", want each thing settled by one patch';

  test('by the flux CLI says all its mistakes at once', () => {
    const make = () =>
      FluxInstallation.bootstrap({
        version: 'banana',
        interval: '1s',
        deadline: '5s',
        teams: ['a$(b)'],
        fluxBundle: 'vendor/flux',
        patches: [lockdown, lockdown],
        readCredential: { type: 'deploy-token', expiresAt: 'soon' },
      });
    expect(mistakesOf(make)).toEqual([
      'version: got "banana", want a version of Flux such as v2.9.4',
      'teams[0]: got "a$(b)", want text without `$(` and `$$`, which Kubernetes replaces',
      'interval: got "1s", want at least 10s, such as 1m',
      'deadline: got "5s", want at least 2m and at most 2562047h',
      'readCredential.expiresAt: got "soon", want a time such as 2027-06-30T00:00:00Z',
      lockdownTwice,
      'fluxBundle: got "vendor/flux", want nothing, or gotkFiles \'terraform\': the flux CLI brings its own manifests',
    ]);
  });

  test('by the Terraform provider says all its mistakes at once', () => {
    const make = () =>
      FluxInstallation.provider({ downloadVersion: '2.9', timeouts: { create: 'x', read: '0s' }, jobImage: 'A B' });
    expect(mistakesOf(make)).toEqual([
      'downloadVersion: got "2.9", want a version of Flux such as v2.9.4',
      'timeouts.create: got "x", want a duration such as 90s, 10m or 1h30m',
      'timeouts.read: got "0s", want more than no time, such as 5m',
      expect.stringMatching(/^jobImage: got "A B"/),
    ]);
  });

  test('by flux-operator says all its mistakes at once', () => {
    const make = () =>
      FluxInstallation.operator({
        version: '3.x',
        artifact: 'x',
        artifactPullSecret: 'A',
        storage: { class: 'a', size: '0' },
        sharding: { shards: ['a', 'A'] },
        reconciliation: { every: '1s', timeout: '0s' },
        multiTenancyLockdown: { defaultServiceAccount: 'A', workloadIdentity: {} },
        objectLevelWorkloadIdentity: false,
        patches: [FluxPatch.sharding({ shards: ['a'] })],
        jobImage: 'A B',
        operator: { chartVersion: 'x', chartPath: 'a', chartRepository: 'oci://a/b', image: 'a:b' },
      });
    expect(mistakesOf(make).map((mistake) => mistake.replace(/: got.*|: want.*/, ''))).toEqual([
      'version',
      'artifact',
      'artifactPullSecret',
      'multiTenancyLockdown.defaultServiceAccount',
      'sharding.shards[1]',
      'storage.size',
      'reconciliation.every',
      'reconciliation.timeout',
      'operator.chartVersion',
      'operator.image',
      'jobImage',
      'objectLevelWorkloadIdentity',
      'operator.chartPath',
      'patches',
    ]);
  });

  test('on a hub says all its mistakes at once', () => {
    const hub = { cluster, flux: FluxInstallation.operator({ version }) };
    const authentication = SpokeAuthentication.existingSecret({ secretName: 'mine' });
    const make = () =>
      FluxInstallation.spoke({ hub, authentication, clusterRole: 'A', interval: '1s', deadline: '1s' });
    expect(mistakesOf(make).map((mistake) => mistake.split(':')[0])).toEqual(['clusterRole', 'interval', 'deadline']);
  });

  test('refuses what only another type knows, and takes what is no setting', () => {
    const common: object = { version, size: 'small', watchAllNamespaces: true, author: undefined, project: 'mine' };
    expect(mistakesOf(() => FluxInstallation.bootstrap(common as { version: string }))).toEqual([
      'size: got "small", want nothing with the type bootstrap: only operator has it',
    ]);
    expect(mistakesOf(() => FluxInstallation.operator(common as { version: string }))).toEqual([
      'watchAllNamespaces: got true, want nothing with the type operator: only bootstrap and provider has it',
    ]);
    expect(mistakesOf(() => FluxInstallation.provider(common))).toEqual([
      'version: got "v2.9.4", want nothing with the type provider: only bootstrap and operator has it: the provider brings its own, see `downloadVersion`',
      'size: got "small", want nothing with the type provider: only operator has it',
    ]);
  });

  test('with further patches is another value, which is checked too', () => {
    const flux = FluxInstallation.bootstrap({ version, patches: [lockdown] });
    expect(mistakesOf(() => flux.withPatches([lockdown]))).toEqual([lockdownTwice]);
    const more = flux.withPatches([FluxPatch.concurrency({ kustomize: 10 })]);
    expect([flux.settings.patches?.length, more.settings.patches?.length]).toEqual([1, 2]);
  });

  test('is locked down by a patch, and with flux-operator by its own setting', () => {
    const { bootstrap, operator, provider } = FluxInstallation;
    const locked = [
      bootstrap({ version, patches: [lockdown] }),
      provider({ patches: [lockdown] }),
      operator({ version, patches: [lockdown] }),
      operator({ version, multiTenancyLockdown: {} }),
    ];
    expect(locked.map((flux) => flux.targetFor(cluster).serviceAccountName)).toEqual(Array(4).fill('flux-reconciler'));
    const open = [bootstrap({ version }), provider(), operator({ version })];
    expect(open.map((flux) => flux.targetFor(cluster).serviceAccountName)).toEqual(Array(3).fill(undefined));
  });
});
