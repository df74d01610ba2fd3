const BRANCH = /^(?![-/.])(?!.*(?:\.\.|\/\/|@\{|\/\.|\.lock(?:\/|$)))[^\0-\x20\x7f~^:?*[\\]+(?<![/.])$/;

/**
 * Whether Git takes a text for the name of a branch.
 *
 * @param text - the text
 */
export function isBranchName(text: string): boolean {
  return BRANCH.test(text);
}
