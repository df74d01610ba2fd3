import { checkDnsSubdomain } from '../../manifest/kubernetes-name';
import { type KustomizePatch } from '../../manifest/kustomize';
import { ValidationError } from '../../validation-error';
import { checkRootDecryption, type RootDecryptionProps } from '../decryption';
import { FLUX_NAMESPACE } from '../metadata';
import { type FluxPatchData, type RootSubstitution } from './flux-patch-data';
import { appendArguments, jsonPatch, ROOT_KUSTOMIZATION } from './kustomize-patches';

/**
 * SOPS decryption of what the root applies.
 *
 * @param props - the Secret with the keys, or the account that reaches a cloud's key service
 * @throws ValidationError when neither is given, both are, or something about them is not possible
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#decryption
 */
export function rootDecryption(props: RootDecryptionProps): FluxPatchData {
  const at = 'FluxPatch.rootDecryption';
  const { secretName, serviceAccountName, forComponents = false } = props;
  if ((secretName === undefined) === (serviceAccountName === undefined)) {
    throw new ValidationError({ at, got: props, want: 'exactly one of secretName and serviceAccountName' });
  }

  checkRootDecryption(at, [], props);
  const reference = secretName === undefined ? { serviceAccountName } : { secretRef: { name: secretName } };
  if (forComponents && secretName === undefined) {
    throw new ValidationError({ at, prop: 'forComponents', got: true, want: 'a `secretName` beside it' });
  }
  return {
    patches: [
      jsonPatch(ROOT_KUSTOMIZATION, [
        { op: 'add', path: '/spec/decryption', value: { provider: 'sops', ...reference } },
      ]),
      ...(forComponents ? [appendArguments(['kustomize-controller'], [`--sops-age-secret=${secretName ?? ''}`])] : []),
    ],
    decryption: props,
    settles: ['rootDecryption'],
  };
}

/** How the root takes values from a Secret. */
export interface RootSubstitutionOptions {
  /**
   * Whether the root applies what needs no value, when the Secret is not there.
   *
   * @default false
   */
  readonly optional?: boolean;
  /**
   * Whether a value that is missing is an error even where there is no value at all: Flux looks for `${…}` only when it
   * has one. With a Flux before 2.9 a value that is missing is empty.
   *
   * @default false
   */
  readonly strict?: boolean;
}

/**
 * Values from a Secret for `${…}` in what the root applies.
 *
 * @param secretName - name of the Secret, in `flux-system`
 * @throws ValidationError when the name is not valid
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 */
export function rootSubstitution(secretName: string, options: RootSubstitutionOptions = {}): FluxPatchData {
  checkDnsSubdomain('FluxPatch.rootSubstitution', 'secretName', secretName);
  const { optional, strict } = options;
  return {
    substituteFrom: [{ name: secretName, ...(optional === true && { optional }), ...(strict === true && { strict }) }],
  };
}

/** A value that is always there, so that Flux always looks for `${…}`. */
const ALWAYS = { FLUX_ROOT: FLUX_NAMESPACE };

/**
 * The patches for the Secrets of all root substitutions.
 *
 * @param secrets - the Secrets; where two have one key, the later one counts
 */
export function substitutionPatches(secrets: readonly RootSubstitution[]): readonly KustomizePatch[] {
  if (secrets.length === 0) return [];
  const value = {
    ...(secrets.some(({ strict }) => strict) && { substitute: ALWAYS }),
    substituteFrom: secrets.map(({ strict: _, ...secret }) => ({ kind: 'Secret', ...secret })),
  };
  // Nothing is needed for Flux itself, which the root applies too: the only `${…}` are in the description of a CRD, and
  // Flux switches substitution off in its CRDs.
  return [jsonPatch(ROOT_KUSTOMIZATION, [{ op: 'add', path: '/spec/postBuild', value }])];
}
