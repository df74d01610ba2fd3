import { isAlias, isMap, isNode, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';

import { type PathStep, pathText } from '../error-place';
import { isFields } from '../manifest/fields';
import { type ValidationError } from '../validation-error';
import { ambiguityOf } from './ambiguous-scalar';
import { type FleetProblem } from './fleet-file-error';
import { yamlErrorText } from './yaml-error-text';

/** Where something stands in a fleet file: keys of maps and numbers in lists, from the root. */
export type FleetPath = readonly PathStep[];

/** What stands at a path. */
interface Place {
  readonly key?: Node;
  readonly value: Node | null;
  /** The document that it stands in. */
  readonly document: FleetDocument;
}

/** An entry of a fleet file that stands in a file of its own. */
export interface IncludedEntry {
  /** The file, as messages name it. */
  readonly file: string;
  /** What is in it. */
  readonly text: string;
  /** Where it would stand in the fleet file: a section and a name. */
  readonly path: FleetPath;
}

/** What YAML allows and a fleet file does not. */
interface Refused {
  readonly found: readonly FleetProblem[];
  /** Where words stand that programs read differently. */
  readonly ambiguous: readonly FleetPath[];
  /** Whether the rest can be read all the same. */
  readonly isData: boolean;
}

const NOTHING: Refused = { found: [], ambiguous: [], isData: false };

/** How far the path of an error leads from a place. */
interface Walk {
  /** What is there. */
  readonly path: FleetPath;
  /** The steps that lead to nothing. */
  readonly rest: FleetPath;
  /** The step to what is wrong, when that is a key or an item of what is there. */
  readonly child: FleetPath;
}

const ALIAS =
  'anchors and aliases are not allowed: what several clusters share belongs under "defaults" or "environments"';
const MERGE_KEY = 'merge keys are not allowed: what several clusters share belongs under "defaults" or "environments"';

/** CDKTF's mark of a value that only Terraform knows. In a text it would stand for whatever value has that number. */
const TOKEN = '{TfToken[';

/** The text of a fleet file, and of what it includes, as data, with the position of every part. */
export class FleetDocument {
  /** The data; undefined when the text is not YAML, or uses what a fleet file does not. */
  public readonly data: unknown;
  /** Where words stand that programs read differently, and keys that stand twice. */
  public readonly ambiguous: readonly FleetPath[];
  /** What is wrong with the text as YAML. */
  public readonly problems: readonly FleetProblem[];
  private readonly root: Node | null;
  private readonly entries: readonly { readonly path: FleetPath; readonly document: FleetDocument }[];
  private readonly lines = new LineCounter();

  /**
   * @param file - the file, as messages name it
   * @param included - entries in files of their own
   */
  constructor(
    private readonly file: string,
    text: string,
    included: readonly IncludedEntry[] = [],
  ) {
    const document = parseDocument(text.replace(/^\uFEFF/, ''), {
      lineCounter: this.lines,
      prettyErrors: false,
      // `silent` would also hide that there are several documents.
      logLevel: 'error',
    });
    this.root = isNode(document.contents) ? document.contents : null;
    // What comes after a mistake in the form is read wrongly, so only the first counts.
    const [wrong] = [...document.errors, ...document.warnings].filter(({ code }) => code !== 'DUPLICATE_KEY');
    const { found, ambiguous, isData } = wrong === undefined ? this.refused() : NOTHING;
    const own = wrong === undefined ? found : [this.problemAt(wrong.pos[0], yamlErrorText(wrong))];
    this.entries = included.map((each) => ({ path: each.path, document: new FleetDocument(each.file, each.text) }));
    this.problems = [...own, ...this.entries.flatMap((each) => each.document.problems)];
    this.ambiguous = [...ambiguous, ...this.entries.flatMap((each) => below(each.path, each.document.ambiguous))];
    this.data = isData ? this.withEntries(document.toJS()) : undefined;
  }

  /**
   * A mistake in what stands at a path, or in its nearest parent that is in the file.
   *
   * @param part - whether it is about the key or about its value
   */
  public problem(path: FleetPath, message: string, part: 'key' | 'value' = 'value'): FleetProblem {
    const place = this.placeOf(path);
    if (place === undefined) {
      return path.length === 0 ? this.problemAt(0, message) : this.problem(path.slice(0, -1), message, 'key');
    }

    const isEmpty = isScalar(place.value) && place.value.value === null && place.value.source === '';
    const node = part === 'key' || isEmpty ? (place.key ?? place.value) : (place.value ?? place.key);
    return place.document.problemAt(node?.range?.[0] ?? 0, message);
  }

  /** Whether there is something at a path. */
  public has(path: FleetPath): boolean {
    return this.placeOf(path) !== undefined;
  }

  /** The keys of the map at a path; none when there is no map. */
  public keysAt(path: FleetPath): readonly string[] {
    const value = this.placeOf(path)?.value;
    const own = isMap(value) ? value.items.map(({ key }) => keyText(key)) : [];
    const [section] = path;
    return path.length === 1 ? [...own, ...this.entries.flatMap((each) => namesIn(section, each.path))] : own;
  }

  /**
   * An error of the model as a mistake at the place that its path leads to.
   *
   * @param places - where the thing with the prop may stand, what counts most first; the place that knows most of the
   * path counts
   */
  public problemOf(error: ValidationError, places: readonly FleetPath[]): FleetProblem {
    const best = this.bestWalk(error, places);
    const path = [...(best?.path ?? []), ...(best?.rest ?? error.path)];
    const where = [pathText(path), error.file ?? ''].filter((part) => part !== '');
    const message = [...where, error.wish].join(': ');
    if (best === undefined) return this.problem([], message);
    const { cluster } = error.subject;
    const clusters = cluster === undefined || path.includes(cluster) ? {} : { clusters: [cluster] };
    const at = [...best.path, ...best.child];
    const isWholeValue = best.rest.length === 0 && best.child.length === 0 && isScalar(this.placeOf(at)?.value);
    return { ...this.problem(at, message, isWholeValue ? 'value' : 'key'), ...clusters };
  }

  /**
   * Where an error of the model leads to.
   *
   * @param places - where the thing with the prop may stand
   */
  public placeOfError(
    error: ValidationError,
    places: readonly FleetPath[],
  ): { readonly path: FleetPath; readonly isThere: boolean } {
    const best = this.bestWalk(error, places);
    return { path: [...(best?.path ?? []), ...(best?.rest ?? error.path)], isThere: best?.rest.length === 0 };
  }

  private bestWalk(error: ValidationError, places: readonly FleetPath[]): Walk | undefined {
    const walks = places.filter((place) => this.has(place)).map((place) => this.follow(place, error));
    return walks.sort((a, b) => a.rest.length - b.rest.length)[0];
  }

  /** Follows the path of an error as far as it leads. */
  private follow(place: FleetPath, { path, got }: ValidationError): Walk {
    // The name of a thing is its key.
    if (path.length === 1 && path[0] === 'name' && place.length > 0 && got === place.at(-1)) {
      return { path: place, rest: [], child: [] };
    }

    let there = place;
    let rest = path;
    for (const step of path) {
      if (!this.has([...there, step])) break;
      there = [...there, step];
      rest = rest.slice(1);
    }
    // `clusters: got "uni-dve"`: the value is a key of the map, or an item of the list, that the path leads to.
    const child = rest.length === 0 && typeof got === 'string' ? this.childNamed(there, got) : [];
    return { path: there, rest, child };
  }

  private childNamed(path: FleetPath, name: string): FleetPath {
    const value = this.placeOf(path)?.value;
    if (isSeq(value)) {
      const index = value.items.findIndex((item) => isScalar(item) && item.value === name);
      return index === -1 ? [] : [index];
    }
    return this.has([...path, name]) ? [name] : [];
  }

  private placeOf(path: FleetPath): Place | undefined {
    const entry = this.entries.find((each) => each.path.every((step, index) => step === path[index]));
    if (entry !== undefined) return entry.document.placeOf(path.slice(entry.path.length));
    let place: Place = { value: this.root, document: this };
    for (const step of path) {
      const { value } = place;
      if (isMap(value)) {
        const pair = value.items.find(({ key }) => keyText(key) === String(step));
        if (pair === undefined) return undefined;
        place = { key: pair.key as Node, value: pair.value as Node | null, document: this };
      } else if (isSeq(value) && typeof step === 'number' && step < value.items.length) {
        place = { value: value.items[step] as Node, document: this };
      } else return undefined;
    }
    return place;
  }

  /** What YAML allows and a fleet file does not: every value stands in one place, and is reached by text keys. */
  private refused(): Refused {
    const found: FleetProblem[] = [];
    const ambiguous: FleetPath[] = [];
    let isData = true;
    const report = (node: unknown, message: string, keepsData = false): void => {
      isData &&= keepsData;
      found.push(this.problemAt((isNode(node) ? node.range?.[0] : undefined) ?? 0, message));
    };
    visit(this.root, {
      Map: (_, map, path) => {
        const first = new Map<string, Node>();
        for (const { key } of map.items) {
          const [name, before] = [keyText(key), first.get(keyText(key))];
          if (before !== undefined) {
            const { line } = this.lines.linePos(before.range?.[0] ?? 0);
            report(key, `the key "${name}" stands there twice: it is in line ${line} already`, true);
            ambiguous.push([...stepsTo(path, map), name]);
          } else if (isScalar(key)) first.set(name, key);
        }
      },
      Alias: (_, node) => report(node, ALIAS),
      Scalar: (key, node, path) => {
        const ambiguity = key !== 'key' && node.type === 'PLAIN' ? ambiguityOf(node.source ?? '') : undefined;
        if (ambiguity !== undefined) {
          report(node, ambiguity, true);
          ambiguous.push(stepsTo(path, node));
        }
        if (typeof node.value === 'string' && node.value.includes(TOKEN)) {
          report(node, `want text without ${TOKEN}, which CDKTF takes for a value of its own`);
        }
      },
      Pair: (_, { key }) => {
        if (isScalar(key) && key.value === '<<') {
          report(key, MERGE_KEY);
          return visit.SKIP;
        }
        if (!isScalar(key) || key.value === null || key.value === '__proto__') {
          report(key, isAlias(key) ? ALIAS : 'want a key that is text');
          return visit.SKIP;
        }
        return undefined;
      },
    });
    return { found, ambiguous, isData };
  }

  /** The data with those of the entries in their places; undefined when one of them is not data. */
  private withEntries(data: unknown): unknown {
    if (!isFields(data)) return data;
    if (this.entries.some(({ document }) => document.data === undefined)) return undefined;
    const fleet: Record<string, unknown> = { ...data };
    // A directory of clusters may be empty.
    if (isFields(fleet['include']) && Object.hasOwn(fleet['include'], 'clusters')) fleet['clusters'] ??= {};
    for (const { path, document } of this.entries) {
      const [section = '', name = ''] = path.map(String);
      const before = fleet[section] ?? {};
      // Something else in its place was written wrongly, and the schema says so.
      if (isFields(before)) fleet[section] = { ...before, [name]: document.data };
    }
    return fleet;
  }

  private problemAt(offset: number, message: string): FleetProblem {
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col), message };
  }
}

function below(path: FleetPath, places: readonly FleetPath[]): readonly FleetPath[] {
  return places.map((place) => [...path, ...place]);
}

function namesIn(section: PathStep | undefined, [of, name]: FleetPath): readonly string[] {
  return of === section ? [String(name)] : [];
}

/** The way to a value through what is around it. */
function stepsTo(around: readonly unknown[], value: Node): FleetPath {
  return around.flatMap((node, index): FleetPath => {
    const next = around[index + 1] ?? value;
    if (isSeq(node)) return [node.items.indexOf(next)];
    return isPair(node) ? [keyText(node.key)] : [];
  });
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : '';
}
