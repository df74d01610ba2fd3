import { z } from 'zod';

import { type Setting } from '../../flux/setting';
import { FLUX_TYPES, type FluxType, isKeyOf, SETTINGS_OF_TYPE } from '../../installation/flux-type';
import {
  type BootstrapInstallationProps,
  type OperatorInstallationProps,
  type ProviderInstallationProps,
} from '../../installation/installation-props';
import { choice } from './fields';
import { type FluxPatchInput } from './flux-patch';
import { fieldOf } from './settings';

const { bootstrap, provider, operator } = SETTINGS_OF_TYPE;

/** What several types know has one row. */
const fields = Object.entries<Setting>({ ...bootstrap, ...provider, ...operator }).map(([key, setting]) => {
  const types = FLUX_TYPES.filter((type) => isKeyOf(type, key)).map((type) => `\`${type}\``);
  const only = types.length === 1 ? `With the type ${types.join('')} only.` : `With the types ${types.join(' and ')} only.`;
  const doc = types.length === FLUX_TYPES.length ? setting.doc : `${setting.doc ?? ''} ${only}`;
  return [key, fieldOf({ ...setting, doc }).optional()] as const;
});

/** How Flux is installed, as one of fleet, environment and cluster says it. */
export const fluxLayer = z
  .strictObject({
    type: choice(
      'The way to run Flux. `bootstrap`: the flux CLI, in a Job on the cluster. `provider`: the Terraform provider `fluxcd/flux`. `operator`: flux-operator. What only another one knows is refused for a cluster; among defaults it is for the others.',
      FLUX_TYPES,
      { default: 'bootstrap' },
    ).optional(),
    ...Object.fromEntries(fields),
  })
  .meta({
    id: 'Flux',
    title: 'Flux',
    description: 'How Flux is installed on the cluster. What a cluster says counts before its environment and the fleet.',
    examples: [{ version: 'v2.9.4', patches: [{ concurrency: { kustomize: 10 } }] }],
  }) as unknown as z.ZodType<FluxInput>;

type Props = Partial<BootstrapInstallationProps & ProviderInstallationProps & OperatorInstallationProps>;

/** How Flux is installed, as a file says it. */
export interface FluxInput extends Omit<Props, 'patches'> {
  /** How Flux is run. */
  readonly type?: FluxType;
  /** Changes to Flux itself. */
  readonly patches?: readonly FluxPatchInput[];
}
