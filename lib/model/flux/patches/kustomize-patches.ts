import { type KustomizePatch, type KustomizeTarget } from '../../manifest/kustomize';
import { toYamlDocument } from '../../manifest/yaml';
import { type FluxController } from './controllers';

/** An operation of a JSON 6902 patch that sets something. */
export interface JsonPatchOperation {
  /** What to do. */
  readonly op: 'add' | 'replace';
  /** JSON pointer. */
  readonly path: string;
  /** What to set. */
  readonly value: unknown;
}

// Every patch has a target: one that names its object itself fails the build when the object is not there, and which
// controllers are installed is the user's choice.

/**
 * A JSON 6902 patch.
 *
 * @param target - what it changes; nothing happens when there is no such object
 */
export function jsonPatch(target: KustomizeTarget, operations: readonly JsonPatchOperation[]): KustomizePatch {
  return { patch: toYamlDocument(operations), target };
}

/**
 * A strategic merge patch.
 *
 * @param target - what it changes; nothing happens when there is no such object
 * @param body - the fields; the target decides about kind and name, kustomize only wants to see some
 */
export function mergePatch(target: KustomizeTarget, body: Readonly<Record<string, unknown>>): KustomizePatch {
  return { patch: toYamlDocument({ apiVersion: 'v1', kind: 'all', metadata: { name: 'all' }, ...body }), target };
}

/**
 * The Deployments of controllers.
 *
 * @param controllers - names; those that are not installed match nothing
 */
export function deploymentsOf(controllers: readonly FluxController[]): KustomizeTarget {
  return { kind: 'Deployment', name: controllers.length === 1 ? controllers[0] : `(${controllers.join('|')})` };
}

/** Command line arguments behind those that the controllers have. */
export function appendArguments(controllers: readonly FluxController[], args: readonly string[]): KustomizePatch {
  return jsonPatch(
    deploymentsOf(controllers),
    args.map((value) => ({ op: 'add', path: '/spec/template/spec/containers/0/args/-', value })),
  );
}

/** The `Kustomization` that applies `clusters/<cluster>`. It is in `gotk-sync.yaml`, which is empty before the bootstrap. */
export const ROOT_KUSTOMIZATION: KustomizeTarget = {
  group: 'kustomize.toolkit.fluxcd.io',
  kind: 'Kustomization',
  name: 'flux-system',
};

/** The label selector of everything in `gotk-components.yaml`. */
export const PART_OF_FLUX = 'app.kubernetes.io/part-of=flux';
