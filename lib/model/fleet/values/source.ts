import { GitCredential } from '../../component/git-credential';
import { GitSource } from '../../component/git-source';
import { OciSource } from '../../component/oci-source';
import { readCertificateAuthority } from '../../manifest/certificate-authority';
import { type FleetPath } from '../fleet-document';
import { type GitSourceInput } from '../schema/source';
import { type LoadContext } from './load-context';
import { secretOf } from './secret-reference';

/** Where the manifests of a component come from. */
export function sourceOf(context: LoadContext, path: FleetPath, input: GitSourceInput): GitSource | OciSource {
  const { oci, url, ref, certificateAuthorityFile: file, credential: given, ...settings } = input;
  if (oci !== undefined) return ociSourceOf(context, [...path, 'oci'], oci);
  const credential = given === undefined ? undefined : credentialOf(context, [...path, 'credential'], given);
  return context.within([path], () => {
    if (url === undefined || ref === undefined) return GitSource.gitOpsRepository({ ...settings, ref, credential });
    const certificateAuthority =
      file === undefined ? undefined : readCertificateAuthority('git source', file, context.directory);
    return GitSource.git({ ...settings, url, ref, credential, certificateAuthority });
  });
}

function ociSourceOf(
  context: LoadContext,
  path: FleetPath,
  { credential: given, ...settings }: NonNullable<GitSourceInput['oci']>,
): OciSource {
  const credential = given && secretOf(context, [...path, 'credential'], given);
  return context.within([path], () => OciSource.artifact({ ...settings, credential }));
}

/** How the Secret of a Git source comes about. */
export function credentialOf(
  context: LoadContext,
  path: FleetPath,
  input: NonNullable<GitSourceInput['credential']>,
): GitCredential | undefined {
  if (typeof input === 'string') return GitCredential[input]();
  const { terraform, sops, externalSecret } = input;
  const [type] = Object.keys(input);
  return context.within([[...path, type ?? '']], () =>
    sops !== undefined
      ? GitCredential.sops(sops, { relativeTo: context.directory })
      : externalSecret !== undefined
        ? GitCredential.externalSecret(externalSecret)
        : GitCredential.terraform(terraform),
  );
}
