const NAME = /^(?![-/.])(?!.*(?:\.\.|\/\/|@\{|\/\.|\.lock(?:\/|$)))[^\0-\x20\x7f~^:?*[\\]+(?<![/.])$/;

/**
 * Whether Git takes a text for the name of a branch or a tag.
 *
 * @see https://git-scm.com/docs/git-check-ref-format
 */
export function isGitRefName(text: string): boolean {
  return NAME.test(text);
}
