import { Fn, Token } from 'cdktf';
import { createHash } from 'node:crypto';

/** The revision of a token that Terraform creates: the number that GitLab gave it, which grows with every new one. */
export function tokenRevision(id: string): number {
  return Fn.tonumber(Fn.element(Fn.split(':', id), 1));
}

/**
 * The revision of a text that is no secret: a number that differs for another text.
 *
 * @param text - the text; 0 without one
 */
export function textRevision(text: string | undefined): number {
  return text === undefined ? 0 : createHash('sha256').update(text).digest().readUInt32BE();
}

/** One revision for several values: it changes when one of theirs does. */
export function combinedRevision(revisions: readonly number[]): number {
  const known = revisions
    .filter((revision) => !Token.isUnresolved(revision))
    .reduce((sum, revision) => sum + revision, 0);
  const unknown = revisions.filter((revision) => Token.isUnresolved(revision));
  const summands = known === 0 ? unknown : [...unknown, known];
  const [only = 0, ...others] = summands;
  return others.length === 0 ? only : Fn.tonumber(Fn.sum(summands));
}
