import { fleetJsonSchema } from '../../lib/model/fleet';
import { pages } from './markdown';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly default?: string | number | boolean;
}

interface Table {
  readonly at: string;
  readonly pointer: string;
  /** First and second cell of each row. */
  readonly rows: readonly (readonly [string, string])[];
}

const tables = pages.flatMap(({ path, prose }): Table[] => {
  const lines = prose.split('\n');
  return lines.flatMap((line, index) => {
    const [, pointer] = /^<!-- settings: (\S+) -->$/.exec(line) ?? [];
    if (pointer === undefined) return [];
    const start = index + 2;
    const end = lines.findIndex((other, at) => at >= start && !other.startsWith('|'));
    const rows = lines.slice(start + 2, end).map((row): [string, string] => {
      const [, key = '', value = ''] = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
      return [key.replace(/^`(.*)`$/, '$1'), value];
    });
    return [{ at: `${path}:${index + 1}`, pointer, rows }];
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
      expect(table.rows.map(([key]) => key).sort()).toEqual(Object.keys(properties).sort());
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

function schemaAt(pointer: string): Schema {
  const found = pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], fleetJsonSchema());
  if (found === undefined) throw new Error(`${pointer}: the schema has no such place`);
  return found as Schema;
}
