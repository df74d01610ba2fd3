import { mapAll } from '../check-all';
import { BOOTSTRAP_SETTINGS } from '../flux/bootstrap-settings';
import { CONTROLLER_SETTINGS } from '../flux/controller-settings';
import { FLUX_CLI_JOB } from '../flux/flux-cli-values';
import { CHANGE_SETTINGS, PUSH_SETTINGS, ROOT_SETTINGS } from '../flux/installation-settings';
import { OPERATOR_SETTINGS } from '../flux/operator/operator-table';
import { PROVIDER_SETTINGS } from '../flux/provider-settings';
import { type SettingsOf } from '../flux/setting';
import { ValidationError } from '../validation-error';
import {
  type BootstrapInstallationProps,
  type OperatorInstallationProps,
  type ProviderInstallationProps,
} from './installation-props';
import { READ_CREDENTIAL } from './read-credential';

/** How Flux is run on a cluster that has it itself. */
export const FLUX_TYPES = ['bootstrap', 'provider', 'operator'] as const;

/** One of them. */
export type FluxType = (typeof FLUX_TYPES)[number];

const { watchAllNamespaces: _all, tolerationKeys: _keys, ...CONTROLLERS_OF_OPERATOR } = CONTROLLER_SETTINGS;

/** What each type can be told. */
export const SETTINGS_OF_TYPE = {
  bootstrap: {
    ...BOOTSTRAP_SETTINGS,
    ...CONTROLLER_SETTINGS,
    ...ROOT_SETTINGS,
    ...PUSH_SETTINGS,
    ...CHANGE_SETTINGS,
    ...FLUX_CLI_JOB,
    ...READ_CREDENTIAL,
    tokenRevision: {
      doc: 'Raise it when the token that the CLI pushes with has changed.',
      type: 'number',
      least: 1,
      default: 1,
    },
  } satisfies SettingsOf<BootstrapInstallationProps>,
  provider: {
    ...CONTROLLER_SETTINGS,
    ...ROOT_SETTINGS,
    ...PUSH_SETTINGS,
    ...CHANGE_SETTINGS,
    ...PROVIDER_SETTINGS,
    ...READ_CREDENTIAL,
  } satisfies SettingsOf<ProviderInstallationProps>,
  operator: {
    ...CONTROLLERS_OF_OPERATOR,
    ...ROOT_SETTINGS,
    ...CHANGE_SETTINGS,
    ...OPERATOR_SETTINGS,
    ...READ_CREDENTIAL,
  } satisfies SettingsOf<OperatorInstallationProps>,
} as const;

/** Whether a type knows a setting. */
export function isKeyOf(type: FluxType, key: string): boolean {
  return Object.hasOwn(SETTINGS_OF_TYPE[type], key);
}

/**
 * What is right in place of a setting that none of some types knows.
 *
 * @returns undefined when one of them knows it, or it is no setting of any type
 */
export function wantInsteadOf(key: string, types: readonly FluxType[]): string | undefined {
  const knowing = FLUX_TYPES.filter((type) => isKeyOf(type, key));
  if (knowing.length === 0 || knowing.some((type) => types.includes(type))) return undefined;
  const instead = key === 'version' ? ': the provider brings its own, see `downloadVersion`' : '';
  return `nothing with the type ${[...new Set(types)].join(' or ')}: only ${knowing.join(' and ')} has it${instead}`;
}

/** Refuses settings that only other types know: they would change nothing. */
export function checkKeysOfType(type: FluxType, settings: object): void {
  mapAll(Object.entries(settings), ([prop, got]: readonly [string, unknown]) => {
    const want = got === undefined ? undefined : wantInsteadOf(prop, [type]);
    if (want !== undefined) throw new ValidationError({ at: 'Flux', prop, got, want });
  });
}
