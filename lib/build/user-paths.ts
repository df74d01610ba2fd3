import { posix } from 'node:path';

import { ROOT } from './kustomize/kustomize-failure';

/** What people have in place of directories that a build used. */
export class UserPaths {
  /** @param directories - directories of a build, each with what people have in place of it, the longer first */
  constructor(private readonly directories: readonly (readonly [string, string])[]) {}

  /**
   * A path of the build as people know it.
   *
   * @param path - the path, from the build's root
   */
  public pathOf(path: string): string {
    for (const [directory, theirs] of this.directories) {
      if (path === directory || path.startsWith(`${directory}/`)) return theirs + path.slice(directory.length);
    }

    return path;
  }

  /**
   * Words of a program with the paths that people know.
   *
   * @param words - with {@link ROOT} in its paths
   */
  public wordsOf(words: string): string {
    const paths = new RegExp(`${ROOT}((?:/[^\\s'"\`:,;)]*)?)`, 'g');
    return words.replace(paths, (_, path: string) => this.pathOf(posix.normalize(`./${path}`).replace(/\/$/, '')));
  }
}
