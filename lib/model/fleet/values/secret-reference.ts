import { SecretReference } from '../../component/secret-reference';
import { type FleetPath } from '../fleet-document';
import { type SecretReferenceInput } from '../schema/oci';
import { type LoadContext } from './load-context';

/** A Secret of a component. */
export function secretOf(context: LoadContext, path: FleetPath, input: SecretReferenceInput): SecretReference {
  const { existing, terraform, sops, externalSecret } = input;
  const [type = ''] = Object.keys(input);
  return context.within([[...path, type]], () =>
    existing !== undefined
      ? SecretReference.existing(existing)
      : sops !== undefined
        ? SecretReference.sops(sops, { relativeTo: context.directory })
        : externalSecret !== undefined
          ? SecretReference.externalSecret(externalSecret)
          : SecretReference.terraform(terraform),
  );
}
