// Manifests that no synthesis wrote: refused with their place in one line, and before anybody is asked.
import fc from 'fast-check';
import { mkdirSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { readManifest, treeReader } from '../../cli/push/manifest-file';
import { parsePushManifest } from '../../lib/model/delivery/parse-push-manifest';
import { ValidationError } from '../../lib/model/validation-error';
import { manifestOf, runPush } from '../support/push';
import { stopAll, temporaryDirectory } from '../support/rig';

afterAll(stopAll);

const blob = '2'.repeat(40);
const valid = {
  version: 1,
  url: 'https://gitlab.example.com',
  project: 'platform/fleet',
  branch: 'main',
  inventory: 'dev-uni-dev',
  tree: 'tree',
  files: { 'a.yaml': { blob } },
};
const parsing = (data: unknown) => () => parsePushManifest(JSON.stringify(data), 'm.json');

test('what synthesis writes is taken', () => {
  const rich = {
    ...valid,
    onConflict: 'adopt',
    message: { subject: 'Deploy', skipCi: true },
    author: { name: 'Fleet', email: 'fleet@example.com' },
    mergeRequest: { sourceBranch: 'x/y', labels: ['a'], ready: 'opened', wait: '5s', title: 'Deploy' },
    released: ['b.yaml'],
    files: { 'a.yaml': { blob, executable: true, policy: 'seed' }, ['__proto__']: { blob }, constructor: { blob } },
  };
  const text = JSON.stringify(rich).replace('"constructor"', '"__proto__":{"blob":"' + blob + '"},"constructor"');
  const { files, ...rest } = parsePushManifest(text, 'm.json');
  expect(Object.keys(files)).toEqual(['a.yaml', '__proto__', 'constructor']);
  expect(rest).toMatchObject({ onConflict: 'adopt', released: ['b.yaml'], message: { skipCi: true } });
});

test.each([
  ['a list', [], 'm.json: want the JSON of a push manifest'],
  ['nothing', null, 'm.json: want the JSON of a push manifest'],
  ['another version', { ...valid, version: 2 }, 'm.json: version: got 2'],
  ['no project', { ...valid, project: '' }, 'm.json: project: got "", want the path of a project'],
  ['a number as project', { ...valid, project: 1 }, 'm.json: project: got 1'],
  ['a branch of two lines', { ...valid, branch: 'a\nb' }, 'm.json: branch: got'],
  ['no branch of Git', { ...valid, branch: 'a..b' }, 'm.json: branch: got "a..b"'],
  ['a stack that leads elsewhere', { ...valid, inventory: '../x' }, 'm.json: inventory: got "../x"'],
  [
    'another word for conflicts',
    { ...valid, onConflict: 'force' },
    'm.json: onConflict: got "force", want one of fail',
  ],
  ['a message that is a text', { ...valid, message: 'Deploy' }, 'm.json: message: got "Deploy", want an object'],
  ['a subject of two lines', { ...valid, message: { subject: 'a\nb' } }, 'm.json: message.subject: got'],
  ['no mail address', { ...valid, author: { name: 'x' } }, 'm.json: author.email: want one line of text'],
  [
    'a wait that is a number',
    { ...valid, mergeRequest: { sourceBranch: 'x', wait: 5 } },
    'm.json: mergeRequest.wait: got 5',
  ],
  [
    'a wait before now',
    { ...valid, mergeRequest: { sourceBranch: 'x', wait: '-1s' } },
    'm.json: mergeRequest.wait: got "-1s"',
  ],
  [
    'labels that are a text',
    { ...valid, mergeRequest: { sourceBranch: 'x', labels: 'a' } },
    'mergeRequest.labels: got "a"',
  ],
  ['a tree with NUL', { ...valid, tree: 'a\0b' }, 'm.json: tree: got'],
  ['no tree', { ...valid, tree: undefined }, 'm.json: tree: want a directory'],
  ['a list of files', { ...valid, files: [] }, 'm.json: files: got [], want an object by path'],
  ['no files', { ...valid, files: null }, 'm.json: files: got null'],
  ['a path that leads out', { ...valid, files: { '../outside.txt': { blob } } }, 'm.json: files: got "../outside.txt"'],
  ['an absolute path', { ...valid, files: { '/etc/passwd': { blob } } }, 'm.json: files: got "/etc/passwd"'],
  ['a path with a dot', { ...valid, files: { 'a/./b': { blob } } }, 'm.json: files: got "a/./b"'],
  ['a path with NUL', { ...valid, files: { 'a\0b': { blob } } }, 'm.json: files: got'],
  ["Git's own directory", { ...valid, files: { '.git/config': { blob } } }, 'm.json: files: got ".git/config"'],
  ['the inventory itself', { ...valid, files: { '.gitlab/gitops/dev-uni-dev.json': { blob } } }, 'want another path'],
  ['a blob that is none', { ...valid, files: { a: { blob: 'x' } } }, 'm.json: files["a"].blob: got "x"'],
  ['a file that is a text', { ...valid, files: { a: blob } }, 'm.json: files["a"]: got'],
  ['a mode that is a text', { ...valid, files: { a: { blob, executable: 'no' } } }, 'files["a"].executable: got "no"'],
  ['another policy', { ...valid, files: { a: { blob, policy: 'x' } } }, 'm.json: files["a"].policy: got "x"'],
  ['a path of others that leads out', { ...valid, released: ['../x'] }, 'm.json: released[0]: got "../x"'],
  ['paths of others that are a text', { ...valid, released: 'x' }, 'm.json: released: got "x", want a list'],
])('%s is refused', (_, data, message) => {
  expect(parsing(data)).toThrow(ValidationError);
  expect(parsing(data)).toThrow(message);
});

test.each([
  'https://user:canary@gitlab.example.com',
  'https://canary@x',
  'ftp://x/canary',
  'file:///canary',
  'canary',
  5,
])('an address that can never work is refused, and not shown: %s', (url) => {
  const refused = parsing({ ...valid, url });
  expect(refused).toThrow('m.json: url: want the address of GitLab, with http or https, without user and password');
  expect(refused).not.toThrow('canary');
});

test('whatever is put in the place of a value, it is taken or refused with words', () => {
  const paths = [
    'url',
    'project',
    'branch',
    'inventory',
    'tree',
    'files',
    'released',
    'message',
    'author',
    'mergeRequest',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...paths, 'files.a'), fc.jsonValue(), (path, value) => {
      const data = path === 'files.a' ? { ...valid, files: { a: value } } : { ...valid, [path]: value };
      try {
        parsePushManifest(JSON.stringify(data), 'm.json');
      } catch (error) {
        if (!ValidationError.isValidationError(error)) throw error;
        expect(error.message).toMatch(/^m\.json: /);
      }
    }),
    { numRuns: 1000 },
  );
});

