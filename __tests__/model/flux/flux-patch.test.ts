import { FluxPatch } from '../../../lib/model/flux/flux-patch';
import { rootKustomizationFiles } from '../../../lib/model/flux/root-kustomization';
import { AGE_DEV } from '../../support/sops';

const appended = (value: string) => `- op: add\n  path: /spec/template/spec/containers/0/args/-\n  value: ${value}\n`;
const root = { group: 'kustomize.toolkit.fluxcd.io', kind: 'Kustomization', name: 'flux-system' };
const deployment = (name: string) => ({ kind: 'Deployment', name });

describe('multiTenancyLockdown', () => {
  test('appends the flags of the guide and gives the root an account', () => {
    const lockdown = FluxPatch.multiTenancyLockdown();
    expect(lockdown.requiresServiceAccounts).toBe(true);
    expect(lockdown.patches).toEqual([
      {
        patch: appended('--no-cross-namespace-refs=true'),
        target: deployment(
          '(kustomize-controller|helm-controller|notification-controller|image-reflector-controller|image-automation-controller|source-watcher)',
        ),
      },
      { patch: appended('--no-remote-bases=true'), target: deployment('kustomize-controller') },
      {
        patch: appended('--default-service-account=default'),
        target: deployment('(kustomize-controller|helm-controller)'),
      },
      { patch: '- op: add\n  path: /spec/serviceAccountName\n  value: kustomize-controller\n', target: root },
    ]);
  });

  test('with workload identity has the feature gate without which the controllers do not start', () => {
    const { patches } = FluxPatch.multiTenancyLockdown({
      defaultServiceAccount: 'nobody',
      workloadIdentity: { defaultServiceAccount: 'a', defaultDecryptionServiceAccount: 'b' },
    });
    const clouds = 'source-controller|notification-controller|image-reflector-controller|image-automation-controller';
    expect(patches.slice(2, 7)).toEqual([
      {
        patch: appended('--default-service-account=nobody'),
        target: deployment('(kustomize-controller|helm-controller)'),
      },
      {
        patch: appended('--feature-gates=ObjectLevelWorkloadIdentity=true'),
        target: deployment(`(${clouds}|kustomize-controller|helm-controller)`),
      },
      { patch: appended('--default-service-account=a'), target: deployment(`(${clouds})`) },
      { patch: appended('--default-decryption-service-account=b'), target: deployment('kustomize-controller') },
      {
        patch: appended('--default-kubeconfig-service-account=default'),
        target: deployment('(kustomize-controller|helm-controller)'),
      },
    ]);
  });

  test('refuses an account that cannot exist', () => {
    expect(() => FluxPatch.multiTenancyLockdown({ defaultServiceAccount: 'Nobody' })).toThrow(
      /FluxPatch\.multiTenancyLockdown: defaultServiceAccount: got "Nobody"/,
    );
  });
});

describe('concurrency', () => {
  test('leaves the disk alone up to 10', () => {
    expect(FluxPatch.concurrency({ source: 5, kustomize: 10 }).patches).toEqual([
      { patch: appended('--concurrent=5'), target: deployment('source-controller') },
      { patch: appended('--concurrent=10'), target: deployment('kustomize-controller') },
    ]);
  });

  test('puts /tmp of kustomize-controller in memory above 10', () => {
    expect(FluxPatch.concurrency({ kustomize: 11 }).patches[1]).toEqual({
      patch: [
        'apiVersion: apps/v1',
        'kind: Deployment',
        'metadata:',
        '  name: all',
        'spec:',
        '  template:',
        '    spec:',
        '      volumes:',
        '      - emptyDir:',
        '          medium: Memory',
        '        name: temp',
        '',
      ].join('\n'),
      target: deployment('kustomize-controller'),
    });
  });

  test.each([[{}], [{ helm: 0 }], [{ helm: 1.5 }]])('refuses %j', (props) => {
    expect(() => FluxPatch.concurrency(props)).toThrow(/FluxPatch\.concurrency/);
  });
});

describe('resources', () => {
  test('says only what is given', () => {
    const { patches } = FluxPatch.resources({ controllers: ['helm-controller'], limits: { memory: '2Gi' } });
    expect(patches).toEqual([
      {
        patch: expect.stringMatching(
          /^ {6}- name: manager\n {8}resources:\n {10}limits:\n {12}memory: 2Gi\n$/m,
        ) as unknown,
        target: deployment('helm-controller'),
      },
    ]);
  });

  test.each([
    [{}],
    [{ limits: {} }],
    [{ controllers: [], limits: { cpu: '1' } }],
    [{ limits: { memory: '2 GB' } }],
    [{ requests: { memory: '2Gi' }, limits: { memory: '1024Mi' } }],
    [{ requests: { cpu: '1001m' }, limits: { cpu: '1' } }],
  ])('refuses %j', (props) => {
    expect(() => FluxPatch.resources(props)).toThrow(/FluxPatch\.resources/);
  });

  test.each([
    [{ requests: { cpu: '1000m' }, limits: { cpu: '1' } }],
    [{ requests: { cpu: '2300m' }, limits: { cpu: '2.3' } }],
    [{ requests: { memory: '1Pi' }, limits: { memory: '10Ei' } }],
    [{ requests: { memory: '1e9' }, limits: { memory: '1G' } }],
  ])('accepts %j: no request is higher than its limit', (props) => {
    expect(() => FluxPatch.resources(props)).not.toThrow();
  });
});

