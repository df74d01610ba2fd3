import { FleetFileError, parseFleet } from '../../../lib/model/fleet';
import { parseObjects } from '../../../lib/model/manifest/yaml';

const GIT = 'url: https://git.example.com/a/b.git';
const COMMIT = 'abcdef6789012345678901234567890123456789';
const DIGEST = `sha256:${'0'.repeat(64)}`;

const fleetWith = (component: string): string => `
project: { url: https://gitlab.example.com, path: platform/fleet }
environments: { dev: { flux: { version: v2.9.4 } } }
clusters:
  one: { environment: dev, connection: { kubeconfig: { context: one } }, components: [app] }
components:
  app: ${component}
`;
const kustomize = (source: string, more = ''): string =>
  fleetWith(`{ kustomize: { base: { path: ./deploy }, source: { ${source} }${more} } }`);
const files = (text: string) =>
  parseFleet(text)
    .files()
    .flatMap((stack) => [...stack.files]);
const objectAt = (text: string, role: string): any => {
  const file = files(text).find(({ path }) => path === `clusters/one/app/app-${role}.yaml`);
  return parseObjects(String(file?.content), 'it')[0];
};
const problemsOf = (text: string): string => {
  try {
    files(text);
    return '';
  } catch (error) {
    if (!(error instanceof FleetFileError)) throw error;
    return error.message;
  }
};

describe('a Git repository', () => {
  it('is fetched as it says', () => {
    const source = `${GIT}, ref: { tag: v1 }, recurseSubmodules: true, include: [{ repository: other, fromPath: a, toPath: b }],
      verify: { secretName: keys, mode: TagAndHEAD }, ignore: "/*", proxySecretName: proxy`;
    expect(objectAt(kustomize(source), 'git-repository').spec).toMatchObject({
      ref: { tag: 'v1' },
      recurseSubmodules: true,
      include: [{ repository: { name: 'other' }, fromPath: 'a', toPath: 'b' }],
      verify: { mode: 'TagAndHEAD', secretRef: { name: 'keys' } },
      ignore: '/*',
      proxySecretRef: { name: 'proxy' },
    });
  });

  it('is the GitOps repository with a signature', () => {
    const text = fleetWith('{ kustomize: { base: { inRepository: true }, source: { verify: { secretName: keys } } } }');
    expect(objectAt(text, 'git-repository').spec).toMatchObject({
      verify: { mode: 'HEAD', secretRef: { name: 'keys' } },
    });
  });

  it('has a chart', () => {
    const chart = `{ ${GIT}, path: c, ref: { branch: main }, verify: { secretName: keys } }`;
    expect(objectAt(fleetWith(`{ helm: { chart: { git: ${chart} } } }`), 'git-repository').spec.verify).toEqual({
      mode: 'HEAD',
      secretRef: { name: 'keys' },
    });
  });

  it.each([
    [`{ branch: main, commit: ${COMMIT} }`],
    ['{ name: refs/merge-requests/1/head }'],
    ['{ name: refs/tags/v1 }'],
  ])('may be taken at %s', (ref) => {
    const { spec } = objectAt(kustomize(`${GIT}, ref: ${ref}`), 'git-repository');
    const fields = ref
      .slice(2, -2)
      .split(', ')
      .map((field) => field.split(': '));
    expect(spec.ref).toEqual(Object.fromEntries(fields));
  });

  it.each([
    ['ref: { branch: main, tag: v1 }', 'want exactly one of branch, tag, semver, commit and name'],
    [`ref: { tag: v1, commit: ${COMMIT} }`, 'want exactly one of branch, tag, semver, commit and name'],
    ['ref: { name: main }', 'ref.name: got "main", want the full name of a reference'],
    ['ref: { digest: x }', 'unknown'],
    ['ref: { branch: main }, verify: { secretName: keys, mode: Tag }', 'want a tag or a range of versions'],
    ['ref: { branch: main }, verify: { secretName: A_B }', 'verify.secretName: got "A_B"'],
    ['ref: { branch: main }, proxySecretName: A_B', 'proxySecretName: got "A_B"'],
    ['ref: { branch: main }, include: [{ repository: a, toPath: ../b }]', 'include[0].toPath: got "../b"'],
    ['ref: { branch: main }, oci: { url: oci://a/b, tag: v1 }', '`oci` alone'],
  ])('is refused with %s', (settings, message) => {
    expect(problemsOf(kustomize(`${GIT}, ${settings}`))).toContain(message);
  });

  it('of yours has no submodules, and a signed tag only where a tag is taken', () => {
    const own = (source: string, more = ''): string =>
      fleetWith(`{ kustomize: { base: { inRepository: true }, source: ${source}${more} } }`);
    expect(problemsOf(own('{ recurseSubmodules: true }'))).toContain('only beside `url`');
    const tagged = '{ verify: { secretName: keys, mode: Tag } }';
    expect(problemsOf(own(tagged))).toContain('ref: got {"branch":"main"}, want a tag or a range of versions');
    expect(problemsOf(own(tagged, ', environments: { dev: { ref: { tag: v1 } } }'))).toBe('');
  });
});

