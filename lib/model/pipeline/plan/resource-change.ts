import { isFields } from '../../manifest/fields';
import { type PlannedChange, type PlannedResource, type TerraformPlan } from './terraform-plan';

/** What a plan does to one resource, without what differs between two plans of the same. */
export interface ResourceChange {
  /** Address of the resource. */
  readonly address: string;
  /** What happens. `move` and `import` alone change nothing but the state. */
  readonly action: 'create' | 'update' | 'delete' | 'replace' | 'forget' | 'move' | 'import';
  /**
   * Address before a move.
   *
   * @default - it is not moved
   */
  readonly previousAddress?: string;
  /** What changes, by path. Empty for what is deleted. */
  readonly attributes: readonly AttributeChange[];
}

/** How one value changes. Secrets are words in parentheses, never values. */
export interface AttributeChange {
  /** Path of the value: `values[0]`, `metadata.labels["example.com/team"]`. */
  readonly path: string;
  /**
   * The value before, as JSON.
   *
   * @default - there is none
   */
  readonly before?: string;
  /**
   * The value after, as JSON.
   *
   * @default - there is none
   */
  readonly after?: string;
}

/** What stands for a value that a plan does not know. */
export const UNKNOWN = '(known after apply)';
/** What stands for a secret. */
const SENSITIVE = '(sensitive)';

/** The changes of a plan: what is only read and what stays is left out, resources and attributes are in order. */
export function resourceChanges(plan: TerraformPlan): readonly ResourceChange[] {
  const secrets = secretsOf(plan);
  return plan.resource_changes
    .flatMap((resource) => {
      const action = actionOf(resource);
      return action === undefined ? [] : [changeOf(resource, action, secrets)];
    })
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}

/**
 * Addresses of what changed outside of Terraform.
 *
 * @param plan - a plan that was made with a refresh
 */
export function changedOutside(plan: TerraformPlan): readonly string[] {
  return plan.resource_drift
    .filter(isDrift)
    .map(({ address }) => address)
    .sort();
}

/** A refresh also reports values that only look different, such as null and an empty list. */
function isDrift({ change }: PlannedResource): boolean {
  return (
    change.actions.includes('delete') ||
    attributesOf(change, []).some(({ before, after }) => !isEmpty(before) || !isEmpty(after))
  );
}

function isEmpty(text: string | undefined): boolean {
  return text === undefined || ['""', '[]', '{}', 'false', '0'].includes(text);
}

function actionOf({ address, previous_address, mode, change }: PlannedResource): ResourceChange['action'] | undefined {
  if (mode === 'data') return undefined;
  const [first, second] = change.actions;
  if (second !== undefined) return 'replace';
  switch (first) {
    case 'create':
    case 'update':
    case 'delete':
    case 'forget':
      return first;
    default:
      if (change.importing !== undefined && change.importing !== null) return 'import';
      return previous_address !== undefined && previous_address !== address ? 'move' : undefined;
  }
}

function changeOf(
  resource: PlannedResource,
  action: ResourceChange['action'],
  secrets: readonly string[],
): ResourceChange {
  const { address, previous_address: previous, deposed, change } = resource;
  return {
    address: deposed === undefined ? address : `${address} (deposed ${deposed})`,
    action,
    ...(previous === undefined || previous === address ? {} : { previousAddress: previous }),
    attributes: action === 'delete' || action === 'forget' ? [] : attributesOf(change, secrets),
  };
}

function attributesOf(change: PlannedChange, secrets: readonly string[]): readonly AttributeChange[] {
  const hide = (text: string | undefined): string | undefined =>
    secrets.some((secret) => text?.includes(secret) === true) ? SENSITIVE : text;
  // What a value was does not matter where nobody knows what it becomes.
  const before = new Map(leavesOf(change.before, change.before_sensitive, undefined, ''));
  const after = new Map(leavesOf(change.after, change.after_sensitive, change.after_unknown, ''));
  const unknown = [...after].flatMap(([path, text]) => (text === UNKNOWN ? [path] : []));
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => after.has(path) || !unknown.some((each) => isBelow(path, each)))
    .sort()
    .map((path) => ({
      path,
      ...pairOf(after.get(path) === UNKNOWN ? undefined : hide(before.get(path)), hide(after.get(path))),
      same: before.get(path) === after.get(path),
    }))
    .filter(({ same }) => !same)
    .map(({ same: _, ...attribute }) => attribute);
}

function isBelow(path: string, parent: string): boolean {
  return path.startsWith(parent) && /^[.[]/.test(path.slice(parent.length));
}

/** Values that a plan marks as secrets in one place; short ones would hide too much in others. As they stand in JSON. */
function secretsOf(plan: TerraformPlan): readonly string[] {
  const marked = [...plan.resource_changes, ...plan.resource_drift].flatMap(({ change }) => [
    ...markedIn(change.before, change.before_sensitive),
    ...markedIn(change.after, change.after_sensitive),
  ]);
  const texts = [...marked, ...plan.secrets].filter((text) => text.length >= 6);
  return [...new Set(texts)].map((text) => JSON.stringify(text).slice(1, -1));
}

function* markedIn(value: unknown, sensitive: unknown): Generator<string> {
  if (typeof value === 'string') {
    if (sensitive === true) yield value;
  } else if (typeof value === 'object' && value !== null && sensitive !== undefined && sensitive !== false) {
    for (const key of Object.keys(value)) {
      yield* markedIn(memberOf(value, key), sensitive === true ? true : memberOf(sensitive, key));
    }
  }
}

function pairOf(before: string | undefined, after: string | undefined): Omit<AttributeChange, 'path'> {
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

/** Values that hold no other, with their paths. Null is no value. */
function* leavesOf(value: unknown, sensitive: unknown, unknown: unknown, path: string): Generator<[string, string]> {
  if (sensitive === true) {
    if (value !== null || unknown === true) yield [path, SENSITIVE];
    return;
  }
  if (unknown === true) {
    yield [path, UNKNOWN];
    return;
  }
  if (Array.isArray(value) || Array.isArray(unknown)) {
    const items = (value ?? []) as readonly unknown[];
    const length = Math.max(items.length, Array.isArray(unknown) ? unknown.length : 0);
    if (length === 0) yield [path, '[]'];
    for (let index = 0; index < length; index++) {
      yield* leavesOf(items[index], memberOf(sensitive, index), memberOf(unknown, index), `${path}[${index}]`);
    }

    return;
  }
  if (isFields(value) || isFields(unknown)) {
    const keys = new Set([...Object.keys(value ?? {}), ...(isFields(unknown) ? Object.keys(unknown) : [])]);
    if (keys.size === 0 && path !== '') yield [path, '{}'];
    for (const key of keys) {
      yield* leavesOf(memberOf(value, key), memberOf(sensitive, key), memberOf(unknown, key), joined(path, key));
    }

    return;
  }
  if (value !== null && value !== undefined) yield [path, JSON.stringify(value)];
}

function memberOf(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

function joined(path: string, key: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}
