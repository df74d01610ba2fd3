import { createHash } from 'node:crypto';

import { type ResourceChange } from './resource-change';

/**
 * A digest of what a plan does. Two plans have the same one if and only if they do the same to the same resources, as
 * far as a reviewer could see it: the order, data sources, what stays, outputs and secret values do not matter.
 */
export function planDigest(changes: readonly ResourceChange[]): string {
  const normalized = [...changes]
    .sort((a, b) => (a.address < b.address ? -1 : 1))
    .map(({ address, action, previousAddress = null, attributes }) => [
      address,
      action,
      previousAddress,
      [...attributes]
        .sort((a, b) => (a.path < b.path ? -1 : 1))
        .map(({ path, before = null, after = null }) => [path, before, after]),
    ]);
  return createHash('sha256').update(JSON.stringify(normalized)).digest('hex');
}

/** How many resources a plan creates, updates and deletes: what GitLab shows in a merge request. */
export interface PlanCounts {
  /** Resources that are new, replacements too. */
  readonly create: number;
  /** Resources that change in place. */
  readonly update: number;
  /** Resources that go away, replacements too. */
  readonly delete: number;
}

/** Counts changes as Terraform and GitLab do: a replacement deletes and creates. */
export function countChanges(changes: readonly ResourceChange[]): PlanCounts {
  const count = (...actions: readonly ResourceChange['action'][]): number =>
    changes.filter(({ action }) => actions.includes(action)).length;
  return { create: count('create', 'replace'), update: count('update'), delete: count('delete', 'replace') };
}
