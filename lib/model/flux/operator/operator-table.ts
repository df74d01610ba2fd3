import intersects from 'semver/ranges/intersects';
import validRange from 'semver/ranges/valid';

import { checkAll } from '../../check-all';
import { type ErrorThing, type PropPath } from '../../error-place';
import { checkInterval, checkTimeout } from '../../manifest/duration';
import { checkDnsLabel, checkDnsSubdomain } from '../../manifest/kubernetes-name';
import { amountOf } from '../../manifest/quantity';
import { ValidationError } from '../../validation-error';
import { BOOTSTRAP_SETTINGS } from '../bootstrap-settings';
import { FluxPatch } from '../flux-patch';
import { OLDEST_FLUX } from '../flux-version';
import { type FluxInstallationSettings } from '../installation-settings';
import { DEADLINE } from '../job-deadline';
import { JOB_IMAGE, JOB_PLACEMENT } from '../job-placement';
import { matching, type SettingOf, type SettingsOf } from '../setting';
import { OPERATOR_CHART } from './operator-chart';
import { type FluxOperatorSettings } from './operator-settings';

/** What only flux-operator can be told. */
// prettier-ignore
export const OPERATOR_SETTINGS = {
  version: { ...BOOTSTRAP_SETTINGS.version, check: checkVersion },
  variant: { doc: 'Flavour of the images in the registry. A mirror needs it.', type: 'choice', words: ['upstream-alpine', 'enterprise-alpine', 'enterprise-distroless', 'enterprise-distroless-fips'] },
  artifact: { doc: 'Address of the OCI artifact with the manifests of Flux. By default those that the operator brings.', type: 'text', check: matching(/^oci:\/\/[^\s/]+\/\S+$/, 'an address such as oci://ghcr.io/…') },
  artifactPullSecret: { doc: 'Name of a Secret in `flux-system` to pull the artifact with.', type: 'text', check: checkDnsSubdomain },
  platform: { doc: 'The kind of Kubernetes.', type: 'choice', words: ['kubernetes', 'openshift', 'aws', 'azure', 'gcp'], default: 'kubernetes' },
  size: { doc: 'How much the controllers do at the same time: for tens, hundreds, or up to a thousand components.', type: 'choice', words: ['small', 'medium', 'large'] },
  multiTenancyLockdown: { doc: 'Lockdown for tenants who share Flux.', type: 'group', settings: {
    defaultServiceAccount: account('Account that applies what names none, in the namespace of the Flux object. It should have no permissions.'),
    workloadIdentity: { doc: 'Objects reach a cloud only as an account of their namespace. By default as the controller does.', type: 'group', settings: {
      defaultDecryptionServiceAccount: account("Account that decrypts with a cloud's key service."),
      defaultKubeConfigServiceAccount: account('Account that reaches other clusters.'),
    } },
  } },
  objectLevelWorkloadIdentity: { doc: 'A Flux object may name an account of its namespace for its way to a cloud.', type: 'flag', default: false },
  sharding: { doc: 'Shards of the controllers.', type: 'group', settings: {
    shards: { doc: 'Names of the shards.', type: 'list', of: { type: 'text', check: checkShard }, required: true, examples: [['shard1', 'shard2']], check: checkShards },
    storage: { doc: "Where a shard's source-controller keeps what it fetched.", type: 'choice', words: ['ephemeral', 'persistent'], default: 'ephemeral' },
  } },
  storage: { doc: 'A volume in which source-controller keeps what it fetched.', type: 'group', settings: {
    class: { doc: 'Storage class.', type: 'text', required: true },
    size: { doc: 'Size, as Kubernetes writes it.', type: 'text', required: true, examples: ['10Gi'], check: checkSize },
  } },
  commonMetadata: { doc: 'Labels and annotations of everything that the operator installs.', type: 'group', settings: {
    labels: { doc: 'Labels.', type: 'map', of: { type: 'text' } },
    annotations: { doc: 'Annotations.', type: 'map', of: { type: 'text' } },
  } },
  wait: { doc: 'The operator waits until the controllers are ready.', type: 'flag', default: true },
  migrateResources: { doc: "The operator moves Flux's objects to the newest version of their API.", type: 'flag', default: true },
  reconciliation: { doc: 'How often the operator looks after Flux.', type: 'group', settings: {
    every: { doc: 'How often the state of the cluster is compared with the FluxInstance.', type: 'duration', default: '1h', check: checkInterval },
    artifactEvery: { doc: 'How often it asks for new manifests of Flux.', type: 'duration', default: '10m', check: checkInterval },
    timeout: { doc: 'How long one reconciliation may take.', type: 'duration', default: '5m', check: checkTimeout },
  } },
  operator: { doc: 'The operator itself.', type: 'group', settings: OPERATOR_CHART },
  jobImage: JOB_IMAGE,
  deadline: DEADLINE,
  ...JOB_PLACEMENT,
} satisfies SettingsOf<Omit<FluxOperatorSettings, keyof FluxInstallationSettings>>;

