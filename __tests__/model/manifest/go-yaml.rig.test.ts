import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { parseYamlDocuments, toYamlDocument } from '../../../lib/model/manifest/yaml';
import { describeWithRig, findProgram, temporaryDirectory } from '../../support/rig';

const COUNT = 10_000;

/** What YAML 1.1, 1.2 and Go see differently, among ordinary text. */
const word = fc.oneof(
  fc.stringMatching(/^[-+]?[0-9._]{1,6}([eExXoObB_][-+]?[0-9a-fA-F_]{0,4})?$/),
  fc.constantFrom('y', 'N', 'yes', 'No', 'ON', 'off', 'true', 'False', 'nul', 'null', '~', '<<', '12:30', '2001-01-01'),
  fc.constantFrom('123456789012345678', '-9223372036854775808', '18446744073709551616', '0b11'),
);
const text = fc.oneof(
  word,
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.stringMatching(/^[ \t\n\r:#'"\-?,[\]{}&*!|>%@`~a-z\u0085\u2028\u2029\ufeff]{0,12}$/),
  fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\t', ': ', '# ', '- '), maxLength: 120 }),
);
const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: true }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).filter((value) => !Number.isSafeInteger(Number(value))),
);
const { value } = fc.letrec((tie) => ({
  leaf: fc.oneof(text, text, number, fc.boolean(), fc.constant(null)),
  list: fc.array(tie('value'), { maxLength: 3 }),
  map: fc.dictionary(text, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  value: fc.oneof({ maxDepth: 3 }, tie('leaf'), tie('leaf'), tie('list'), tie('map')),
}));

/** Writes a document, lets a program read it, and returns its `spec`. */
const readers: Record<string, (document: string) => unknown> = {
  kubectl: (document) => annotated(written('object.yaml', document)),
  'kubectl kustomize': (document) => {
    written('object.yaml', document);
    const directory = dirname(written('kustomization.yaml', 'resources: [object.yaml]\n'));
    return annotated(written('built.yaml', execFileSync('kubectl', ['kustomize', directory], quiet).toString()));
  },
  helm: (document) => {
    const chart = dirname(written('chart/Chart.yaml', 'apiVersion: v2\nname: chart\nversion: 1.0.0\n'));
    written('chart/templates/all.yaml', 'kind: Thing\nspec: {{ .Values.spec | toJson | b64enc }}\n');
    const values = written('values.yaml', document);
    const [built] = read(execFileSync(findProgram('helm')!, ['template', chart, '--values', values], quiet));
    return read(Buffer.from((built as Thing).spec as string, 'base64'))[0];
  },
};

interface Thing {
  readonly spec: unknown;
}

const quiet = { maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'] };
let directory: string | undefined;

function written(path: string, content: string): string {
  directory ??= temporaryDirectory('go-yaml');
  const file = join(directory, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** kubectl changes nothing in what it reads, and prints JSON. */
function annotated(file: string): unknown {
  const args = ['annotate', '--local', '--output=json', '-f', file, 'read=yes'];
  return (read(execFileSync('kubectl', args, quiet))[0] as Thing).spec;
}

/** With all digits of large integers, which JSON.parse has not. */
function read(text: Buffer): readonly unknown[] {
  return parseYamlDocuments(text.toString(), 'what a program printed');
}

/** Helm keeps numbers as floats. */
function asFloats(data: unknown): unknown {
  if (typeof data === 'bigint') return Number(data);
  if (Array.isArray(data)) return data.map(asFloats);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, each]) => [key, asFloats(each)]));
}

/** On their way through JSON kustomize cannot read these again, and takes a key `<<` for a merge key, however written. */
const LOST_BY_KUSTOMIZE = /[\u007f-\u009f\ufeff\ufffe\uffff]|"<<"/;
/** kustomize leaves these words as they are; the API server then reads them as text. */
const TEXT_FOR_KUSTOMIZE = /^(?:y|n|yes|no|on|off|\d+-\d+-\d+)$/i;

const head = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'thing' } };

describeWithRig(
  'YAML and the programs that read it',
  () => {
    const values = fc.sample(value, { numRuns: COUNT, seed: 1 });
    const words = fc.sample(word, { numRuns: COUNT, seed: 2 }).filter((each) => each !== '<<');

    test.each(Object.entries(readers))('%s reads what is written', (name, reader) => {
      const isReadable = (each: unknown): boolean => !LOST_BY_KUSTOMIZE.test(JSON.stringify(asFloats(each)));
      const readable = name === 'kubectl kustomize' ? values.filter(isReadable) : values;
      const [found, expected] = [reader(toYamlDocument({ ...head, spec: readable })), readable].map(
        (each) => (name === 'helm' ? asFloats(each) : each) as readonly unknown[],
      );
      expect(differences(found!, expected!)).toEqual([]);
    });

    test.each(Object.entries(readers))('%s reads words of others as this package does', (name, reader) => {
      const isSame = (each: string): boolean => !TEXT_FOR_KUSTOMIZE.test(each);
      const some = name === 'kubectl kustomize' ? words.filter(isSame) : words;
      const document = `${toYamlDocument(head)}spec:\n${some.map((each) => `- ${each}\n`).join('')}`;
      const [expected] = parseYamlDocuments(document, 'words') as readonly [Thing];
      const [found, own] = [reader(document), expected.spec].map(
        (each) => (name === 'helm' ? asFloats(each) : each) as readonly unknown[],
      );
      expect(differences(found!, own!)).toEqual([]);
    });
  },
  [{ program: 'kubectl' }, { program: 'helm' }],
);

/** A few of what differs: a whole difference of so much would be megabytes. */
function differences(found: readonly unknown[], expected: readonly unknown[]): readonly unknown[] {
  const pairs = expected.map((each, index) => ({ expected: each, found: found[index] }));
  return pairs.filter((pair) => !isDeepStrictEqual(pair.expected, pair.found)).slice(0, 5);
}
