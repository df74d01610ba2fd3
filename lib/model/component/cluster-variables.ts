import { checkAll } from '../check-all';
import { below, type ErrorThing, type PathStep } from '../error-place';
import { isFields } from '../manifest/fields';
import { ValidationError } from '../validation-error';
import { type ClusterIdentity } from './cluster-identity';
import { type HelmValues } from './helm-values';

/** Values by the names by which Flux fills them in. */
export type ClusterVariables = Readonly<Record<string, string>>;

/**
 * The variables of a cluster: its own, and those that are there by themselves: `CLUSTER_NAME`, `ENVIRONMENT`, and
 * `LABEL_…` for each label.
 */
export function variablesOf({ name, environment, labels = {}, variables = {} }: ClusterIdentity): ClusterVariables {
  const ofLabels = Object.entries(labels).map(([key, value]) => [nameOfLabel(key), value] as const);
  return { CLUSTER_NAME: name, ENVIRONMENT: environment, ...Object.fromEntries(ofLabels), ...variables };
}

/** Refuses names that Flux does not take, those of variables that are there by themselves, and two labels of one name. */
export function checkClusterVariables(at: ErrorThing, { labels = {}, variables = {} }: Partial<ClusterIdentity>): void {
  const names = Object.keys(labels).map(nameOfLabel);
  checkAll(
    ...Object.entries(variables).map(
      ([name, value]) =>
        () =>
          checkVariable(at, name, value),
    ),
    ...Object.keys(labels).map((key, index) => () => {
      const first = names.indexOf(names[index] ?? '');
      if (first === index) return;
      const want = `another key than "${Object.keys(labels)[first] ?? ''}" also as the variable ${names[index] ?? ''}`;
      throw new ValidationError({ at, prop: 'labels', got: key, want });
    }),
  );
}

/**
 * Values of a chart with those of variables in the places of `{ variable: NAME }`.
 *
 * @param at - the component and the cluster
 */
export function fillValues(at: ErrorThing, values: HelmValues, variables: ClusterVariables): HelmValues {
  const filled = (value: unknown, path: readonly PathStep[]): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => filled(item, [...path, index]));
    if (!isFields(value)) return value;
    const { variable } = value;
    if (Object.keys(value).length !== 1 || typeof variable !== 'string') {
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each, [...path, key])]));
    }
    if (Object.hasOwn(variables, variable)) return variables[variable];
    const want = `one of the cluster's variables: ${Object.keys(variables).sort().join(', ')}`;
    throw new ValidationError({ at, prop: below(path, 'variable'), got: variable, want });
  };
  return filled(values, ['values']) as HelmValues;
}

function nameOfLabel(key: string): string {
  return `LABEL_${key.replace(/[^A-Za-z0-9]/g, '_').toUpperCase()}`;
}

function checkVariable(at: ErrorThing, name: string, value: unknown): void {
  const prop = ['variables', name];
  if (!/^[_A-Za-z][_A-Za-z0-9]*$/.test(name)) {
    const want = 'a name of letters, digits and underscores, which does not begin with a digit';
    throw new ValidationError({ at, prop: 'variables', got: name, want });
  }
  if (['CLUSTER_NAME', 'ENVIRONMENT'].includes(name) || name.startsWith('LABEL_')) {
    throw new ValidationError({ at, prop: 'variables', got: name, want: 'another name: this one is there by itself' });
  }
  if (typeof value !== 'string') throw new ValidationError({ at, prop, got: value, want: 'text' });
  // Flux takes ends of lines out of values.
  if (value.includes('\n')) throw new ValidationError({ at, prop, got: value, want: 'text in one line' });
}
