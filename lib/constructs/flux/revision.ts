import { Fn } from 'cdktf';

import { ValidationError } from '../../model/validation-error';

/**
 * Refuses what is no revision.
 *
 * @param at - the thing that has the revision
 * @param prop - the prop that holds it
 * @param revision - the revision, 1 when it is not given
 * @throws ValidationError when it is not a whole number from 1
 */
export function checkRevision(at: string, prop: string, revision = 1): number {
  if (!Number.isSafeInteger(revision) || revision < 1) {
    throw new ValidationError({ at, prop, got: revision, want: 'a whole number from 1, raised with every change' });
  }
  return revision;
}

/**
 * The revision of a token that Terraform creates: the number that GitLab gave it, which grows with every new one.
 *
 * @param id - id of the resource: `<project>:<number>`
 */
export function tokenRevision(id: string): number {
  return Fn.tonumber(Fn.element(Fn.split(':', id), 1));
}

/**
 * One revision for several values. Each can only grow, so their sum changes with every one of them.
 *
 * @param revisions - numbers, or tokens for numbers
 */
export function combinedRevision(revisions: readonly number[]): number {
  const [first, ...others] = revisions;
  return first !== undefined && others.length === 0 ? first : Fn.tonumber(Fn.sum([...revisions]));
}
