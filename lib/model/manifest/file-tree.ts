import { type ErrorPlace } from '../error-place';
import { ValidationError } from '../validation-error';
import { type KubernetesObject } from './kubernetes-object';
import { parseObjects, toYaml } from './yaml';

/** One file of the GitOps repository. */
export interface RepositoryFile {
  /** Path below the repository's root, with `/`, for example `clusters/uni-dev/fluentd/kustomization.yaml`. */
  readonly path: string;
  /** Text, or bytes for a file that is not text. */
  readonly content: string | Uint8Array;
  /**
   * Whether Git marks the file as executable.
   *
   * @default false
   */
  readonly executable?: boolean;
  /**
   * `managed`: the file always has this content. `seed`: the file is created when it is absent, and left alone afterwards.
   * The delivery `files()` can only create it: there a seed that exists already makes the first deploy fail.
   *
   * @default 'managed'
   */
  readonly policy?: 'managed' | 'seed';
  /**
   * What people are shown in place of a content that is too long to read.
   *
   * @default - the content
   */
  readonly summary?: string;
}

/** A file of the GitOps repository that is made of objects. Its text is made once, when somebody reads it. */
export interface ManifestFile {
  /** Path below the repository's root. */
  readonly path: string;
  /** What is in it: Kubernetes objects, or what kustomize reads. */
  readonly objects: readonly object[];
}

/** Files of a repository by path: immutable, in the order of their paths, each path once. */
export class FileTree implements Iterable<RepositoryFile> {
  /** The tree without files. */
  public static readonly EMPTY = new FileTree(new Map());

  /**
   * A tree of these files.
   *
   * @throws ValidationError when a path is not below the root or two files have one path
   */
  public static of(files: Iterable<RepositoryFile | ManifestFile>): FileTree {
    const byPath = new Map<string, RepositoryFile | ManifestFile>();
    for (const file of files) {
      checkRepositoryPath(file.path);
      if (byPath.has(file.path)) {
        throw new ValidationError({ at: 'file tree', prop: 'path', got: file.path, want: 'each path once' });
      }

      byPath.set(file.path, file);
    }
    refuseFileAsDirectory(byPath);
    return new FileTree(byPath);
  }

  /**
   * One tree of several.
   *
   * @throws ValidationError when two of them have one path
   */
  public static merge(trees: Iterable<FileTree>): FileTree {
    return FileTree.of([...trees].flatMap((tree) => [...tree.files.values()]));
  }

  private readonly files: ReadonlyMap<string, RepositoryFile | ManifestFile>;

  private constructor(byPath: ReadonlyMap<string, RepositoryFile | ManifestFile>) {
    this.files = new Map([...byPath].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** How many files there are. */
  public get size(): number {
    return this.files.size;
  }

  /** The paths, sorted by code unit, so that the order is the same in every locale. */
  public get paths(): readonly string[] {
    return [...this.files.keys()];
  }

  /** The objects of the files that are made of objects. */
  public get objects(): readonly Partial<KubernetesObject>[] {
    return [...this.files.values()].flatMap((file) => ('objects' in file ? file.objects : []));
  }

  /** The file at a path, if there is one. */
  public get(path: string): RepositoryFile | undefined {
    const file = this.files.get(path);
    return file && withText(file);
  }

  /**
   * The objects of the file at a path: what it is made of, or what its text says.
   *
   * @param place - where it is from, for the message
   * @throws ValidationError when the text is not YAML
   */
  public objectsAt(path: string, place: ErrorPlace | string = path): readonly Partial<KubernetesObject>[] {
    const file = this.files.get(path);
    return file === undefined ? [] : objectsOf(file, place);
  }

  /**
   * The same files below a directory.
   *
   * @param directory - path of the directory, without a slash at its end
   */
  public below(directory: string): FileTree {
    return FileTree.of([...this.files.values()].map((file) => ({ ...file, path: `${directory}/${file.path}` })));
  }

  /** The files in the order of their paths. */
  public *[Symbol.iterator](): Iterator<RepositoryFile> {
    for (const file of this.files.values()) yield withText(file);
  }
}

/**
 * The objects of a file: what it is made of, or what its text says; none for what is no text.
 *
 * @throws ValidationError when the text is not YAML
 */
export function objectsOf(
  file: RepositoryFile | ManifestFile,
  place: ErrorPlace | string,
): readonly Partial<KubernetesObject>[] {
  if ('objects' in file) return file.objects;
  return typeof file.content === 'string' ? parseObjects(file.content, place) : [];
}

const texts = new WeakMap<readonly object[], string>();

/** Files of several clusters, and a file in several places, may be made of the same objects. */
function textOf(objects: readonly object[]): string {
  const text = texts.get(objects) ?? toYaml(objects);
  texts.set(objects, text);
  return text;
}

function withText(file: RepositoryFile | ManifestFile): RepositoryFile {
  if (!('objects' in file)) return file;
  const { path, objects } = file;
  return {
    path,
    get content() {
      return textOf(objects);
    },
  };
}

/**
 * Refuses what is no path of a file in a repository.
 *
 * @param at - the thing that has it, for messages
 */
export function checkRepositoryPath(path: string, at = 'file tree', prop = 'path'): void {
  const segments = path.split('/');
  const bad = segments.some((segment) => segment === '' || segment === '.' || segment === '..' || segment === '.git');
  if (bad || path.includes('\\') || /[\u0000-\u001f\u007f]/.test(path)) {
    throw new ValidationError({
      at,
      prop,
      got: path,
      want: "a path below the repository's root, without '.', '..', '.git', empty segments, backslashes and control characters",
    });
  }
}

function refuseFileAsDirectory(files: ReadonlyMap<string, unknown>): void {
  for (const path of files.keys()) {
    for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
      const directory = path.slice(0, end);
      if (files.has(directory)) {
        throw new ValidationError({
          at: 'file tree',
          prop: 'path',
          got: directory,
          want: `a directory, because ${path} lies below it`,
        });
      }
    }
  }
}