describe('nodePlacement', () => {
  test('is for whatever is part of Flux', () => {
    const { patches } = FluxPatch.nodePlacement({ nodeSelector: { role: 'flux' }, priorityClassName: 'platform' });
    expect(patches).toEqual([
      {
        patch: expect.stringMatching(/nodeSelector:\n {8}role: flux\n {6}priorityClassName: platform\n$/) as unknown,
        target: { kind: 'Deployment', labelSelector: 'app.kubernetes.io/part-of=flux' },
      },
    ]);
  });

  test.each([
    [{}],
    [{ tolerations: [] }],
    [{ tolerations: [{ value: 'x' }] }],
    [{ tolerations: [{ key: 'a', operator: 'Exists' as const, value: 'x' }] }],
    [{ tolerations: [{ key: 'a', effect: 'NoSchedule' as const, tolerationSeconds: 1 }] }],
  ])('refuses %j', (props) => {
    expect(() => FluxPatch.nodePlacement(props)).toThrow(/FluxPatch\.nodePlacement/);
  });
});

describe('sharding', () => {
  test('keeps sharded objects from the main controllers and has a directory per shard', () => {
    const sharding = FluxPatch.sharding({ shards: ['a', 'b'], controllers: ['helm-controller'] });
    expect(sharding.shards).toEqual(['a', 'b']);
    expect(sharding.patches).toEqual([
      {
        patch: appended('--watch-label-selector=!sharding.fluxcd.io/key'),
        target: deployment('helm-controller'),
      },
    ]);
    expect(Object.keys(sharding.directories)).toEqual(['flux-system-a', 'flux-system-b']);
    expect(sharding.directories['flux-system-a']).toMatchObject({ resources: ['../flux-system'], nameSuffix: '-a' });
  });

  test.each([
    [{ shards: [] }],
    [{ shards: ['a', 'a'] }],
    [{ shards: ['A'] }],
    [{ shards: ['../a'] }],
    [{ shards: ['a'], controllers: [] }],
    [{ shards: ['a'.repeat(45)] }],
    [{ shards: ['a'], clusterDomain: 'cluster.local.' }],
  ])('refuses %j', (props) => {
    expect(() => FluxPatch.sharding(props)).toThrow(/FluxPatch\.sharding/);
  });
});

describe('the root', () => {
  test('decrypts with keys from a Secret, or as an account', () => {
    const patchOf = (patch: FluxPatch) => patch.patches[0]?.patch;
    const start = '- op: add\n  path: /spec/decryption\n  value:\n    provider: sops\n';
    expect(patchOf(FluxPatch.rootDecryption({ secretName: 'sops-age' }))).toBe(
      `${start}    secretRef:\n      name: sops-age\n`,
    );
    expect(patchOf(FluxPatch.rootDecryption({ serviceAccountName: 'kms' }))).toBe(
      `${start}    serviceAccountName: kms\n`,
    );
    expect(FluxPatch.rootDecryption({ secretName: 'sops-age' }).decryption).toEqual({ secretName: 'sops-age' });
  });

  test('decrypts the same with recipients and with a Secret of Terraform, and for components only when told', () => {
    const plain = FluxPatch.rootDecryption({ secretName: 'sops-age' });
    const known = { secretName: 'sops-age', recipients: [AGE_DEV], terraform: { revision: 2 } };
    expect(FluxPatch.rootDecryption(known).patches).toEqual(plain.patches);
    expect(FluxPatch.rootDecryption({ ...known, forComponents: true }).patches).toEqual([
      ...plain.patches,
      { patch: appended('--sops-age-secret=sops-age'), target: deployment('kustomize-controller') },
    ]);
  });

  test.each([
    [{}, /FluxPatch\.rootDecryption: got {}, want exactly one of secretName and serviceAccountName/],
    [{ secretName: 'a', serviceAccountName: 'b' }, /want exactly one of secretName and serviceAccountName/],
    [{ secretName: 'A' }, /FluxPatch\.rootDecryption: secretName: got "A"/],
    [{ serviceAccountName: 'a', recipients: [AGE_DEV] }, /recipients: want `secretName` beside it/],
    [{ secretName: 'a', recipients: ['age'] }, /recipients: got "age", want public keys of age/],
    [{ secretName: 'a', terraform: {} }, /terraform: want `recipients` beside it/],
    [{ secretName: 'a', recipients: [AGE_DEV], terraform: { revision: 0 } }, /terraform\.revision: got 0/],
    [{ serviceAccountName: 'a', forComponents: true }, /forComponents: got true, want a `secretName` beside it/],
  ])('refuses decryption with %j', (props, message) => {
    expect(() => FluxPatch.rootDecryption(props)).toThrow(message);
  });

  test('substitutes from a Secret', () => {
    expect(FluxPatch.rootSubstitution('git-credentials').patches).toEqual([
      {
        patch:
          '- op: add\n  path: /spec/postBuild\n  value:\n    substituteFrom:\n    - kind: Secret\n      name: git-credentials\n',
        target: root,
      },
    ]);
  });
});

