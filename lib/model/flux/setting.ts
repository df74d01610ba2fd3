import { checkAll, mapAll } from '../check-all';
import { below, type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';

/** A setting: one row, from which schemas of files, arguments of programs and checks follow. */
export interface SettingFacts<T> {
  /** What it is for, in the words of the fleet file. */
  readonly doc?: string;
  /** What it is when nobody says it. */
  readonly default?: T;
  /** Values to show. */
  readonly examples?: readonly T[];
  /** Its flag of `flux bootstrap`, and of `flux install` for one of the controllers. */
  readonly flag?: string;
  /**
   * Part and field of a `FluxInstance` that say it, or `argument` where it has no field: the flag is one of the
   * controllers too.
   */
  readonly instance?: 'argument' | readonly ['spec' | 'distribution' | 'cluster', string];
  /** Refuses a value that a program, Kubernetes or Flux would refuse. */
  check?(at: ErrorThing, prop: PropPath, value: T): void;
}

/** What the value of a setting is, in no library's words: who reads files makes of it what it needs. */
export type SettingKind =
  | { readonly type: 'text' | 'flag' | 'duration' }
  | { readonly type: 'number'; readonly least: number }
  | { readonly type: 'choice'; readonly words: readonly string[] }
  | { readonly type: 'list' | 'map'; readonly of: Setting }
  | { readonly type: 'group'; readonly settings: SettingTable }
  /** Something that a file writes in a way of its own. */
  | { readonly type: 'other'; readonly name: 'anything' | 'patch' | 'readCredential' | 'toleration' };

/** Any setting. */
export type Setting = SettingFacts<unknown> & SettingKind & { readonly required?: boolean };

/** Settings by their names. */
export type SettingTable = Readonly<Record<string, Setting>>;

/** A row for every key of an interface; the compiler misses one that is not there, or of another kind. */
export type SettingsOf<T> = { readonly [K in keyof T]-?: SettingOf<NonNullable<T[K]>> & Presence<T, K> };

/** A setting with values of a type. */
export type SettingOf<T> = SettingFacts<T> &
  (
    | ([T] extends [boolean]
        ? { readonly type: 'flag' }
        : [T] extends [number]
          ? { readonly type: 'number'; readonly least: number }
          : [T] extends [string]
            ? string extends T
              ? { readonly type: 'text' | 'duration' }
              : { readonly type: 'choice'; readonly words: readonly T[] }
            : [T] extends [readonly (infer I)[]]
              ? { readonly type: 'list'; readonly of: SettingOf<I> }
              : string extends keyof T
                ? { readonly type: 'map'; readonly of: SettingOf<T[keyof T]> }
                : { readonly type: 'group'; readonly settings: SettingsOf<T> })
    | Extract<SettingKind, { readonly type: 'other' }>
  );

/** Whether it has to be said. */
type Presence<T, K extends keyof T> =
  object extends Pick<T, K> ? { readonly required?: false } : { readonly required: true };

/** A check that wants a text of a form. */
export function matching(pattern: RegExp, want: string): (at: ErrorThing, prop: PropPath, text: string) => void {
  return (at, prop, text) => {
    if (!pattern.test(text)) throw new ValidationError({ at, prop, got: text, want });
  };
}

/** What settings are when nobody says them, as far as they are something. */
export function defaultsOf(table: SettingTable): Readonly<Record<string, unknown>> {
  const known = Object.entries(table).filter(([, setting]) => setting.default !== undefined);
  return Object.fromEntries(known.map(([name, setting]) => [name, setting.default]));
}

/** The values of a table's settings, and of no others. */
export function pickSettings(table: SettingTable, values: object): Readonly<Record<string, unknown>> {
  const all = values as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.keys(table).map((name) => [name, all[name]]));
}

/**
 * Refuses values that are wrong by themselves, whatever stands beside them.
 *
 * @param at - the thing that has the settings
 * @param prop - where it has them
 */
export function checkSettings(at: ErrorThing, table: SettingTable, values: object, prop: PropPath = []): void {
  const all = pickSettings(table, values);
  mapAll(Object.entries(table), ([name, setting]) => {
    const value = all[name];
    if (value !== undefined) checkSetting(at, below(prop, name), setting, value);
    else if (setting.required === true) throw new ValidationError({ at, prop: below(prop, name), want: 'a value' });
  });
}

function checkSetting(at: ErrorThing, prop: PropPath, setting: Setting, value: unknown): void {
  checkAll(
    () => setting.check?.(at, prop, value),
    () => {
      if (setting.type === 'group') checkSettings(at, setting.settings, value as object, prop);
      if (setting.type !== 'list' && setting.type !== 'map') return;
      mapAll(Object.entries(value as object), ([key, each]) =>
        checkSetting(at, below(prop, setting.type === 'list' ? Number(key) : key), setting.of, each),
      );
    },
  );
}
