import { type FleetPath } from '../fleet-document';
import { type ParameterValues } from './parameter-values';

/** Something in a layer that stands for a value. */
export interface Reference {
  /** What it names. */
  readonly name: string;
  /** Where it stands in the layer. */
  readonly path: FleetPath;
  /** Whether it is `<name>` in a text; otherwise it is `{ parameter: name }`, and the value as it is. */
  readonly isInText: boolean;
}

/** `<name>` in a text, or with another `<` before it the text `<name>` itself. */
const PLACEHOLDER = /<(<?)([A-Za-z][A-Za-z0-9]*)>/g;

/**
 * A layer with values in the places of what stands for them. A key whose value refers to a parameter without a value is
 * left out; so is an item of a list.
 *
 * @param values - by name; a name that is none of them stays as it is
 * @param hidden - parameters without a value
 */
export function expand(layer: unknown, values: ParameterValues, hidden: ReadonlySet<string> = new Set()): unknown {
  const expanded = (value: unknown): readonly unknown[] => {
    if (typeof value === 'string') return [expandText(value, values)];
    const name = referenceIn(value);
    if (name !== undefined && hidden.has(name)) return [];
    if (name !== undefined && Object.hasOwn(values, name)) return [values[name]];
    if (Array.isArray(value)) return [value.flatMap(expanded)];
    if (typeof value !== 'object' || value === null) return [value];
    const entries = Object.entries(value).flatMap(([key, each]) => expanded(each).map((made) => [key, made] as const));
    return [Object.fromEntries(entries)];
  };
  return expanded(layer)[0];
}

/** Everything in a layer that stands for a value, in the order of the layer. */
export function referencesIn(layer: unknown, path: FleetPath = []): readonly Reference[] {
  if (typeof layer === 'string') {
    return [...layer.matchAll(PLACEHOLDER)].flatMap(([, literal, name = '']) =>
      literal === '' ? [{ name, path, isInText: true }] : [],
    );
  }
  const name = referenceIn(layer);
  if (name !== undefined) return [{ name, path: [...path, 'parameter'], isInText: false }];
  if (Array.isArray(layer)) return layer.flatMap((item, index) => referencesIn(item, [...path, index]));
  if (typeof layer !== 'object' || layer === null) return [];
  return Object.entries(layer).flatMap(([key, value]) => referencesIn(value, [...path, key]));
}

function expandText(text: string, values: ParameterValues): string {
  return text.replace(PLACEHOLDER, (found, literal: string, name: string) => {
    if (literal !== '') return `<${name}>`;
    return Object.hasOwn(values, name) ? String(values[name]) : found;
  });
}

/** The parameter that `{ parameter: name }` names; undefined for everything else. */
function referenceIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return undefined;
  const { parameter } = value as { readonly parameter?: unknown };
  return typeof parameter === 'string' ? parameter : undefined;
}
