import { GitCredential } from '../../component/git-credential';
import { GitSource } from '../../component/git-source';
import { readCertificateAuthority } from '../../manifest/certificate-authority';
import { type FleetPath } from '../fleet-document';
import { type GitSourceInput } from '../schema/source';
import { type LoadContext } from './load-context';

/** Where the manifests of a component come from. */
export function sourceOf(context: LoadContext, path: FleetPath, input: GitSourceInput): GitSource {
  const { url, ref, interval, sparseCheckout, certificateAuthorityFile: file } = input;
  const credential =
    input.credential === undefined ? undefined : credentialOf(context, [...path, 'credential'], input.credential);
  return context.within([path], () => {
    if (url === undefined || ref === undefined) return GitSource.gitOpsRepository({ ref, credential, interval });
    const certificateAuthority =
      file === undefined ? undefined : readCertificateAuthority('git source', file, context.directory);
    return GitSource.git({ url, ref, credential, interval, sparseCheckout, certificateAuthority });
  });
}

/** How the Secret of a Git source comes about. */
export function credentialOf(
  context: LoadContext,
  path: FleetPath,
  input: NonNullable<GitSourceInput['credential']>,
): GitCredential | undefined {
  if (typeof input === 'string') return GitCredential[input]();
  const { terraform, sops, externalSecret } = input;
  const [way] = Object.keys(input);
  return context.within([[...path, way ?? '']], () =>
    sops !== undefined
      ? GitCredential.sops(sops, { relativeTo: context.directory })
      : externalSecret !== undefined
        ? GitCredential.externalSecret(externalSecret)
        : GitCredential.terraform(terraform),
  );
}
