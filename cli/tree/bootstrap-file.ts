/** What is said beside a file that `flux bootstrap` adds. */
export const WRITTEN_BY_BOOTSTRAP = 'written by flux bootstrap';

/** The files that `flux bootstrap` will add to a tree. */
export function bootstrapFilesOf(paths: Iterable<string>): readonly string[] {
  const present = new Set(paths);
  return [...present].flatMap((path) => {
    const [directory] = /^clusters\/[^/]+\/flux-system(?=\/kustomization\.yaml$)/.exec(path) ?? [];
    const file = `${directory ?? ''}/gotk-components.yaml`;
    return directory === undefined || present.has(file) ? [] : [file];
  });
}
