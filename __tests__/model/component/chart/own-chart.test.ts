import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { OwnChart } from '../../../../lib/model/component/chart/own-chart';
import { ROOT } from '../../../support/example-fleet';
import { findProgram } from '../../../support/rig';

const PORTAL = join(ROOT, 'examples/portal');
const directories: string[] = [];

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'own-chart-'));
  directories.push(directory);
  return directory;
}

/** A copy of the example chart, with other files. */
function portalWith(files: Readonly<Record<string, string>> = {}): string {
  const directory = temporary();
  cpSync(PORTAL, directory, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(directory, path, '..'), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return directory;
}

const packageOf = (directory: string): Buffer =>
  Buffer.from(OwnChart.directory(directory).files.get('portal-1.0.0.tgz')!.content);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

afterAll(() => directories.forEach((directory) => rmSync(directory, { recursive: true, force: true })));

describe('the package of a chart', () => {
  it('has the same bytes whatever the time, the mode, the time zone and the umask', () => {
    const expected = sha256(packageOf(PORTAL));
    const copy = portalWith();
    utimesSync(join(copy, 'values.yaml'), 1, 1);
    execFileSync('chmod', ['-R', 'u+rwX,go-rwx', copy]);
    expect(sha256(packageOf(copy))).toBe(expected);
    const code = `console.log(require('node:crypto').createHash('sha256').update(require(${JSON.stringify(
      join(ROOT, 'lib/model/component/chart/own-chart.ts'),
    )}).OwnChart.directory(${JSON.stringify(copy)}).files.get('portal-1.0.0.tgz').content).digest('hex'))`;
    const env = { ...process.env, TZ: 'Asia/Kathmandu', LC_ALL: 'tr_TR.UTF-8' };
    const other = execFileSync(join(ROOT, 'node_modules/.bin/tsx'), ['-e', code], {
      env,
      cwd: tmpdir(),
      encoding: 'utf8',
    });
    expect(other.trim()).toBe(expected);
  }, 30_000);

  it('has bytes that never change for one content', () => {
    const directory = temporary();
    writeFileSync(join(directory, 'Chart.yaml'), 'apiVersion: v2\nname: portal\nversion: 1.0.0\n');
    writeFileSync(join(directory, 'big.txt'), 'x'.repeat(100_000));
    expect(sha256(packageOf(directory))).toBe('1cbf74d68accab7655a911dd2d4b0de47da3ec5ef8aa840b129724db7aa367d0');
  });

  it('is a tar in a gzip, without time, owner and mode of the machine', () => {
    const bytes = packageOf(PORTAL);
    expect([...bytes.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
    const listing = execFileSync('tar', ['--utc', '--full-time', '-tvf', '-'], {
      input: gunzipSync(bytes),
      encoding: 'utf8',
    });
    const lines = listing.trimEnd().split('\n');
    expect(lines.every((line) => /^-rw-r--r-- 0\/0 +\d+ 1970-01-01 00:00:00 portal\//.test(line))).toBe(true);
    expect(lines.map((line) => line.split(' ').at(-1))).toEqual(
      OwnChart.directory(PORTAL).packaged.paths.map((path) => `portal/${path}`),
    );
  });

  it('holds long paths, bytes that are no text, and refuses paths that tar cannot say', () => {
    const long = `files/${'d'.repeat(90)}/${'f'.repeat(90)}`;
    const directory = portalWith({ [long]: 'long' });
    writeFileSync(join(directory, 'files/bytes'), Buffer.from([0, 255, 1]));
    const target = temporary();
    execFileSync('tar', ['-xf', '-', '-C', target], { input: gunzipSync(packageOf(directory)) });
    expect(execFileSync('cat', [join(target, 'portal', long)], { encoding: 'utf8' })).toBe('long');
    expect([...execFileSync('cat', [join(target, 'portal/files/bytes')])]).toEqual([0, 255, 1]);
    const tooLong = portalWith({ [`files/${'f'.repeat(120)}`]: '' });
    expect(() => packageOf(tooLong)).toThrow(/want a shorter path/);
  });

  (findProgram('helm') ? it : it.skip)('is accepted by the real helm show, lint and template', () => {
    const directory = temporary();
    const file = join(directory, 'portal-1.0.0.tgz');
    writeFileSync(file, packageOf(PORTAL));
    const helm = (...args: string[]): string => execFileSync(findProgram('helm')!, args, { encoding: 'utf8' });
    expect(helm('show', 'chart', file)).toContain('name: portal');
    expect(helm('lint', '--strict', file)).toContain('0 chart(s) failed');
    expect(helm('template', 'x', file)).toBe(helm('template', 'x', PORTAL));
  });
});

describe('what is delivered', () => {
  it('is the directory, the package and rules that keep the package out of itself', () => {
    const directory = portalWith({ 'portal-0.9.0.tgz': 'old', 'notes.tmp': 'mine', 'charts/x-1.tgz': 'dependency' });
    const { files, packaged } = OwnChart.directory(directory);
    expect(files.paths).toContain('portal-1.0.0.tgz');
    expect(files.paths).not.toContain('portal-0.9.0.tgz');
    expect(files.get('.helmignore')!.content).toBe(
      '*.tmp\n.idea/\n# Not part of the chart.\n/portal-*.tgz\n/overlays/\n',
    );
    expect(packaged.paths).not.toContain('notes.tmp');
    expect(packaged.paths).toContain('charts/x-1.tgz');
    expect(packaged.paths.filter((path) => path.startsWith('portal-'))).toEqual([]);
  });

  (findProgram('helm') ? it : it.skip)('is for Helm what is in the package, as a directory too', () => {
    const directory = temporary();
    for (const { path, content } of OwnChart.directory(PORTAL).files) {
      mkdirSync(join(directory, path, '..'), { recursive: true });
      writeFileSync(join(directory, path), content);
    }
    const target = temporary();
    execFileSync(findProgram('helm')!, ['package', directory, '--destination', target]);
    const listing = execFileSync('tar', ['-tzf', join(target, 'portal-1.0.0.tgz')], { encoding: 'utf8' });
    const expected = OwnChart.directory(PORTAL).packaged.paths.map((path) => `portal/${path}`);
    expect(listing.trim().split('\n').sort()).toEqual([...expected].sort());
  });
});

describe('a chart that Helm could not install', () => {
  const chart = (changes: string): Record<string, string> => ({ 'Chart.yaml': changes });
  const good = 'apiVersion: v2\nname: portal\nversion: 1.0.0\n';

  it.each<[string, Record<string, string>, RegExp]>([
    ['an older format', chart(good.replace('v2', 'v1')), /Chart\.yaml: apiVersion: got "v1", want v2/],
    ['no name', chart('apiVersion: v2\nversion: 1.0.0\n'), /Chart\.yaml: name: want letters/],
    ['a path for a name', chart(good.replace('portal', '../portal')), /Chart\.yaml: name: got/],
    [
      'half a version',
      chart(good.replace('1.0.0', "'1.0'")),
      /Chart\.yaml: version: got "1\.0", want a version of SemVer 2/,
    ],
    ['a number for a version', chart(good.replace('1.0.0', '1.0')), /Chart\.yaml: version: got 1, want/],
    ['a version with a v', chart(good.replace('1.0.0', 'v1.0.0')), /Chart\.yaml: version: got "v1\.0\.0"/],
    ['a library', chart(`${good}type: library\n`), /Chart\.yaml: type: got "library", want application/],
    ['a list for a chart', chart('[]'), /Chart\.yaml: want one map/],
    ['no YAML for values', { 'values.yaml': 'a: [' }, /values\.yaml: want YAML, but/],
    ['a list of values', { 'values.yaml': '- a\n' }, /values\.yaml: want one map/],
    [
      'a dependency that is not there',
      chart(`${good}dependencies:\n  - { name: redis, version: 1.x, repository: https://x.example }\n`),
      /dependencies: got "redis", want it below charts\/: 'helm dependency update' fetches it/,
    ],
  ])('with %s is refused', (_, files, message) => {
    expect(() => OwnChart.directory(portalWith(files))).toThrow(message);
  });

  it('without a Chart.yaml, or with a link that leads out, is refused', () => {
    expect(() => OwnChart.directory(join(ROOT, 'examples/fluentd'))).toThrow(/want a directory with a Chart\.yaml/);
    const directory = portalWith();
    symlinkSync('/etc/hostname', join(directory, 'templates/host.yaml'));
    expect(() => OwnChart.directory(directory)).toThrow(/symbolic link/);
  });
});