test('whatever path is read, it is below the tree', () => {
  const directory = temporaryDirectory('tree');
  mkdirSync(join(directory, 'tree/inner'), { recursive: true });
  writeFileSync(join(directory, 'secret'), 'canary');
  symlinkSync('../secret', join(directory, 'tree/link'));
  symlinkSync('..', join(directory, 'tree/up'));
  symlinkSync('../tree/inner', join(directory, 'tree/inner/loop'));
  const read = treeReader(join(directory, 'manifest.json'), 'tree');
  const segment = fc.constantFrom('..', '.', 'link', 'up', 'inner', 'loop', 'secret', 'tree', '', directory.slice(1));
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 6 }), (segments) => {
      expect(() => read(segments.join('/'))).toThrow(/there is no such file|is no file|symbolic link|ENOTDIR/);
    }),
  );
});

describe('a command that is given what is no manifest ends with one line', () => {
  const directory = temporaryDirectory('manifests');
  const write = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  const large = write('large.json', JSON.stringify(valid));
  truncateSync(large, 92 * 2 ** 20);
  test.each([
    ['a directory', directory, 'is no file'],
    ['a path with NUL', `${directory}/a\0b`, 'there is no such file'],
    ['nothing', join(directory, 'nowhere.json'), 'there is no such file'],
    ['92 MiB', large, 'has 96468992 bytes; want a manifest of at most'],
    ['no JSON', write('text.json', 'canary'), 'want the JSON of a push manifest'],
    ['a password', write('url.json', JSON.stringify({ ...valid, url: 'https://a:canary@x' })), 'url: want'],
  ])('%s', async (_, file, message) => {
    const { code, stdout, stderr } = await runPush({ GITLAB_TOKEN: 'glpat-0123456789' }, '--manifest', file);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('canary');
  });
});

describe('a tree that is not as it was written', () => {
  const target = { ...valid, version: 1 as const };
  const reading = (change: (tree: string) => void) => () => {
    const manifest = manifestOf(target, { 'a/b.yaml': 'b' });
    change(join(dirname(manifest), 'tree'));
    return treeReader(manifest, parsePushManifest(readManifest(manifest), manifest).tree)('a/b.yaml');
  };
  test.each([
    ['is not there', (tree: string) => rename(tree), 'tree: there is no such directory'],
    ['lacks a file', (tree: string) => rename(join(tree, 'a/b.yaml')), 'a/b.yaml: there is no such file'],
    ['has a directory for a file', (tree: string) => exchange(join(tree, 'a/b.yaml')), 'a/b.yaml: is no file'],
    ['has a link for a file', (tree: string) => link(join(tree, 'a/b.yaml')), 'by a symbolic link'],
    ['has a link for a directory', (tree: string) => link(join(tree, 'a')), 'by a symbolic link'],
  ])('%s', (_, change, message) => {
    expect(reading(change)).toThrow(message);
  });
  test('is read', () => expect(Buffer.from(reading(() => undefined)()).toString()).toBe('b'));
});

function rename(path: string): void {
  renameSync(path, `${path}.old`);
}

function exchange(path: string): void {
  rename(path);
  mkdirSync(path);
}

function link(path: string): void {
  rename(path);
  symlinkSync(`${path}.old`, path);
}
