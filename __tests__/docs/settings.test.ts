import { fleetJsonSchema } from '../../lib/model/fleet';
import { FLUX_TYPES, type FluxType, isKeyOf } from '../../lib/model/installation/flux-type';
import { pages } from './markdown';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly default?: string | number | boolean;
}

interface Table {
  readonly at: string;
  readonly pointer: string;
  /** What else the comment says: `name=value`. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The cells of each row; the first is a key, the second its default. */
  readonly rows: readonly (readonly [key: string, byDefault: string, ...others: string[]])[];
}

const tables = pages.flatMap(({ path, prose }): Table[] => {
  const lines = prose.split('\n');
  return lines.flatMap((line, index) => {
    const [, pointer, more = ''] = /^<!-- settings: (\S+)((?: \w+=\w+)*) -->$/.exec(line) ?? [];
    if (pointer === undefined) return [];
    const start = index + 2;
    const end = lines.findIndex((other, at) => at >= start && !other.startsWith('|'));
    const rows = lines.slice(start + 2, end).map((row): [string, string, ...string[]] => {
      const [, key = '', value = '', ...others] = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
      return [key.replace(/^`(.*)`$/, '$1'), value, ...others];
    });
    const attributes = Object.fromEntries([...more.matchAll(/(\w+)=(\w+)/g)].map(([, name, value]) => [name, value]));
    return [{ at: `${path}:${index + 1}`, pointer, attributes, rows }];
  });
});

test('the pages have tables of settings', () => {
  expect(tables.length).toBeGreaterThan(8);
});

describe.each(tables.map((table) => [`${table.at}, ${table.pointer}`, table] as const))(
  'the table at %s',
  (_, table) => {
    const { properties = {}, required = [] } = schemaAt(table.pointer);

    test('has a row for each key, and no other', () => {
      const keys = Object.keys(properties).filter((key) => isMeant(key, table.attributes));
      expect(table.rows.map(([key]) => key).sort()).toEqual(keys.sort());
    });

    test('says the defaults of the schema', () => {
      const said = table.rows.map(([key, value]) => [key, value]);
      const expected = table.rows.map(([key, value]) => {
        if (required.includes(key)) return [key, 'required'];
        const byDefault = properties[key]?.default;
        if (!['string', 'number', 'boolean'].includes(typeof byDefault)) return [key, value];
        return [key, value.startsWith(`\`${String(byDefault)}\``) ? value : `\`${String(byDefault)}\``];
      });
      expect(said).toEqual(expected);
    });
  },
);

test('each way to run Flux has a table of its settings', () => {
  const ofFlux = tables.filter(({ pointer }) => pointer === '#/definitions/Flux');
  expect(ofFlux.map(({ attributes }) => attributes)).toEqual([
    { type: 'bootstrap' },
    { type: 'provider', besides: 'bootstrap' },
    { type: 'operator', besides: 'bootstrap' },
  ]);
});

test('the table of the first way says which of its settings the others have too', () => {
  const { rows } = tables.find(({ attributes }) => attributes['type'] === 'bootstrap')!;
  const said = rows.map(([key, , , others]) => [key, others]);
  const others = FLUX_TYPES.filter((type) => type !== 'bootstrap');
  expect(said).toEqual(
    rows.map(([key]) => {
      const having = others.filter((type) => key === 'type' || isKeyOf(type, key)).map((type) => `\`${type}\``);
      return [key, having.length === 0 ? '–' : having.join(', ')];
    }),
  );
});

/** Whether a table that is about one way to run Flux has a setting. */
function isMeant(key: string, { type, besides }: Readonly<Record<string, string>>): boolean {
  if (type === undefined) return true;
  if (besides !== undefined && (key === 'type' || isKeyOf(besides as FluxType, key))) return false;
  return key === 'type' || isKeyOf(type as FluxType, key);
}

function schemaAt(pointer: string): Schema {
  const found = pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], fleetJsonSchema());
  if (found === undefined) throw new Error(`${pointer}: the schema has no such place`);
  return found as Schema;
}
