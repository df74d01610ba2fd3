import fc from 'fast-check';
import { execFileSync } from 'node:child_process';

import { substitute } from '../../lib/build/substitution/substitute';
import { substituteObjects } from '../../lib/build/substitution/substitute-objects';
import { SubstitutionError } from '../../lib/build/substitution/template';
import { describeWithRig, findProgram } from '../support/rig';

const values = {
  word: 'abcdEFGH28ij',
  path: '/home/bozo/thoughts.for.today',
  file: 'bash.string.txt',
  empty: '',
  grün: 'é',
};

/** Most are those of Flux's own tests. */
const known: readonly (readonly [string, string])[] = [
  ['a $word {word} $', 'a $word {word} $'],
  ['${word}', 'abcdEFGH28ij'],
  ['${#word}', '12'],
  ['${#grün}', '2'],
  ['${word^} ${word^^} ${word,} ${word,,}', 'AbcdEFGH28ij ABCDEFGH28IJ abcdEFGH28ij abcdefgh28ij'],
  ['${path:11} ${path:11:4} ${path:-5}', 'thoughts.for.today thou /home/bozo/thoughts.for.today'],
  ['${none=x} ${none:=y} ${none:-z} ${empty:-e} ${none:=}', 'x y z e '],
  ['${none:=pre${word}-suffix}', 'preabcdEFGH28ij-suffix'],
  ['${word/%ij/XY} ${word/#ab/XY} ${word//[a-b]/x} ${word/b/}', 'abcdEFGH28XY XYcdEFGH28ij abcdEFGH28ij acdEFGH28ij'],
  ['${file#*.} ${file##*.} ${file%.*} ${file%%.*}', 'string.txt txt bash.string bash'],
  ['${path/\\/home/-} ${path//\\//-}', '-/bozo/thoughts.for.today -home-bozo-thoughts.for.today'],
  ['$${word} $${word:=${file}}', '${word} ${word:=bash.string.txt}'],
];

test.each(known)('%s', (text, expected) => {
  expect(substitute(text, { values })).toEqual({ text: expected, missing: [] });
});

test.each(['${NONE}', '${#NONE}', '${NONE^^}', '${NONE:0}', '${NONE/a/b}', '${NONE%.*}', '${word:=x}${NONE}'])(
  '%s misses a value',
  (text) => expect(substitute(text, { values }).missing).toEqual(['NONE']),
);

test.each(['${word', '${}', '${wo-rd}', '${word?}', '${word/a}', '${word:é}'])(
  '%s is no text with variables',
  (text) => {
    expect(() => substitute(text, { values })).toThrow(SubstitutionError);
  },
);

test('where a cluster may have more values, what is not known stays as it is', () => {
  const result = substitute('${word} ${NONE} ${NONE:-a} ${word:-${NONE}}', { values, mayBeMore: true });
  expect(result).toEqual({ text: 'abcdEFGH28ij ${NONE} ${NONE:-a} ${word:-${NONE}}', missing: [] });
});

describe('objects', () => {
  const map = (data: string, metadata = 'name: a'): string =>
    `apiVersion: v1\ndata:\n  key: ${data}\nkind: ConfigMap\nmetadata:\n  ${metadata}\n`;
  const keys = (yaml: string, postBuild?: Parameters<typeof substituteObjects>[1]): unknown[] =>
    substituteObjects(yaml, postBuild).objects.map(({ data }) => (data as any).key);

  it('get values as YAML reads them', () => {
    const substitute = { PORT: '8080', FLAG: 'true', LIST: '[a, b]', LINES: 'a\nb', QUOTED: '"8080"' };
    const yaml = Object.keys(substitute).map((name) => map(`\${${name}}`));
    expect(keys(yaml.join('---\n'), { substitute })).toEqual([8080, true, ['a', 'b'], 'ab', '8080']);
  });

  it('are left alone when they say so, and when there is nothing to fill in', () => {
    const disabled = `name: a\n  annotations:\n    kustomize.toolkit.fluxcd.io/substitute: disabled`;
    expect(keys(map('${NONE}', disabled), { substitute: { A: 'a' } })).toEqual(['${NONE}']);
    expect(keys(map('$${NONE}'), { substitute: {} })).toEqual(['$${NONE}']);
    expect(keys(map('$${NONE}'))).toEqual(['$${NONE}']);
  });

  it('say what they miss, and what is no YAML afterwards', () => {
    const problems = (yaml: string) => substituteObjects(yaml, { substitute: { A: 'a: {' } }).problems;
    expect(problems(map('${B}${C}${B}'))).toEqual([{ object: 'ConfigMap a', missing: ['B', 'C'], words: '' }]);
    expect(problems(map('${A}'))).toEqual([
      { object: 'ConfigMap a', missing: [], words: 'with its values it is no YAML' },
    ]);
  });
});

describeWithRig(
  'flux envsubst --strict',
  () => {
    it('makes the same of texts', () => {
      const part = fc.constantFrom(
        ...[
          '${',
          '}',
          '$$',
          '$',
          'a',
          '.',
          '/',
          '\\/',
          '#',
          '%',
          ':',
          ':-',
          '=',
          ',',
          '^^',
          '*',
          '1',
          ' ',
          '${A}',
          '${B:=d}',
        ],
      );
      const text = fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''));
      const flux = findProgram('flux') ?? '';
      const environment = { A: 'a/b.c.a', E: '' };
      const said = (input: string): string | undefined => {
        try {
          return execFileSync(flux, ['envsubst', '--strict'], {
            input: `${input}\n`,
            env: environment,
            stdio: 'pipe',
          }).toString();
        } catch {
          return undefined;
        }
      };
      const ours = (input: string): string | undefined => {
        try {
          const { text: result, missing } = substitute(input, { values: environment });
          return missing.length === 0 ? `${result}\n` : undefined;
        } catch {
          return undefined;
        }
      };
      const operators = [
        '${A%.*}',
        '${A##*/}',
        '${A//a/x}',
        '${A:1:2}',
        '${E:-d}',
        '${N:-d}',
        '${N}',
        '$${A}',
        '${#A}',
      ];
      operators.forEach((input) => expect([input, ours(input)]).toEqual([input, said(input)]));
      fc.assert(
        fc.property(text, (input) => expect([input, ours(input)]).toEqual([input, said(input)])),
        { numRuns: 100 },
      );
    });
  },
  [{ program: 'flux' }],
);
