/** A part of a path. GitLab serves clones and feeds under the endings. */
const PART = String.raw`(?!\.{1,2}(?:/|$))[A-Za-z0-9_.][\w.-]{0,254}(?<!\.git|\.atom)`;
const PROJECT = new RegExp(`^${PART}(?:/${PART})+$`);
const ANY = new RegExp(`^${PART}(?:/${PART})*$`);

/**
 * Whether a text can be the full path of a project of GitLab.
 *
 * @param text - for example `platform/fleet`
 * @see https://docs.gitlab.com/user/reserved_names/
 */
export function isProjectPath(text: string): boolean {
  return PROJECT.test(text);
}

/**
 * Whether a text can be the full path of a group or a project of GitLab.
 *
 * @param text - for example `platform`
 */
export function isGroupOrProjectPath(text: string): boolean {
  return ANY.test(text);
}
