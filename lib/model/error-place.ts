/** One step of a path: a key of a map, or a number in a list, from 0. */
export type PathStep = string | number;

/** Where a prop stands below its thing. One name is one step, whatever letters it has: it is never taken apart. */
export type PropPath = string | readonly PathStep[];

/** What in a fleet an error is about. */
export interface ErrorSubject {
  /**
   * Name of the component.
   *
   * @default - it is about no component
   */
  readonly component?: string;
  /**
   * Name of the cluster, or with a component of the cluster that the component is on.
   *
   * @default - it is about no cluster
   */
  readonly cluster?: string;
}

/** The thing that is wrong: one of a fleet, or words such as a construct path. */
export type ErrorThing = ErrorSubject | string;

/** Where a mistake stands. */
export interface ErrorPlace {
  /** The thing that is wrong. */
  readonly at: ErrorThing;
  /**
   * The prop that is wrong, as a path from the thing: `'interval'`, `['source', 'ref', 'branch']`. A text is one step.
   *
   * @default - the thing as a whole
   */
  readonly prop?: PropPath;
  /**
   * The file beside it in which the mistake stands, as its user named it, and where in the file.
   *
   * @default - what was given is wrong, and no file
   */
  readonly file?: string;
}

/** The thing in words: `component "fluentd" on cluster "uni-dev"`. */
export function thingText(at: ErrorThing): string {
  if (typeof at === 'string') return at;
  const { component, cluster } = at;
  const names = Object.entries({ component, cluster }).filter(([, name]) => name !== undefined);
  return names.map(([kind, name]) => `${kind} "${name ?? ''}"`).join(' on ');
}

/** The path as people write it: `kustomize.dependsOn[0]`. */
export function pathText(path: PropPath): string {
  return stepsOf(path)
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

/** A path below another one. */
export function below(path: PropPath, ...steps: readonly PathStep[]): readonly PathStep[] {
  return [...stepsOf(path), ...steps];
}

/** The steps of a path. */
export function stepsOf(path: PropPath): readonly PathStep[] {
  return typeof path === 'string' ? [path] : path;
}
