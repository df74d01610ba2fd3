import { type KubernetesObject } from '../../model/manifest/kubernetes-object';

/** Whether objects hold values of a Secret that anybody could read. Such objects are not remembered on disk. */
export function holdsSecretValues(objects: readonly KubernetesObject[]): boolean {
  return objects.some(
    ({ kind, data, stringData }) => kind === 'Secret' && [data, stringData].flatMap(valuesIn).some(isReadable),
  );
}

function valuesIn(map: unknown): readonly unknown[] {
  return typeof map === 'object' && map !== null ? Object.values(map) : [];
}

/** What SOPS encrypted and what Flux fills in later is no secret yet, and certificates are for everybody. */
function isReadable(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    value !== '' &&
    !value.startsWith('ENC[') &&
    !value.includes('${') &&
    (!value.startsWith('-----BEGIN CERTIFICATE-----') || value.includes('PRIVATE KEY'))
  );
}
