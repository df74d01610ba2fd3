import { type Fields, isFields } from '../manifest/fields';
import { checkRepositoryPath } from '../manifest/file-tree';
import { isGitRefName } from '../manifest/git-ref-name';
import { ValidationError } from '../validation-error';
import { checkCommitOptions } from './delivery-options';
import { inventoryPath } from './inventory';
import { type PushManifest, type PushManifestFile, type PushTarget } from './push-manifest';

/** A value of JSON, and where it stands. */
interface Place {
  /** The manifest, for messages. */
  readonly at: string;
  /** Where in it. */
  readonly prop: string;
  /** The value. */
  readonly value: unknown;
}

/**
 * Reads the target of a manifest; what else the manifest holds is not looked at.
 *
 * @param at - where the text comes from, for errors
 * @throws ValidationError when it is not a manifest of this version
 */
export function parsePushTarget(text: string, at: string): PushTarget {
  return targetOf(parse(text, at), at);
}

/**
 * Reads a manifest, whoever wrote it.
 *
 * @param text - what `formatPushManifest` made
 * @param at - where the text comes from, for errors
 * @throws ValidationError when it is not a manifest of this version
 */
export function parsePushManifest(text: string, at: string): PushManifest {
  const fields = parse(text, at);
  const place = placeIn(fields, at);
  const target = targetOf(fields, at);
  const files = Object.entries(fieldsOf(place('files'), 'an object by path'));
  return {
    ...target,
    tree: line(place('tree'), 'a directory'),
    files: Object.fromEntries(files.map(([path, value]) => [path, fileOf(path, value, at, target)])),
    released: optional(place('released'), (each) =>
      list(each, (item) => {
        checkRepositoryPath(line(item, 'a path'), at, item.prop);
        return item.value as string;
      }),
    ),
    empty: optional(place('empty'), boolean),
  };
}

function parse(text: string, at: string): Fields {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    data = undefined;
  }
  // Not what was got: it may hold a password.
  if (!isFields(data)) throw new ValidationError({ at, want: 'the JSON of a push manifest' });
  return data;
}

function targetOf(fields: Fields, at: string): PushTarget {
  const place = placeIn(fields, at);
  if (fields['version'] !== 1) {
    throw new ValidationError({ at, prop: 'version', got: fields['version'], want: '1; is it of another version?' });
  }

  const inventory = line(place('inventory'), 'the name of a stack');
  inventoryPath(inventory, at, 'inventory');
  const target: PushTarget = {
    version: 1,
    url: url(place('url')),
    project: line(place('project'), 'the path of a project'),
    branch: branch(place('branch')),
    inventory,
    onConflict: optional(place('onConflict'), (each) => oneOf(each, ['fail', 'adopt', 'overwrite'])),
    message: optional(place('message'), ({ prop, value }) => {
      const inner = placeIn(fieldsOf({ at, prop, value }), at, prop);
      return { subject: optional(inner('subject'), line), skipCi: optional(inner('skipCi'), boolean) };
    }),
    author: optional(place('author'), ({ prop, value }) => {
      const inner = placeIn(fieldsOf({ at, prop, value }), at, prop);
      return { name: line(inner('name')), email: line(inner('email')) };
    }),
    mergeRequest: optional(place('mergeRequest'), ({ prop, value }) => {
      const inner = placeIn(fieldsOf({ at, prop, value }), at, prop);
      return {
        sourceBranch: branch(inner('sourceBranch')),
        title: optional(inner('title'), line),
        labels: optional(inner('labels'), (each) => list(each, line)),
        ready: optional(inner('ready'), (each) => oneOf(each, ['merged', 'opened'])),
        wait: optional(inner('wait'), line),
      };
    }),
  };
  checkCommitOptions(at, target);
  return target;
}

function fileOf(path: string, value: unknown, at: string, target: PushTarget): PushManifestFile {
  const prop = `files[${JSON.stringify(path)}]`;
  checkRepositoryPath(path, at, 'files');
  if (path === inventoryPath(target.inventory)) {
    throw new ValidationError({ at, prop, want: 'another path: the push itself writes this one' });
  }

  const place = placeIn(fieldsOf({ at, prop, value }, 'an object with the blob'), at, prop);
  const blob = place('blob');
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(line(blob, 'the blob of the content'))) {
    refuse(blob, 'the digest of a blob');
  }
  return {
    blob: blob.value as string,
    executable: optional(place('executable'), boolean),
    policy: optional(place('policy'), (each) => oneOf(each, ['managed', 'seed'])),
  };
}

function placeIn(fields: Fields, at: string, prefix?: string): (name: string) => Place {
  // Own ones alone: an object in JSON has what was written, and no prototype.
  return (name) => ({
    at,
    prop: prefix === undefined ? name : `${prefix}.${name}`,
    value: Object.hasOwn(fields, name) ? fields[name] : undefined,
  });
}

function refuse({ at, prop, value }: Place, want: string): never {
  throw new ValidationError({ at, prop, got: value, want });
}

function optional<T>(place: Place, read: (place: Place) => T): T | undefined {
  return place.value === undefined ? undefined : read(place);
}

function line(place: Place, want = 'one line of text'): string {
  const { value } = place;
  const isLine = typeof value === 'string' && value.trim() !== '' && !/[\0-\x1f\x7f]/.test(value);
  return isLine ? value : refuse(place, want);
}

function boolean(place: Place): boolean {
  return typeof place.value === 'boolean' ? place.value : refuse(place, 'true or false');
}

function oneOf<T extends string>(place: Place, values: readonly T[]): T {
  return values.find((each) => each === place.value) ?? refuse(place, `one of ${values.join(', ')}`);
}

function list<T>(place: Place, read: (item: Place) => T): readonly T[] {
  const { at, prop, value } = place;
  return Array.isArray(value)
    ? value.map((item: unknown, index) => read({ at, prop: `${prop}[${index}]`, value: item }))
    : refuse(place, 'a list');
}

function fieldsOf(place: Place, want = 'an object'): Fields {
  return isFields(place.value) ? place.value : refuse(place, want);
}

function branch(place: Place): string {
  const name = line(place, 'the name of a branch');
  return isGitRefName(name) ? name : refuse(place, 'the name of a branch');
}

function url({ at, prop, value }: Place): string {
  const address = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  const isPlain = address?.username === '' && address.password === '' && address.search + address.hash === '';
  if (!isPlain || !/^https?:$/.test(address.protocol)) {
    // Not what was got: it may hold a password.
    throw new ValidationError({
      at,
      prop,
      want: 'the address of GitLab, with http or https, without user and password',
    });
  }
  return (value as string).replace(/\/+$/, '');
}
