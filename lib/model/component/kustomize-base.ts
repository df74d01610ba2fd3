import { type PathOptions, readDirectory } from '../manifest/directory';
import { FileTree } from '../manifest/file-tree';
import { checkKubernetesObject, type KubernetesObject } from '../manifest/kubernetes-object';
import { KUSTOMIZATION_FILE_NAMES, withKustomization } from '../manifest/kustomize';
import { ValidationError } from '../validation-error';
import { kustomizationsOf } from './kustomization-fields';
import { withNeighbours } from './kustomize-neighbours';
import { checkKustomizeReferences, manifestsOf, mayBeRemote } from './kustomize-references';
import { objectFileNames } from './object-file-names';

/** What all clusters share of a kustomize component: the directory `systems/<component>/base`. */
export class KustomizeBase {
  /**
   * The base is a directory of yours; its files are delivered as they are, with what its kustomizations name beside it:
   * another base, such as `../../base`, or shared components.
   *
   * @param directory - path of the directory; it holds a `kustomization.yaml`
   * @param options - where a relative path starts from
   * @throws ValidationError when it has no `kustomization.yaml`, or a path in it leads to nothing
   */
  public static directory(directory: string, options: PathOptions = {}): KustomizeBase {
    const files = readDirectory('kustomize base', 'directory', directory, options.relativeTo, KUSTOMIZATION_FILE_NAMES);
    const place = { at: 'kustomize base', prop: ['directory'], directory };
    const whole = withNeighbours(place, files, options);
    checkKustomizeReferences({ ...place, directory: whole.root }, whole.files);
    return new KustomizeBase('files', whole.files, undefined, directory, whole.root);
  }

  /**
   * The base is these objects.
   *
   * @throws ValidationError when one is no Kubernetes object or stands there twice
   */
  public static objects(objects: readonly KubernetesObject[]): KustomizeBase {
    objects.forEach((object, index) => checkKubernetesObject('kustomize base', ['objects', index], object));
    const files = objectFileNames(objects).map(({ name, object }) => ({ path: `${name}.yaml`, objects: [object] }));
    const resources = files.map(({ path }) => path);
    const twice = resources.find((path, index) => resources.indexOf(path) !== index);
    if (twice !== undefined || resources.length === 0) {
      throw new ValidationError({
        at: 'kustomize base',
        prop: 'objects',
        got: twice ?? [],
        want: 'at least one object, and each once',
      });
    }
    return new KustomizeBase('files', FileTree.of(withKustomization(files)));
  }

  /** The base is in the GitOps repository already, at `systems/<component>/base`, and somebody else's to change. */
  public static inRepository(): KustomizeBase {
    return new KustomizeBase('in-repository', FileTree.EMPTY);
  }

  /**
   * The base is a directory of another Git repository or of an OCI artifact, the component's `source`. There is no `systems/<component>`.
   *
   * @param path - directory in that repository, for example `./deploy`
   * @throws ValidationError when the path leads out of the repository
   */
  public static path(path: string): KustomizeBase {
    if (path.startsWith('/') || path.split('/').includes('..')) {
      throw new ValidationError({
        at: 'kustomize base',
        prop: 'path',
        got: path,
        want: 'a directory within the repository, such as ./deploy',
      });
    }
    return new KustomizeBase('foreign', FileTree.EMPTY, path.startsWith('./') ? path : `./${path}`);
  }

  private claims?: boolean;

  /** Whether it may have StatefulSets with claims of their own: what lies elsewhere is not known. */
  public get mayHaveClaims(): boolean {
    this.claims ??=
      this.type !== 'files' ||
      [...this.files].some(({ content }) => String(content).includes('StatefulSet')) ||
      kustomizationsOf(this.files).some(({ fields }) => manifestsOf(fields).some(mayBeRemote));
    return this.claims;
  }

  private constructor(
    /** `files`: delivered by this library. `in-repository`: there already. `foreign`: in the component's own source. */
    public readonly type: 'files' | 'in-repository' | 'foreign',
    /** The files, relative to the base. */
    public readonly files: FileTree,
    /** Directory in the foreign repository. */
    public readonly foreignPath?: string,
    /** The directory that the files are from, as it was named. */
    public readonly directory?: string,
    /** What the files lie below, as its user would name it: the directory, or one that also holds what it needs. */
    public readonly root?: string,
  ) {}
}