describe('custom', () => {
  test('is taken as it is', () => {
    const patch = { patch: '- op: remove\n  path: /spec/replicas\n', target: deployment('helm-controller') };
    expect(FluxPatch.custom(patch).patches).toEqual([patch]);
  });

  test.each([[''], ['text'], ['a: ['], ['- op: remove\n  path: /spec/replicas\n']])('refuses %j', (patch) => {
    expect(() => FluxPatch.custom({ patch })).toThrow(/FluxPatch\.custom/);
  });
});

describe('several patches', () => {
  test('are in their order, and substitutions add up at the end', () => {
    const custom = { patch: 'kind: x\nmetadata: {name: y}\n', target: {} };
    const combined = FluxPatch.combine([
      FluxPatch.rootSubstitution('a'),
      FluxPatch.concurrency({ helm: 5 }),
      FluxPatch.custom(custom),
      FluxPatch.rootSubstitution('b'),
      FluxPatch.rootSubstitution('a'),
    ]);
    expect(combined.patches.map(({ patch }) => patch)).toEqual([
      appended('--concurrent=5'),
      custom.patch,
      expect.stringContaining('- kind: Secret\n      name: a\n    - kind: Secret\n      name: b\n'),
    ]);
    expect(combined.requiresServiceAccounts).toBe(false);
    expect(FluxPatch.combine([combined, FluxPatch.multiTenancyLockdown()]).requiresServiceAccounts).toBe(true);
  });

  test.each([
    ['multiTenancyLockdown', FluxPatch.multiTenancyLockdown(), FluxPatch.multiTenancyLockdown()],
    ['concurrency.helm', FluxPatch.concurrency({ helm: 5 }), FluxPatch.concurrency({ source: 5, helm: 6 })],
    [
      'nodePlacement',
      FluxPatch.nodePlacement({ priorityClassName: 'a' }),
      FluxPatch.nodePlacement({ priorityClassName: 'b' }),
    ],
    ['sharding', FluxPatch.sharding({ shards: ['a'] }), FluxPatch.sharding({ shards: ['b'] })],
    ['rootDecryption', FluxPatch.rootDecryption({ secretName: 'a' }), FluxPatch.rootDecryption({ secretName: 'b' })],
  ])('settle %s once', (thing, one, other) => {
    expect(() => rootKustomizationFiles({ patches: [one, other] })).toThrow(`Flux: patches[1]: got "${thing}"`);
    expect(() => FluxPatch.combine([FluxPatch.combine([one]), other])).toThrow(thing);
  });

  test('for different controllers go together', () => {
    expect(() =>
      FluxPatch.combine([FluxPatch.concurrency({ helm: 5 }), FluxPatch.concurrency({ source: 5 })]),
    ).not.toThrow();
  });
});

describe('rootKustomizationFiles', () => {
  test('are two files without patches', () => {
    expect([...rootKustomizationFiles()]).toEqual([
      { path: 'flux-system/gotk-sync.yaml', content: '# flux bootstrap writes this file\n', policy: 'seed' },
      {
        path: 'flux-system/kustomization.yaml',
        content: [
          'apiVersion: kustomize.config.k8s.io/v1beta1',
          'kind: Kustomization',
          'resources:',
          '- gotk-components.yaml',
          '- gotk-sync.yaml',
          '',
        ].join('\n'),
      },
    ]);
  });

  test('have the patches as text blocks and the shards beside flux-system', () => {
    const files = rootKustomizationFiles({ patches: [FluxPatch.sharding({ shards: ['a'] })] });
    expect(files.paths).toEqual([
      'flux-system-a/kustomization.yaml',
      'flux-system/gotk-sync.yaml',
      'flux-system/kustomization.yaml',
    ]);
    expect(files.get('flux-system/kustomization.yaml')?.content).toContain(
      'patches:\n- patch: |\n    - op: add\n      path: /spec/template/spec/containers/0/args/-\n      value: --watch',
    );
  });
});
