import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runProgram } from '../../cli/program';
import { sha256 } from '../../lib/model/flux/gotk/flux-bundle';
import { readFluxBundle } from '../../lib/model/flux/gotk/read-bundle';
import { sharedDirectory } from '../support/rig';

const MANIFESTS = join(sharedDirectory, 'data/flux-v2.9.4');
const withData = existsSync(MANIFESTS);
const note = withData ? '' : ` (skipped, data: there is no ${MANIFESTS})`;

(withData ? describe : describe.skip)(`gitlab-flux vendor flux${note}`, () => {
  let home: string;
  let out: string;
  let archive: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'vendor-'));
    out = join(home, 'vendor/flux');
    archive = join(home, 'manifests.tar.gz');
    execFileSync('tar', ['-czf', archive, '-C', MANIFESTS, '.']);
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  async function vendor(...args: readonly string[]) {
    const written = { stdout: '', stderr: '' };
    const code = await runProgram(['vendor', 'flux', '--version', 'v2.9.4', '--out', out, ...args], {
      stdout: { write: (text) => (written.stdout += text) },
      stderr: { write: (text) => (written.stderr += text) },
      environment: {},
    });
    return { code, ...written };
  }
  const vendored = (): readonly string[] => readdirSync(join(out, 'v2.9.4')).sort();
  const expected = withData ? ['bundle.lock.json', ...readdirSync(MANIFESTS)].sort() : [];

  test('an archive becomes files and a lock file that names their digests', async () => {
    const result = await vendor('--from', archive, '--json');
    expect(result.code).toBe(0);
    expect(vendored()).toEqual(expected);
    expect(readdirSync(out)).toEqual(['v2.9.4']);
    const lock = JSON.parse(readFileSync(join(out, 'v2.9.4/bundle.lock.json'), 'utf8'));
    expect(lock).toMatchObject({ version: 'v2.9.4', source: archive, archive: sha256(readFileSync(archive)) });
    expect(Object.keys(lock.files)).toEqual(readdirSync(MANIFESTS).sort());
    expect(lock.files['rbac.yaml']).toBe(sha256(readFileSync(join(MANIFESTS, 'rbac.yaml'))));
    expect(JSON.parse(result.stdout)).toEqual({
      directory: join(out, 'v2.9.4'),
      version: 'v2.9.4',
      source: archive,
      files: lock.files,
      changed: true,
    });
    expect([...readFluxBundle(join(out, 'v2.9.4'), 'v2.9.4').files]).toEqual([
      ...readFluxBundle(MANIFESTS, 'v2.9.4').files,
    ]);
  });

  test('a directory is taken too, and a second run has nothing to do', async () => {
    expect(await vendor('--from', MANIFESTS)).toMatchObject({ code: 0, stdout: expect.stringContaining('9 files') });
    expect(await vendor('--from', archive)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing to do'),
    });
  });

  test('what was altered, or lost, comes back', async () => {
    await vendor('--from', archive);
    writeFileSync(join(out, 'v2.9.4/rbac.yaml'), 'altered\n');
    rmSync(join(out, 'v2.9.4/policies.yaml'));
    expect(() => readFluxBundle(join(out, 'v2.9.4'), 'v2.9.4')).toThrow('policies.yaml not found');
    expect(await vendor('--from', archive)).toMatchObject({ code: 0 });
    expect(vendored()).toEqual(expected);
    readFluxBundle(join(out, 'v2.9.4'), 'v2.9.4');
  });

  test('an altered, an added and another version are clear errors when the bundle is read', async () => {
    await vendor('--from', archive);
    const directory = join(out, 'v2.9.4');
    expect(() => readFluxBundle(directory, 'v2.9.5')).toThrow(
      'version: got "v2.9.4", want v2.9.5: gitlab-flux vendor flux',
    );
    cpSync(join(directory, 'rbac.yaml'), join(directory, 'more.yaml'));
    expect(() => readFluxBundle(directory, 'v2.9.4')).toThrow(
      'more.yaml: want the file of bundle.lock.json, but it was added',
    );
    rmSync(join(directory, 'more.yaml'));
    writeFileSync(join(directory, 'helm-controller.yaml'), 'a: b\n');
    expect(() => readFluxBundle(directory, 'v2.9.4')).toThrow(
      'helm-controller.yaml: want the file of bundle.lock.json, but it was altered',
    );
    rmSync(join(directory, 'helm-controller.yaml'));
    expect(() => readFluxBundle(directory, 'v2.9.4')).toThrow('but it is not there');
    writeFileSync(join(directory, 'bundle.lock.json'), '{');
    expect(() => readFluxBundle(directory, 'v2.9.4')).toThrow('want a lock file that gitlab-flux vendor flux wrote');
  });

  test('another content of a version that is there needs --force', async () => {
    await vendor('--from', archive);
    const other = join(home, 'other');
    cpSync(MANIFESTS, other, { recursive: true });
    const policies = readFileSync(join(other, 'policies.yaml'), 'utf8');
    rmSync(join(other, 'policies.yaml'));
    writeFileSync(join(other, 'policies.yaml'), policies.replace('8080', '8081'));
    const refused = await vendor('--from', other, '--json');
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout).problems[0].message).toContain(
      'policies.yaml differs from the one in bundle.lock.json',
    );
    expect(readFileSync(join(out, 'v2.9.4/policies.yaml'), 'utf8')).toBe(policies);
    expect(await vendor('--from', other, '--force')).toMatchObject({ code: 0 });
    expect(readFileSync(join(out, 'v2.9.4/policies.yaml'), 'utf8')).toContain('8081');
  });

  test('files of somebody else are not lost', async () => {
    mkdirSync(join(out, 'v2.9.4'), { recursive: true });
    writeFileSync(join(out, 'v2.9.4/notes.txt'), 'mine\n');
    expect(await vendor('--from', archive)).toMatchObject({ code: 1, stderr: expect.stringContaining('"notes.txt"') });
    expect(vendored()).toEqual(['notes.txt']);
  });

  test.each<[string, () => readonly string[], string]>([
    ['no file', () => ['--from', join(home, 'none')], 'want a file, a directory or an address'],
    ['a file that is no archive', () => ['--from', join(MANIFESTS, 'rbac.yaml')], 'a gzipped tar archive'],
    ['half an archive', () => ['--from', half()], 'a gzipped tar archive'],
    ['another digest', () => ['--from', archive, '--sha256', 'abc'], 'want abc'],
    [
      'a directory without manifests',
      () => ['--from', tmp('empty')],
      'rbac.yaml, policies.yaml, source-controller.yaml not found',
    ],
    ['an address that nobody serves', () => ['--from', 'http://127.0.0.1:9/manifests.tar.gz'], 'Try --from'],
  ])('%s: an error, and nothing is written', async (_, args, message) => {
    expect(await vendor(...args())).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(message) });
    expect(existsSync(out)).toBe(false);
  });

  describe('from an address', () => {
    let server: Server;
    let url: string;
    beforeEach(async () => {
      server = createServer((request, response) => {
        if (request.url === '/moved') response.writeHead(302, { location: '/manifests.tar.gz' }).end();
        else if (request.url === '/manifests.tar.gz') response.end(readFileSync(archive));
        else if (request.url === '/broken') {
          response.writeHead(200, { 'content-length': '100000' });
          response.write(readFileSync(archive).subarray(0, 1000), () => response.destroy());
        } else response.writeHead(404).end();
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterEach(() => new Promise((done) => server.close(done)));

    test('redirects are followed, and progress is told', async () => {
      const result = await vendor('--from', `${url}/moved`, '--sha256', sha256(readFileSync(archive)));
      expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining('kB received') });
      expect(vendored()).toEqual(expected);
    });

    test('no such release, and a connection that breaks, write nothing', async () => {
      expect(await vendor('--from', `${url}/none`)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('HTTP 404'),
      });
      expect(await vendor('--from', `${url}/broken`)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('/broken: '),
      });
      expect(existsSync(out)).toBe(false);
    });
  });

  function half(): string {
    const file = join(home, 'half.tar.gz');
    writeFileSync(file, readFileSync(archive).subarray(0, 20_000));
    return file;
  }

  function tmp(name: string): string {
    mkdirSync(join(home, name));
    return join(home, name);
  }
});
