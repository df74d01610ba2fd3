import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

import { type HelmValues, mergeValues, valueOrigins } from '../../../lib/model/component/helm-values';
import { isFields } from '../../../lib/model/manifest/fields';
import { toYamlDocument } from '../../../lib/model/manifest/yaml';
import { findProgram } from '../../support/rig';

const key = fc.constantFrom('a', 'b', 'c', 'on', '1', 'x.y', '__proto__x');
const scalar = fc.oneof(
  fc.constantFrom(
    'yes',
    'off',
    '012',
    '1e3',
    '0x1f',
    '1_000',
    '12:30:45',
    '2021-01-01',
    '~',
    'null',
    '',
    ' ',
    '- a',
    '#x',
    'a\nb\n',
    '${X}',
    '=',
    '<<',
  ),
  fc.integer({ min: -1000, max: 1000 }),
  fc.boolean(),
  fc.constant(null),
);
const { values } = fc.letrec<{ values: HelmValues; value: unknown }>((tie) => ({
  values: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  value: fc.oneof({ depthSize: 'small' }, scalar, fc.array(scalar, { maxLength: 3 }), tie('values')),
}));

/** The value at a path, and whether there is one. */
function at(map: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, step) => (isFields(value) ? value[step] : undefined), map);
}

describe('merged values', () => {
  it('are the same however the layers are grouped, where none takes something away', () => {
    // A null takes a value away, and so does anything else that is no map where there was one.
    const takes = (nearer: unknown, farther: unknown): boolean =>
      isFields(nearer)
        ? Object.entries(nearer).some(([name, value]) => takes(value, isFields(farther) ? farther[name] : undefined))
        : nearer === null || isFields(farther);
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        fc.pre(!takes(b, a));
        expect(mergeValues([mergeValues([a, b]), c])).toEqual(mergeValues([a, mergeValues([b, c])]));
      }),
    );
    // As in Helm, what is taken away does not come back when a nearer layer says a map again.
    expect(mergeValues([{ x: { a: 0 } }, { x: null }, { x: { b: 1 } }])).toEqual({ x: { b: 1 } });
    expect(mergeValues([{ x: { a: 0 } }, { x: [] }, { x: { b: 1 } }])).toEqual({ x: { b: 1 } });
  });

  it('are those of the nearest layer, where it says something that is no map', () => {
    fc.assert(
      fc.property(values, values, (farther, nearer) => {
        const merged = mergeValues([farther, nearer]);
        for (const [name, value] of Object.entries(nearer)) if (!isFields(value)) expect(merged[name]).toEqual(value);
        for (const [name, value] of Object.entries(farther)) if (!(name in nearer)) expect(merged[name]).toEqual(value);
        expect(Object.keys(merged).sort()).toEqual(
          [...new Set([...Object.keys(farther), ...Object.keys(nearer)])].sort(),
        );
      }),
    );
  });

  it('change no layer', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const before = JSON.stringify([a, b]);
        mergeValues([a, b]);
        expect(JSON.stringify([a, b])).toBe(before);
      }),
    );
  });

  it('each have an origin that says them', () => {
    fc.assert(
      fc.property(values, values, values, (component, environment, cluster) => {
        const layers = [
          { origin: 'component', values: component },
          { origin: 'environment', values: environment },
          { origin: 'cluster', values: cluster },
        ];
        const merged = mergeValues([component, environment, cluster]);
        for (const { path, value, origin } of valueOrigins(layers)) {
          expect(at(merged, path)).toEqual(value);
          const layer = layers.find((each) => each.origin === origin)!;
          expect(at(layer.values, path)).toEqual(value);
        }
      }),
    );
  });
});

(findProgram('helm') ? describe : describe.skip)('the real Helm', () => {
  const directory = mkdtempSync(join(tmpdir(), 'helm-values-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  /** What templates see, for a chart with these values and files with these. */
  const seen = (chart: HelmValues, files: readonly HelmValues[]): HelmValues => {
    mkdirSync(join(directory, 'templates'), { recursive: true });
    writeFileSync(join(directory, 'Chart.yaml'), 'apiVersion: v2\nname: probe\nversion: 1.0.0\n');
    writeFileSync(join(directory, 'values.yaml'), toYamlDocument(chart));
    writeFileSync(join(directory, 'templates/values.yaml'), 'values: {{ toJson .Values | quote }}\n');
    const options = files.flatMap((each, index) => {
      const file = join(directory, `${index}.yml`);
      writeFileSync(file, toYamlDocument(each));
      return ['--values', file];
    });
    const output = execFileSync(findProgram('helm')!, ['template', 'x', directory, ...options], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return JSON.parse((parse(output) as { values: string }).values) as HelmValues;
  };

  it('sees in the merged values what it makes of the layers itself', () => {
    fc.assert(
      fc.property(values, values, values, (component, environment, cluster) => {
        const merged = mergeValues([component, environment, cluster]);
        expect(seen({}, [merged])).toEqual(seen({}, [component, environment, cluster]));
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  it('reads the text as it is meant: no text becomes a number, a date or true', () => {
    fc.assert(
      fc.property(values, (merged) => {
        expect(seen({}, [merged])).toEqual(merged);
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  it('takes away with null what the chart says', () => {
    const chart = { a: 1, b: { c: 1, d: 2 } };
    expect(seen(chart, [{ a: null, b: { c: null } }])).toEqual({ b: { d: 2 } });
  });
});
