import { checkDnsSubdomain } from '../../manifest/kubernetes-name';
import { type KustomizePatch } from '../../manifest/kustomize';
import { ValidationError } from '../../validation-error';
import { type Decryption } from '../kustomization';
import { type FluxPatchData, type RootSubstitution } from './flux-patch-data';
import { jsonPatch, ROOT_KUSTOMIZATION } from './kustomize-patches';

/**
 * SOPS decryption of what the root applies.
 *
 * @param props - the Secret with the keys, or the account that reaches a cloud's key service
 * @throws ValidationError when neither is given, both are, or one has no valid name
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#decryption
 */
export function rootDecryption(props: Decryption): FluxPatchData {
  const at = 'FluxPatch.rootDecryption';
  const { secretName, serviceAccountName } = props;
  if ((secretName === undefined) === (serviceAccountName === undefined)) {
    throw new ValidationError({ at, got: props, want: 'exactly one of secretName and serviceAccountName' });
  }
  const reference = secretName === undefined ? { serviceAccountName } : { secretRef: { name: secretName } };
  checkDnsSubdomain(
    at,
    secretName === undefined ? 'serviceAccountName' : 'secretName',
    secretName ?? serviceAccountName ?? '',
  );
  return {
    patches: [
      jsonPatch(ROOT_KUSTOMIZATION, [
        { op: 'add', path: '/spec/decryption', value: { provider: 'sops', ...reference } },
      ]),
    ],
    decrypts: true,
    settles: ['rootDecryption'],
  };
}

/**
 * Values from a Secret for `${…}` in what the root applies.
 *
 * @param secretName - name of the Secret, in `flux-system`
 * @param optional - whether the root does without it
 * @throws ValidationError when the name is not valid
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 */
export function rootSubstitution(secretName: string, optional = false): FluxPatchData {
  checkDnsSubdomain('FluxPatch.rootSubstitution', 'secretName', secretName);
  return { substituteFrom: [{ name: secretName, ...(optional ? { optional } : {}) }] };
}

/**
 * The patches for the Secrets of all root substitutions.
 *
 * @param secrets - the Secrets; where two have one key, the later one counts
 */
export function substitutionPatches(secrets: readonly RootSubstitution[]): readonly KustomizePatch[] {
  if (secrets.length === 0) {
    return [];
  }
  const substituteFrom = secrets.map((secret) => ({ kind: 'Secret', ...secret }));
  // Nothing is needed for Flux itself, which the root applies too: the only `${…}` are in the description of a CRD, and
  // Flux switches substitution off in its CRDs.
  return [jsonPatch(ROOT_KUSTOMIZATION, [{ op: 'add', path: '/spec/postBuild', value: { substituteFrom } }])];
}
