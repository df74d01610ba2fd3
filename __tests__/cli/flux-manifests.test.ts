import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { runProgram } from '../../cli/program';
import { sharedDirectory } from '../support/rig';

const MANIFESTS = join(sharedDirectory, 'data/flux-v2.9.4');
const withData = existsSync(MANIFESTS);
const note = withData ? '' : ` (skipped, data: there is no ${MANIFESTS})`;

async function run(...args: readonly string[]) {
  const written = { stdout: '', stderr: '' };
  const code = await runProgram(['flux-manifests', ...args], {
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    environment: {},
  });
  return { code, ...written };
}

(withData ? describe : describe.skip)(`gitlab-flux flux-manifests${note}`, () => {
  const of = (...flags: readonly string[]) => run('--bundle', MANIFESTS, '--version', 'v2.9.4', ...flags);

  test.each<[string, readonly string[], string]>([
    ['no more flags', [], '97da4654bc11de5637d7f506b0a73707e1e6a1f7a8e9fa8e307063c0b9befa1f'],
    [
      '--components',
      ['--components=source-controller,kustomize-controller'],
      '1727ea3bd81cbfdcc4fa5bba16ace659508441924a884437ce9a2486cfda2bb1',
    ],
    [
      '--components, twice',
      ['--components=source-controller', '--components', 'kustomize-controller', '--export'],
      '1727ea3bd81cbfdcc4fa5bba16ace659508441924a884437ce9a2486cfda2bb1',
    ],
    [
      '--components-extra',
      ['--components=source-controller', '--components-extra=kustomize-controller', '--network-policy=true'],
      '1727ea3bd81cbfdcc4fa5bba16ace659508441924a884437ce9a2486cfda2bb1',
    ],
    [
      '--registry',
      ['--registry=registry.example.com/flux', '--image-pull-secret=regcred', '--registry-creds=a:b'],
      'e50399825f59369368213c291833616d6821128cbd33f90ade58757bb1a24997',
    ],
  ])('%s: the checksum of what the flux CLI wrote', async (_, flags, checksum) => {
    const { code, stdout, stderr } = await of(...flags);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(createHash('sha256').update(stdout).digest('hex')).toBe(checksum);
  });

  test('every flag reaches the manifests', async () => {
    const { stdout } = await of(
      '--namespace=gitops',
      '--components-extra=source-watcher',
      '--network-policy=false',
      '--watch-all-namespaces=false',
      '--log-level=debug',
      '--cluster-domain=k8s.example.com',
      '--toleration-keys=a,b',
      '--toleration-keys=c',
    );
    expect(stdout).toContain('name: gitops\n');
    expect(stdout).not.toContain('NetworkPolicy');
    expect(stdout).not.toContain('flux-system');
    expect(stdout).toContain('source-watcher.$(RUNTIME_NAMESPACE).svc.k8s.example.com.\n');
    expect(stdout).toContain('- --watch-all-namespaces=false\n        - --log-level=debug\n');
    expect(stdout).toContain(
      '- key: a\n        operator: Exists\n      - key: b\n        operator: Exists\n      - key: c\n',
    );
  });

  test.each<[readonly string[], number, string]>([
    [['--components=helm'], 1, 'controllers: got "helm", want one of helm-controller'],
    [['--registry-creds=a:b'], 1, '--registry-creds: want --image-pull-secret'],
    [['--registry-creds=a:b:c', '--image-pull-secret=x'], 1, '--registry-creds: want user:password'],
    [['--log-level=trace'], 2, 'Allowed choices are debug, info, error'],
    [['--network-policy=maybe'], 2, 'Want true or false'],
  ])('%j is refused', async (flags, code, message) => {
    const result = await of(...flags);
    expect(result).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
  });
});

test('a bundle that is not there says how to get it', async () => {
  const { code, stdout, stderr } = await run('--bundle', '/nowhere', '--version', 'v2.9.4');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('gitlab-flux vendor flux --version v2.9.4');
});

test('it needs a bundle and a version', async () => {
  expect(await run('--version', 'v2.9.4')).toMatchObject({ code: 2, stderr: expect.stringContaining('--bundle') });
  expect(await run('--bundle', '.')).toMatchObject({ code: 2, stderr: expect.stringContaining('--version') });
});
