import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeWholeFile } from '../../../lib/model/manifest/whole-file';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'whole-file-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

test('writes a file, and replaces one', () => {
  const file = join(directory, 'a');
  writeWholeFile(file, 'one');
  writeWholeFile(file, Buffer.from('two'), 0o755);
  expect(readFileSync(file, 'utf8')).toBe('two');
  expect(statSync(file).mode & 0o100).toBe(0o100);
  expect(readdirSync(directory)).toEqual(['a']);
});

const onLinux = existsSync('/dev/full') ? test : test.skip;

// Everything that is written to /dev/full finds the disk full.
onLinux('on a full disk leaves what was there, and nothing else', () => {
  const file = join(directory, 'a');
  writeFileSync(file, 'one');
  symlinkSync('/dev/full', `${file}.new`);
  expect(() => writeWholeFile(file, 'two')).toThrow('ENOSPC: no space left on device');
  expect(readFileSync(file, 'utf8')).toBe('one');
  expect(readdirSync(directory)).toEqual(['a']);
});