function account(doc: string): SettingOf<string> {
  return { doc, type: 'text', default: 'default', check: checkDnsSubdomain };
}

/** Of the version there may be a range. */
function checkVersion(at: ErrorThing, prop: PropPath, version: string): void {
  const range = version.replace(/^v/, '');
  if (!range.startsWith('2.') || validRange(range) === null) {
    const want = 'a version of Flux such as v2.9.4, or a range such as 2.9.x';
    throw new ValidationError({ at, prop, got: version, want });
  }
  if (!intersects(range, `>=${OLDEST_FLUX}`, { includePrerelease: true })) {
    const want = `v${OLDEST_FLUX} or newer, or a range that reaches it: an older Flux does not know all fields of the files`;
    throw new ValidationError({ at, prop, got: version, want });
  }
}

function checkShards(at: ErrorThing, prop: PropPath, shards: readonly string[]): void {
  if (shards.length === 0 || new Set(shards).size !== shards.length) {
    throw new ValidationError({ at, prop, got: shards, want: 'at least one name, each once' });
  }
}

function checkShard(at: ErrorThing, prop: PropPath, shard: string): void {
  checkDnsLabel(at, prop, shard);
  // The longest name of a controller that has shards.
  checkDnsLabel(at, prop, `image-automation-controller-${shard}`);
}

function checkSize(at: ErrorThing, prop: PropPath, size: string): void {
  if ((amountOf(size) ?? 0) <= 0) {
    throw new ValidationError({ at, prop, got: size, want: 'a quantity such as 10Gi' });
  }
}

/**
 * Refuses settings that the operator would refuse because of others, or with which Flux would not see the components.
 *
 * @param at - the thing that has the settings
 */
export function checkOperatorSettings(at: ErrorThing, settings: FluxOperatorSettings): void {
  const { sharding, storage, operator, multiTenancyLockdown, objectLevelWorkloadIdentity } = settings;
  checkAll(
    () => {
      if (sharding?.storage === 'persistent' && storage === undefined) {
        const want = '`storage` beside it, or ephemeral';
        throw new ValidationError({ at, prop: ['sharding', 'storage'], got: sharding.storage, want });
      }
    },
    () => {
      if (multiTenancyLockdown?.workloadIdentity !== undefined && objectLevelWorkloadIdentity === false) {
        const want = 'true or nothing beside multiTenancyLockdown.workloadIdentity, which needs it';
        throw new ValidationError({ at, prop: 'objectLevelWorkloadIdentity', got: false, want });
      }
    },
    () => {
      if (operator?.chartPath !== undefined && operator.chartRepository !== undefined) {
        const want = 'either chartPath or chartRepository';
        throw new ValidationError({ at, prop: ['operator', 'chartPath'], got: operator.chartPath, want });
      }
    },
    () => checkPatches(at, settings),
  );
}

/** What a `FluxInstance` says by fields of its own, and what is a directory beside `flux-system`, cannot be a patch. */
function checkPatches(at: ErrorThing, { patches: given = [], multiTenancyLockdown }: FluxOperatorSettings): void {
  const patch = FluxPatch.combine(given);
  if (patch.shards.length > 0) {
    const want = '`sharding` instead: flux-operator makes the shards itself';
    throw new ValidationError({ at, prop: 'patches', got: 'sharding', want });
  }
  const [elsewhere] = patch.patches.flatMap(({ target }) => target?.namespace ?? []);
  if (elsewhere !== undefined) {
    const want = 'patches without `target.namespace`: the operator finds nothing by it';
    throw new ValidationError({ at, prop: 'patches', got: elsewhere, want });
  }
  if (patch.requiresServiceAccounts && multiTenancyLockdown !== undefined) {
    const want = 'either `multiTenancyLockdown` or the patch of that name: they settle one thing';
    throw new ValidationError({ at, prop: 'patches', got: 'multiTenancyLockdown', want });
  }
}
