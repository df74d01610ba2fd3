/** What is said beside a file that `flux bootstrap` adds. */
export const WRITTEN_BY_BOOTSTRAP = 'written by flux bootstrap';

/**
 * The files that `flux bootstrap` will add to a tree.
 *
 * @param paths - the paths of the tree
 */
export function bootstrapFilesOf(paths: Iterable<string>): readonly string[] {
  return [...paths].flatMap((path) => {
    const [directory] = /^clusters\/[^/]+\/flux-system(?=\/kustomization\.yaml$)/.exec(path) ?? [];
    return directory === undefined ? [] : [`${directory}/gotk-components.yaml`];
  });
}
