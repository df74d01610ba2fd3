import intersects from 'semver/ranges/intersects';
import validRange from 'semver/ranges/valid';

import { checkAll, mapAll } from '../../check-all';
import { type ErrorThing } from '../../error-place';
import { checkImage } from '../../manifest/container-image';
import { checkInterval, checkTimeout } from '../../manifest/duration';
import { checkDnsLabel, checkDnsSubdomain } from '../../manifest/kubernetes-name';
import { amountOf } from '../../manifest/quantity';
import { ValidationError } from '../../validation-error';
import { checkBootstrapSettings } from '../bootstrap-settings';
import { FluxPatch } from '../flux-patch';
import { OLDEST_FLUX } from '../flux-version';
import { checkDeadline } from '../job-deadline';
import { checkJobPlacement } from '../job-placement';
import { checkOperatorChart } from './operator-chart';
import { type FluxOperatorSettings, type OperatorSharding } from './operator-settings';

/**
 * Refuses settings that the operator would refuse, or with which Flux would not see the components.
 *
 * @param at - the thing that has the settings
 */
export function checkOperatorSettings(at: ErrorThing, settings: FluxOperatorSettings): void {
  const { sharding, storage, reconciliation } = settings;
  checkAll(
    () => checkVersion(at, settings.version),
    // Of the version there may be a range; every other rule is the same.
    () => checkBootstrapSettings(at, { ...settings, version: `v${OLDEST_FLUX}` }),
    () => checkArtifact(at, settings),
    () => {
      if (storage !== undefined && (amountOf(storage.size) ?? 0) <= 0) {
        throw new ValidationError({
          at,
          prop: ['storage', 'size'],
          got: storage.size,
          want: 'a quantity such as 10Gi',
        });
      }
    },
    () => {
      if (sharding !== undefined) checkSharding(at, sharding, storage !== undefined);
    },
    () => checkLockdown(at, settings),
    () => checkInterval(at, ['reconciliation', 'every'], reconciliation?.every),
    () => checkInterval(at, ['reconciliation', 'artifactEvery'], reconciliation?.artifactEvery),
    () => checkTimeout(at, ['reconciliation', 'timeout'], reconciliation?.timeout),
    () => checkPatches(at, settings),
    () => checkImage(at, 'jobImage', settings.jobImage),
    () => checkJobPlacement(at, settings),
    () => checkDeadline(at, 'deadline', settings.deadline, '2m'),
    () => checkOperatorChart(at, settings.operator),
  );
}

function checkVersion(at: ErrorThing, version: string): void {
  const range = version.replace(/^v/, '');
  if (!range.startsWith('2.') || validRange(range) === null) {
    const want = 'a version of Flux such as v2.9.4, or a range such as 2.9.x';
    throw new ValidationError({ at, prop: 'version', got: version, want });
  }
  if (!intersects(range, `>=${OLDEST_FLUX}`, { includePrerelease: true })) {
    const want = `v${OLDEST_FLUX} or newer, or a range that reaches it: an older Flux does not know all fields of the files`;
    throw new ValidationError({ at, prop: 'version', got: version, want });
  }
}

function checkArtifact(at: ErrorThing, { artifact, artifactPullSecret }: FluxOperatorSettings): void {
  checkAll(
    () => {
      if (artifact !== undefined && !/^oci:\/\/[^\s/]+\/\S+$/.test(artifact)) {
        throw new ValidationError({ at, prop: 'artifact', got: artifact, want: 'an address such as oci://ghcr.io/…' });
      }
    },
    () => {
      if (artifactPullSecret !== undefined) checkDnsSubdomain(at, 'artifactPullSecret', artifactPullSecret);
    },
  );
}

function checkSharding(at: ErrorThing, { shards, storage }: OperatorSharding, hasStorage: boolean): void {
  if (shards.length === 0 || new Set(shards).size !== shards.length) {
    throw new ValidationError({ at, prop: ['sharding', 'shards'], got: shards, want: 'at least one name, each once' });
  }

  mapAll(shards, (shard, index) => {
    checkDnsLabel(at, ['sharding', 'shards', index], shard);
    // The longest name of a controller that has shards.
    checkDnsLabel(at, ['sharding', 'shards', index], `image-automation-controller-${shard}`);
  });
  if (storage === 'persistent' && !hasStorage) {
    throw new ValidationError({
      at,
      prop: ['sharding', 'storage'],
      got: storage,
      want: '`storage` beside it, or ephemeral',
    });
  }
}

function checkLockdown(
  at: ErrorThing,
  { multiTenancyLockdown, objectLevelWorkloadIdentity }: FluxOperatorSettings,
): void {
  const { defaultServiceAccount, workloadIdentity } = multiTenancyLockdown ?? {};
  const accounts = {
    defaultServiceAccount,
    'workloadIdentity.defaultDecryptionServiceAccount': workloadIdentity?.defaultDecryptionServiceAccount,
    'workloadIdentity.defaultKubeConfigServiceAccount': workloadIdentity?.defaultKubeConfigServiceAccount,
  };
  checkAll(
    () =>
      mapAll(Object.entries(accounts), ([prop, name]) => {
        if (name !== undefined) checkDnsSubdomain(at, ['multiTenancyLockdown', prop], name);
      }),
    () => {
      if (workloadIdentity !== undefined && objectLevelWorkloadIdentity === false) {
        const want = 'true or nothing beside multiTenancyLockdown.workloadIdentity, which needs it';
        throw new ValidationError({ at, prop: 'objectLevelWorkloadIdentity', got: false, want });
      }
    },
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
