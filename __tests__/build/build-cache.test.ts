import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BuildCache } from '../../lib/build/cache/build-cache';
import { cacheDirectory, tidyCache } from '../../lib/build/cache/cache-directory';
import { holdsSecretValues } from '../../lib/build/cache/secret-values';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'build-cache-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const filesIn = (root: string): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(root, path)).isFile());

describe('what was built', () => {
  it('is found again by its input, with every digit of an integer', () => {
    const cache = new BuildCache(directory);
    const key = cache.keyOf(['a', { b: 1 }]);
    cache.write(key, { objects: [{ count: 12345678901234567890n, text: 'a' }] });
    expect(new BuildCache(directory).read(key)).toEqual({ objects: [{ count: 12345678901234567890n, text: 'a' }] });
    expect(cache.read(cache.keyOf(['a', { b: 2 }]))).toBeUndefined();
    expect(filesIn(directory)).toHaveLength(1);
    expect(statSync(join(directory, filesIn(directory)[0]!)).mode & 0o777).toBe(0o600);
  });

  it('is built anew where an entry is broken, and where nothing can be written', () => {
    const cache = new BuildCache(directory);
    const key = cache.keyOf(['a']);
    cache.write(key, 'a');
    writeFileSync(join(directory, filesIn(directory)[0]!), '{"half');
    expect(cache.read(key)).toBeUndefined();
    const nowhere = new BuildCache(join(directory, filesIn(directory)[0]!));
    nowhere.write(key, 'a');
    expect(nowhere.read(key)).toBeUndefined();
    expect(new BuildCache(undefined).read(key)).toBeUndefined();
  });

  it('goes when nobody has used it for 30 days, once a day', () => {
    const cache = new BuildCache(directory);
    const [old, used] = [cache.keyOf(['old']), cache.keyOf(['used'])];
    cache.write(old, 1);
    const [file = ''] = filesIn(directory);
    cache.write(used, 2);
    const now = Date.UTC(2026, 10, 27);
    const longAgo = new Date(now - 31 * 24 * 3600 * 1000);
    filesIn(directory).forEach((path) => utimesSync(join(directory, path), new Date(now), new Date(now)));
    utimesSync(join(directory, file), longAgo, longAgo);
    tidyCache(directory, now);
    expect([cache.read(old), cache.read(used)]).toEqual([undefined, 2]);
    cache.write(old, 1);
    utimesSync(join(directory, file), longAgo, longAgo);
    tidyCache(directory, now + 1000);
    expect(existsSync(join(directory, file))).toBe(true);
  });
});

test.each([
  [{ XDG_CACHE_HOME: '/x', HOME: '/home/a' }, '/x/cdktf-gitlab-flux/build'],
  [{ XDG_CACHE_HOME: 'relative', HOME: '/home/a' }, /^\/home\/a\/(\.cache|Library\/Caches)\/cdktf-gitlab-flux\/build$/],
  [{}, /^$/],
])('with %j it is at %s', (environment, expected) => {
  expect(cacheDirectory(environment) ?? '').toMatch(expected);
});

test.each([
  [{ data: { a: 'c2VjcmV0' } }, true],
  [{ stringData: { a: 'secret' } }, true],
  [{ stringData: { 'tls.pem': '-----BEGIN CERTIFICATE-----\n…\n-----BEGIN PRIVATE KEY-----' } }, true],
  [{ stringData: { 'ca.crt': '-----BEGIN CERTIFICATE-----\n…' } }, false],
  [{ data: { a: 'ENC[AES256_GCM,data:x]' } }, false],
  [{ stringData: { username: '${GIT_USERNAME}' } }, false],
  [{ data: {} }, false],
  [{ kind: 'ConfigMap', data: { a: 'b' } }, false],
])('a Secret with %j is kept off the disk: %s', (fields, expected) => {
  const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, ...fields };
  expect(holdsSecretValues([object])).toBe(expected);
});