describe('an OCI registry', () => {
  const OCI = 'url: oci://registry.example.com/manifests/app';

  it('has manifests', () => {
    const text = kustomize(
      `oci: { ${OCI}, tag: v1, digest: '${DIGEST}', verify: { provider: cosign, secretName: keys }, proxySecretName: proxy, ignore: "/*", credential: { terraform: {} } }`,
    );
    expect(objectAt(text, 'oci-repository').spec).toEqual({
      interval: '10m',
      url: 'oci://registry.example.com/manifests/app',
      ref: { tag: 'v1', digest: DIGEST },
      verify: { provider: 'cosign', secretRef: { name: 'keys' } },
      proxySecretRef: { name: 'proxy' },
      ignore: '/*',
      secretRef: { name: 'app-oci' },
    });
    expect(objectAt(text, 'kustomization').spec).toMatchObject({
      path: './deploy',
      sourceRef: { kind: 'OCIRepository', name: 'app' },
      targetNamespace: 'app',
    });
    expect(objectAt(text, 'secret')).toMatchObject({
      type: 'kubernetes.io/dockerconfigjson',
      stringData: {
        '.dockerconfigjson':
          '{"auths": {"registry.example.com":\n  {"username": ${OCI_USERNAME_APP}, "password": ${OCI_PASSWORD_APP}}}}\n',
      },
    });
  });

  it('may be public, and of another tag on a cluster', () => {
    const text = kustomize(
      `oci: { ${OCI}, semver: '>=1.0.0', semverFilter: '.*-rc.*' }`,
      ', clusters: { one: { ref: { tag: v2 } } }',
    );
    expect(objectAt(text, 'oci-repository').spec.ref).toEqual({ tag: 'v2' });
    const everywhere = kustomize(`oci: { ${OCI}, semver: '>=1.0.0', semverFilter: '.*-rc.*' }`);
    expect(objectAt(everywhere, 'oci-repository').spec).toEqual({
      interval: '10m',
      url: 'oci://registry.example.com/manifests/app',
      ref: { semver: '>=1.0.0', semverFilter: '.*-rc.*' },
    });
  });

  it('makes a component wait for helm components with a source of the same kind', () => {
    const text = kustomize(`oci: { ${OCI}, tag: v1 }`, ', dependsOn: [chart]')
      .replace('[app]', '[app, chart]')
      .concat(
        '  chart: { helm: { chart: { repository: { url: https://c.example.com, name: c, version: 1.0.0 } } } }\n',
      );
    const file = files(text).find(({ path }) => path === 'clusters/one/app/app-kustomization.yaml');
    const kinds = parseObjects(String(file?.content), 'it').map((object: any) => object.spec.sourceRef.kind);
    expect(kinds).toEqual(['OCIRepository', 'OCIRepository']);
  });

  it.each([
    [OCI, 'want exactly one of tag, semver and digest'],
    [`${OCI}, tag: v1, semver: 1.x`, 'want exactly one of tag, semver and digest'],
    [`${OCI}, tag: v1, semverFilter: x`, 'semverFilter: got "x", want a regular expression, with `semver` beside it'],
    ['url: "https://a/b", tag: v1', 'want an address such as oci://'],
    ['url: "oci://me:secret@a/b", tag: v1', 'without user and password'],
    [`${OCI}, tag: v1, insecure: true, provider: aws`, 'insecure: got true, want false, or no credential'],
    [`${OCI}, tag: v1, verify: { provider: notation }`, "notation's trust policy"],
  ])('is refused with %s', (settings, message) => {
    const problems = problemsOf(kustomize(`oci: { ${settings} }`));
    expect(problems).toContain(message);
    expect(problems).not.toContain('secret@');
  });

  it('is refused with a reference of Git, and without base.path', () => {
    expect(
      problemsOf(kustomize(`oci: { ${OCI}, tag: v1 }`, ', clusters: { one: { ref: { branch: main } } }')),
    ).toContain('ref: got {"branch":"main"}, want exactly one of tag, semver and digest');
    const text = fleetWith(`{ kustomize: { base: { inRepository: true }, source: { oci: { ${OCI}, tag: v1 } } } }`);
    expect(problemsOf(text)).toContain('base: got "in-repository", want KustomizeBase.path()');
  });

  it('has charts by digest with their tag', () => {
    const chart = `{ url: oci://r.example.com/c, tag: '1.0.0', digest: '${DIGEST}' }`;
    expect(objectAt(fleetWith(`{ helm: { chart: { oci: ${chart} } } }`), 'oci-repository').spec).toMatchObject({
      ref: { tag: '1.0.0', digest: DIGEST },
      layerSelector: { operation: 'copy' },
    });
  });
});
