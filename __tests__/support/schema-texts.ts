import { fleetJsonSchema } from '../../lib/model/fleet';

/** A text field of the fleet file's schema, or the name of an entry of a map. */
export interface SchemaText {
  /** Where it is: `clusters.c.agent.name`, `…{}` for the name of an entry. */
  readonly path: string;
  /** A text as the schema has it for an example. */
  readonly sample: string;
  /** Part of a fleet with a text there, and with whatever else the schema asks for around it. */
  readonly fleetWith: (text: string) => Fields;
}

/** A map of a fleet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Marks a map of which exactly one key is given: merging replaces it. */
const ONE = Symbol('one of');

/** What a field has to be for the model to go on, where the schema has no example for it. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  certificateAuthorityFile: 'gitlab-ca.pem',
  sops: 'secrets/fluentd.yaml',
  directory: 'components/fluentd/base',
  digest: `sha256:${'0'.repeat(64)}`,
  commit: '0'.repeat(40),
  dependsOn: ['app'],
  from: '/spec/replicas',
};

/** What maps of things with names have for a name; the names are those of the fleets to merge with. */
export const NAMES: Readonly<Record<string, string>> = { clusters: 'c', environments: 'dev', components: 'probe' };

const schema: any = fleetJsonSchema();

/** Every text of the schema, by walking it. */
export function schemaTexts(): readonly SchemaText[] {
  return [...textsOf(schema, '', [])].map(({ path, sample, put }) => ({
    path: path.replace(/^\./, ''),
    sample,
    fleetWith: (text) => put(text) as Fields,
  }));
}

/**
 * A fleet with a part of another one.
 *
 * @param fleet - the fleet
 * @param part - what replaces parts of it
 */
export function merged(fleet: unknown, part: unknown): unknown {
  if (!isFields(fleet) || !isFields(part)) return part;
  if (ONE in part && Object.keys(fleet)[0] !== Object.keys(part)[0]) return part;
  return Object.entries(part).reduce<Record<string, unknown>>(
    (all, [key, value]) => ({ ...all, [key]: key in all ? merged(all[key], value) : value }),
    { ...fleet },
  );
}

function isFields(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Text {
  readonly path: string;
  readonly sample: string;
  readonly put: (text: string) => unknown;
}

function resolved(node: any): any {
  if (node.$ref !== undefined) return { ...schema.definitions[node.$ref.split('/').pop()], ...without(node, '$ref') };
  return node.allOf?.length === 1 ? { ...resolved(node.allOf[0]), ...without(node, 'allOf') } : node;
}

function without(node: any, key: string): any {
  return Object.fromEntries(Object.entries(node).filter(([name]) => name !== key));
}

function* textsOf(given: any, path: string, above: readonly unknown[]): Generator<Text> {
  const node = resolved(given);
  const inside = node.$id ?? node.id ?? node.title ?? node;
  // A schema within itself.
  if (above.filter((each) => each === inside).length > 1 || above.length > 14) return;
  const below = [...above, inside];
  for (const choice of node.properties === undefined ? (node.anyOf ?? node.oneOf ?? []) : []) {
    yield* textsOf(choice, path, below);
  }
  if (node.type === 'string' && node.const === undefined && node.enum === undefined) {
    yield { path, sample: String(sampleOf(node)), put: (text) => text };
  }

  if (node.type === 'array' && typeof node.items === 'object') {
    for (const text of textsOf(node.items, `${path}[]`, below)) yield { ...text, put: (value) => [text.put(value)] };
  }

  const isChoice = node.maxProperties === 1;
  const alternatives: readonly string[] = (node.anyOf ?? node.oneOf ?? []).flatMap((each: any) => each.required ?? []);
  for (const [name, child] of Object.entries<any>(node.properties ?? {})) {
    for (const text of textsOf(child, `${path}.${name}`, below)) {
      const around = isChoice ? {} : requiredOf(node, alternatives.includes(name));
      const put = (value: string) => ({ ...around, [name]: text.put(value), ...(isChoice ? { [ONE]: true } : {}) });
      // The text itself, or one in a list.
      const isOwn = /^(\[\])?$/.test(text.path.slice(path.length + 1 + name.length));
      const sample = isOwn && name in SAMPLES ? String([SAMPLES[name]].flat()[0]) : text.sample;
      yield { ...text, sample, put };
    }
  }
  if (typeof node.additionalProperties === 'object' && node.properties === undefined) {
    const kind = path.slice(path.lastIndexOf('.') + 1);
    const name = NAMES[kind] ?? 'name';
    const example = sampleOf(node.additionalProperties);
    if (NAMES[kind] === undefined) yield { path: `${path}{}`, sample: 'name', put: (key) => ({ [key]: example }) };
    for (const text of textsOf(node.additionalProperties, `${path}.${name}`, below)) {
      yield { ...text, put: (value) => ({ [name]: text.put(value) }) };
    }
  }
}

function requiredOf(node: any, hasAlternative = false): Record<string, unknown> {
  const [first] = hasAlternative ? [] : (node.anyOf ?? node.oneOf ?? []);
  const names = [...(node.required ?? []), ...(first?.required ?? [])].filter(
    (name) => name in (node.properties ?? {}),
  );
  return Object.fromEntries(names.map((name) => [name, SAMPLES[name] ?? sampleOf(node.properties[name])]));
}

function sampleOf(given: any): unknown {
  const node = resolved(given);
  if (node.const !== undefined) return node.const;
  if (node.enum !== undefined) return node.enum[0];
  if (node.examples !== undefined) return node.examples[0];
  if (node.default !== undefined) return node.default;
  const choices = node.anyOf ?? node.oneOf;
  if (choices !== undefined && node.properties === undefined) return sampleOf(choices[0]);
  switch (node.type) {
    case 'object': {
      const first = Object.entries<any>(node.properties ?? {}).slice(0, node.minProperties === 1 ? 1 : 0);
      return { ...Object.fromEntries(first.map(([name, child]) => [name, sampleOf(child)])), ...requiredOf(node) };
    }
    case 'array':
      return [sampleOf(node.items)];
    case 'integer':
    case 'number':
      return Math.max(1, node.minimum ?? 1);
    case 'boolean':
      return true;
    default:
      return 'name';
  }
}
