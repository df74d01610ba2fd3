import { type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';
import { type SettingTable } from './setting';

/** Flags of the flux CLI by name; undefined: not given. */
export type FluxCliFlags = Readonly<Record<string, string | boolean | undefined>>;

/** Flags as arguments, `--name=value` each. */
export function fluxCliArguments(flags: FluxCliFlags): readonly string[] {
  return Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${String(value)}`]));
}

/** Flags that say settings, in the order of the table. */
export function flagsOf(table: SettingTable, settings: object): FluxCliFlags {
  return Object.assign(
    {},
    ...Object.entries(table).map(([name, row]) => {
      const value = (settings as Readonly<Record<string, unknown>>)[name];
      if (row.type === 'group') return flagsOf(row.settings, (value as object | undefined) ?? {});
      return row.flag === undefined ? {} : { [row.flag]: Array.isArray(value) ? value.join(',') : value };
    }),
  ) as FluxCliFlags;
}

/**
 * Refuses what would reach a program in a container as something else: Kubernetes replaces `$(NAME)` and `$$` in
 * arguments.
 *
 * @param at - the thing that has the text
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
 */
export function checkArgument(at: ErrorThing, prop: PropPath, text: string): void {
  if (/\$[($]|\0/.test(text)) {
    throw new ValidationError({ at, prop, got: text, want: 'text without `$(` and `$$`, which Kubernetes replaces' });
  }
}
