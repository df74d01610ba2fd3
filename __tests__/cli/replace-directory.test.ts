import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { runProgram } from '../../cli/program';
import { replaceDirectory } from '../../cli/replace-directory';

const EXAMPLE = resolve(__dirname, '../../fleet.yaml');
const before = process.cwd();
let directory: string;
beforeEach(() => (directory = realpathSync(mkdtempSync(join(tmpdir(), 'replace-')))));
afterEach(() => {
  process.chdir(before);
  rmSync(directory, { recursive: true, force: true });
});

const put = (name: string) => (fresh: string) => writeFileSync(join(fresh, name), name);
const fail = (): never => {
  throw new Error('no');
};

describe('replaceDirectory', () => {
  it('leaves a shell in its directory, and back where it was when writing fails', () => {
    const { ino } = statSync(directory);
    writeFileSync(join(directory, 'old'), '');
    process.chdir(directory);
    replaceDirectory(directory, put('new'));
    expect(readdirSync('.')).toEqual(['new']);
    expect(statSync(directory).ino).toBe(ino);
    expect(() => replaceDirectory(directory, fail)).toThrow('no');
    expect(readdirSync('.')).toEqual(['new']);
  });

  it('leaves a link as it was, and exchanges what it leads to', () => {
    mkdirSync(join(directory, 'real'));
    symlinkSync('real', join(directory, 'link'));
    replaceDirectory(join(directory, 'link'), put('new'));
    expect(lstatSync(join(directory, 'link')).isSymbolicLink()).toBe(true);
    expect(readdirSync(join(directory, 'real'))).toEqual(['new']);
    expect(readdirSync(directory).sort()).toEqual(['link', 'real']);
  });

  it('makes a new directory, with those above it', () => {
    replaceDirectory(join(directory, 'a/b'), put('new'));
    expect(readdirSync(join(directory, 'a'))).toEqual(['b']);
    expect(readFileSync(join(directory, 'a/b/new'), 'utf8')).toBe('new');
  });
});

describe('gitlab-flux render', () => {
  const render = async (out: string) => {
    let err = '';
    const code = await runProgram(['render', EXAMPLE, '--out', out], {
      stdout: { write: () => undefined },
      stderr: { write: (text: string) => (err += text) },
      environment: {},
    });
    return { code, err };
  };

  it('writes into the directory in which it runs, and again', async () => {
    process.chdir(directory);
    for (let time = 0; time < 2; time++) expect(await render('.')).toEqual({ code: 0, err: '' });
    expect(existsSync('clusters/uni-dev')).toBe(true);
    expect(process.cwd()).toBe(directory);
  });

  it('says of a link that leads nowhere that it cannot write there', async () => {
    symlinkSync('nowhere', join(directory, 'link'));
    const { code, err } = await render(join(directory, 'link'));
    expect(code).toBe(1);
    expect(err).toContain('want a directory that can be written');
    expect(readdirSync(directory)).toEqual(['link']);
  });
});
