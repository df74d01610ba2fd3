import { posix } from 'node:path';
import valid from 'semver/functions/valid';

import { type ErrorPlace } from '../../error-place';
import { type PathOptions, readDirectory } from '../../manifest/directory';
import { type Fields, isFields } from '../../manifest/fields';
import { FileTree } from '../../manifest/file-tree';
import { parseYamlDocuments } from '../../manifest/yaml';
import { ValidationError } from '../../validation-error';
import { type HelmValues } from '../helm-values';
import { reproducibleArchive } from './archive';
import { HELM_IGNORE, withoutIgnored } from './helm-ignore';

const AT = 'helm chart';
/** What Helm takes for the name of a chart. */
const NAME = /^[a-zA-Z0-9._-]+$/;

/** A chart of yours: a directory that is delivered to `systems/<component>`. */
export class OwnChart {
  /**
   * Reads and checks the chart in a directory.
   *
   * @param directory - path of the directory; it holds a `Chart.yaml`
   * @param options - where a relative path starts from
   * @throws ValidationError when Helm could not install the chart
   */
  public static directory(directory: string, options: PathOptions = {}): OwnChart {
    return new OwnChart(readDirectory(AT, 'directory', directory, options.relativeTo, ['Chart.yaml']), directory);
  }

  /** Name of the chart. */
  public readonly name: string;
  /** Version of the chart. */
  public readonly version: string;
  /** The chart's own values, `values.yaml`. */
  public readonly values: HelmValues;
  /** The files to deliver: those of the directory with a longer `.helmignore`, and the package. */
  public readonly files: FileTree;
  /** The files within the package. */
  public readonly packaged: FileTree;

  private constructor(
    files: FileTree,
    /** The directory, as it was named. */
    public readonly directory: string,
  ) {
    const read: ReadMap = (name) => mapIn(files, directory, name);
    const metadata = chartMetadata(read, directory);
    this.name = metadata.name;
    this.version = metadata.version;
    this.values = read('values.yaml') ?? {};
    // A package that `helm package` left is an older one.
    const own = [...files].filter(({ path }) => !isPackage(this.name, path) && path !== HELM_IGNORE);
    const helmIgnore = { path: HELM_IGNORE, content: extendedIgnore(this.name, files.get(HELM_IGNORE)?.content) };
    const delivered = FileTree.of([...own, helmIgnore]);
    this.packaged = withoutIgnored(`${AT} ${directory}`, delivered);
    checkDependencies(metadata.dependencies, this.packaged, directory);
    const content = reproducibleArchive(AT, this.packaged.below(this.name));
    this.files = FileTree.of([...delivered, { path: `${this.name}-${this.version}.tgz`, content }]);
  }

  /**
   * What differs between this chart and another: paths in one of the packages only, or with another content.
   *
   * @param other - most often an earlier state of the chart
   */
  public differencesTo(other: OwnChart): readonly string[] {
    const paths = new Set([...this.packaged.paths, ...other.packaged.paths]);
    return [...paths].filter((path) => {
      const [mine, theirs] = [this.packaged.get(path), other.packaged.get(path)];
      return (
        mine === undefined || theirs === undefined || !Buffer.from(mine.content).equals(Buffer.from(theirs.content))
      );
    });
  }
}

function isPackage(name: string, path: string): boolean {
  return !path.includes('/') && path.startsWith(`${name}-`) && path.endsWith('.tgz');
}

/**
 * What Flux packages from the directory must not hold the package, and not what clusters have beside the chart.
 * Rules with a slash in front count at the top only: packages below `charts/` are dependencies.
 */
function extendedIgnore(name: string, content: string | Uint8Array = ''): string {
  const text = String(content);
  const rules = [`/${name}-*.tgz`, '/overlays/'];
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const missing = rules.filter((rule) => !lines.includes(rule));
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  return missing.length === 0 ? text : `${text}${separator}# Not part of the chart.\n${missing.join('\n')}\n`;
}

interface ChartMetadata {
  readonly name: string;
  readonly version: string;
  readonly dependencies: readonly string[];
}

function chartMetadata(read: ReadMap, directory: string): ChartMetadata {
  const chart = read('Chart.yaml');
  if (chart === undefined) {
    throw new ValidationError({ at: AT, prop: 'directory', got: directory, want: 'a directory with a Chart.yaml' });
  }

  const refuse = (field: string, want: string): never => {
    throw new ValidationError({ ...inFile(directory, `Chart.yaml: ${field}`), got: chart[field], want });
  };
  const { apiVersion, name, version, type, dependencies } = chart;
  if (apiVersion !== 'v2') refuse('apiVersion', 'v2, the version that Helm 3 and 4 write');
  if (type !== undefined && type !== 'application') refuse('type', 'application: a library cannot be installed');
  if (typeof name !== 'string' || !NAME.test(name)) {
    return refuse('name', 'letters, digits, dots, hyphens and underscores');
  }

  if (typeof version !== 'string' || valid(version) === null || /^[v=\s]/.test(version)) {
    return refuse('version', 'a version of SemVer 2 such as 1.2.3, in quotes when it reads like a number');
  }

  const names = Array.isArray(dependencies) ? dependencies.map((each) => String((each as Fields | null)?.name)) : [];
  return { name, version, dependencies: names };
}

/** Helm wants dependencies within the package; nothing fetches them later. */
function checkDependencies(names: readonly string[], packaged: FileTree, directory: string): void {
  for (const name of names) {
    const isThere = packaged.paths.some(
      (path) => path === `charts/${name}/Chart.yaml` || (path.startsWith(`charts/${name}-`) && path.endsWith('.tgz')),
    );
    if (!isThere) {
      const want = `it below charts/: 'helm dependency update' fetches it`;
      throw new ValidationError({ ...inFile(directory, 'Chart.yaml: dependencies'), got: name, want });
    }
  }
}

type ReadMap = (name: string) => HelmValues | undefined;

function mapIn(files: FileTree, directory: string, name: string): HelmValues | undefined {
  const file = files.get(name);
  if (file === undefined) return undefined;
  const place = inFile(directory, name);
  const documents = parseYamlDocuments(String(file.content), place);
  const [value = {}] = documents;
  if (documents.length > 1 || !isFields(value)) throw new ValidationError({ ...place, want: 'one map, in YAML' });
  return value;
}

function inFile(directory: string, file: string): ErrorPlace {
  return { at: AT, prop: 'directory', file: posix.join(directory, file) };
}
