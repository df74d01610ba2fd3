import { checkAll } from '../check-all';
import { below, type ErrorThing, type PathStep } from '../error-place';
import { labelProblems } from '../manifest/kubernetes-metadata';
import { ValidationError } from '../validation-error';
import { type ClusterIdentity } from './cluster-identity';

/** Clusters, by what they are. Where both are said, both must hold. */
export interface ClusterSelector {
  /**
   * Their environment is one of these.
   *
   * @default - any
   */
  readonly environments?: readonly string[];
  /**
   * Each of these labels of theirs has the value, or one of the values.
   *
   * @default - any
   */
  readonly labels?: Readonly<Record<string, string | readonly string[]>>;
}

/** Whether a cluster is one of those that are meant. */
export function selects({ environments, labels = {} }: ClusterSelector, cluster: ClusterIdentity): boolean {
  if (environments !== undefined && !environments.includes(cluster.environment)) return false;
  return Object.entries(labels).every(([key, value]) => {
    const own = cluster.labels?.[key];
    return own !== undefined && [value].flat().includes(own);
  });
}

/**
 * Refuses a selector that says nothing, or that no cluster could fit.
 *
 * @param prop - where the thing says it
 */
export function checkClusterSelector(at: ErrorThing, prop: readonly PathStep[], selector: ClusterSelector): void {
  const { environments, labels } = selector;
  if (environments === undefined && labels === undefined) {
    throw new ValidationError({ at, prop, want: 'environments, labels, or both' });
  }

  const refuseEmpty = (key: string, value: object | undefined): void => {
    if (value === undefined || Object.keys(value).length > 0) return;
    throw new ValidationError({ at, prop: below(prop, key), got: value, want: 'at least one' });
  };
  checkAll(
    () => refuseEmpty('environments', environments),
    () => refuseEmpty('labels', labels),
    ...Object.entries(labels ?? {}).map(
      ([key, value]) =>
        () =>
          checkLabel(at, below(prop, 'labels'), key, value),
    ),
  );
}

function checkLabel(at: ErrorThing, prop: readonly PathStep[], key: string, value: string | readonly string[]): void {
  const values = typeof value === 'string' ? [value] : value;
  if (values.length === 0) {
    throw new ValidationError({ at, prop: below(prop, key), got: values, want: 'at least one value' });
  }

  const [problem] = values.flatMap((each) => labelProblems({ [key]: each }));
  if (problem !== undefined) {
    const { got, want } = problem;
    throw new ValidationError({ at, prop: got === key ? prop : below(prop, key), got, want });
  }
}
