import { parseYamlDocuments, toYamlDocument } from '../../../lib/model/manifest/yaml';
import { goScalar } from '../../../lib/model/manifest/yaml-schema';

describe('YAML as kubectl and Helm read it', () => {
  it.each([
    ['0644', 420],
    ['0o17', 15],
    ['+0x1F', 31],
    ['08', 8],
    ['1_000', 1000],
    ['.21_1', 0.211],
    ['._1', '._1'],
    ['-_1', -1],
    ['1e3', 1000],
    ['no', false],
    ['On', true],
    ['y', true],
    ['nO', 'nO'],
    ['~', null],
    ['', null],
    ['12:30', '12:30'],
    ['2001-01-01', '2001-01-01'],
    ['123456789012345678', 123456789012345678n],
    ['-9223372036854775808', -9223372036854775808n],
    ['18446744073709551616', 18446744073709551616],
  ])('takes %s for %p', (text, value) => {
    expect(goScalar(text)).toBe(value);
  });

  it('merges keys, and takes the later one of two', () => {
    const text = 'a: &a {b: 1, c: 2}\nd: {<<: *a, c: 3}\ne: 1\ne: 2\n';
    expect(parseYamlDocuments(text, 'text')).toEqual([{ a: { b: 1, c: 2 }, d: { b: 1, c: 3 }, e: 2 }]);
  });

  it('knows tags', () => {
    expect(parseYamlDocuments('[!!str 12, !!int "0o17", !!binary aGVsbG8=, !mine text]', 'text')).toEqual([
      ['12', 15, 'hello', 'text'],
    ]);
  });
});

describe('YAML for Go', () => {
  it.each([
    ['+0o7', '"+0o7"'],
    ['0X1F', '"0X1F"'],
    ['<<', '"<<"'],
    ['a\u2028b\u0085', '"a\\u2028b\\u0085"'],
    ['\n\ta', '"\\n\\ta"'],
    ['a\nb\n', '|\n  a\n  b'],
    [123456789012345678n, '123456789012345678'],
  ])('writes %p as %s', (value, text) => {
    expect(toYamlDocument({ key: value })).toBe(`key: ${text}\n`);
  });
});
