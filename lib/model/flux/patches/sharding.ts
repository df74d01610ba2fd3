import { type PropPath } from '../../error-place';
import { checkDnsLabel, checkDnsSubdomain } from '../../manifest/kubernetes-name';
import { type KustomizationFile, type KustomizePatch } from '../../manifest/kustomize';
import { ValidationError } from '../../validation-error';
import { SHARD_LABEL } from '../metadata';
import { type FluxController } from './controllers';
import { type FluxPatchData } from './flux-patch-data';
import { appendArguments, deploymentsOf, jsonPatch, mergePatch } from './kustomize-patches';

/**
 * A controller that can be sharded. notification-controller cannot, and for source-watcher Flux's guide advises against.
 *
 * @see https://fluxcd.io/flux/installation/configuration/sharding/
 */
export type ShardedController = Exclude<FluxController, 'notification-controller' | 'source-watcher'>;

/** How the work is spread over several instances of the controllers. */
export interface ShardingProps {
  /**
   * Names of the shards. An object belongs to the shard that its label `sharding.fluxcd.io/key` names, and to the main
   * controllers when it has no such label. Objects that refer to each other belong to one shard.
   */
  readonly shards: readonly string[];
  /**
   * Which controllers each shard has.
   *
   * @default - source-controller, kustomize-controller and helm-controller
   */
  readonly controllers?: readonly ShardedController[];
  /**
   * Domain of the cluster, the same as for the bootstrap. A shard's source-controller gives out its address with it.
   *
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;
}

const AT = 'FluxPatch.sharding';
const DEFAULT_CONTROLLERS: readonly ShardedController[] = [
  'source-controller',
  'kustomize-controller',
  'helm-controller',
];

/**
 * Instances of the controllers for a part of the objects each.
 *
 * A shard is a directory beside `flux-system` that takes `flux-system` as its base: its controllers are copies of the
 * patched ones, so a lockdown holds for them too. (Flux's guide puts the directory below `flux-system` and loads
 * `../gotk-components.yaml`, which `kubectl kustomize` refuses, because a file outside of the directory is loaded.)
 *
 * @throws ValidationError when a name is no DNS label or given twice, or there is no shard or no controller
 * @see https://fluxcd.io/flux/installation/configuration/sharding/
 */
export function sharding(props: ShardingProps): FluxPatchData {
  const { shards, controllers = DEFAULT_CONTROLLERS, clusterDomain = 'cluster.local' } = props;
  checkList('shards', shards);
  checkList('controllers', controllers);
  checkDnsSubdomain(AT, 'clusterDomain', clusterDomain);
  for (const [index, shard] of shards.entries()) {
    checkDnsLabel(AT, ['shards', index], shard);
    controllers.forEach((controller) => checkDnsLabel(AT, ['shards', index], `${controller}-${shard}`));
  }
  return {
    patches: [appendArguments(controllers, [`--watch-label-selector=!${SHARD_LABEL}`])],
    directories: Object.fromEntries(
      shards.map((shard) => [`flux-system-${shard}`, shardOf(shard, controllers, clusterDomain)]),
    ),
    shards,
    clusterDomain: controllers.includes('source-controller') ? clusterDomain : undefined,
    settles: ['sharding'],
  };
}

function shardOf(shard: string, controllers: readonly ShardedController[], clusterDomain: string): KustomizationFile {
  const component = 'app.kubernetes.io/component';
  const remove = { $patch: 'delete' };
  // A flag that is given twice has its last value, so a shard's selector and address override those of its base
  // wherever a release of Flux has them in the list.
  return {
    resources: ['../flux-system'],
    nameSuffix: `-${shard}`,
    commonAnnotations: { 'sharding.fluxcd.io/role': 'shard' },
    patches: [
      // Everything else in the base, also what has no label at all: the root's source and Kustomization.
      mergePatch({ labelSelector: `${component} notin (${controllers.join(',')})` }, remove),
      mergePatch({ kind: '(CustomResourceDefinition|ServiceAccount)' }, remove),
      ...controllers.map((controller) =>
        jsonPatch(
          deploymentsOf([controller]),
          ['/spec/selector/matchLabels/app', '/spec/template/metadata/labels/app'].map((path) => ({
            op: 'replace',
            path,
            value: `${controller}-${shard}`,
          })),
        ),
      ),
      appendArguments(controllers, [`--watch-label-selector=${SHARD_LABEL}=${shard}`]),
      ...(controllers.includes('source-controller') ? addressOf(`source-controller-${shard}`, clusterDomain) : []),
    ],
  };
}

function addressOf(service: string, clusterDomain: string): readonly KustomizePatch[] {
  return [
    jsonPatch({ kind: 'Service', name: 'source-controller' }, [
      { op: 'replace', path: '/spec/selector/app', value: service },
    ]),
    appendArguments(
      ['source-controller'],
      [`--storage-adv-addr=${service}.$(RUNTIME_NAMESPACE).svc.${clusterDomain}.`],
    ),
  ];
}

function checkList(prop: PropPath, names: readonly string[]): void {
  if (names.length === 0 || new Set(names).size !== names.length) {
    throw new ValidationError({ at: AT, prop, got: names, want: 'at least one name, each once' });
  }
}
