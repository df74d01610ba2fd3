import { type ErrorThing, type PathStep } from '../error-place';
import { type GitVerification } from '../flux/git-fetch';
import { checkGitRef, checkVerifiedRef, type GitRef, gitRepository } from '../flux/git-repository';
import { checkOciRef, type OciRef, ociRepository } from '../flux/oci-repository';
import { ValidationError } from '../validation-error';
import { type ComponentPlacement, type FluxManifest } from './component';
import { type GitSource } from './git-source';
import { type OciSource } from './oci-source';

/** What of a Git repository (branch, tag, semver, commit, name) or an OCI registry (tag, semver, digest) Flux takes. */
export interface SourceRef extends OciRef, GitRef {}

const GIT_ONLY = ['branch', 'commit', 'name'] as const;
const OCI_ONLY = ['digest', 'semverFilter'] as const;

/**
 * Refuses a reference that does not fit a source.
 *
 * @param at - the thing that has the reference
 * @param verify - whose signature is wanted
 */
export function checkSourceRef(
  at: ErrorThing,
  prop: readonly PathStep[],
  kind: 'git' | 'registry',
  ref: SourceRef,
  verify: GitVerification | undefined,
): void {
  const wrong = (kind === 'git' ? OCI_ONLY : GIT_ONLY).find((field) => ref[field] !== undefined);
  if (wrong !== undefined) {
    const want =
      kind === 'git' ? 'exactly one of branch, tag, semver, commit and name' : 'exactly one of tag, semver and digest';
    throw new ValidationError({ at, prop, got: ref, want });
  }
  if (kind === 'registry') {
    checkOciRef(at, prop, ref);
  } else {
    checkGitRef(at, prop, ref);
    checkVerifiedRef(at, prop, verify, ref);
  }
}

/**
 * The `GitRepository` or the `OCIRepository` of a component.
 *
 * @param metadata - of the object
 * @param ref - what a cluster takes otherwise than the source says
 * @param sparseCheckout - what it needs of the GitOps repository; undefined for everything
 */
export function sourceObject(
  source: GitSource | OciSource,
  metadata: Pick<Parameters<typeof gitRepository>[0], 'name' | 'namespace' | 'labels' | 'annotations'>,
  placement: ComponentPlacement,
  ref: SourceRef | undefined,
  sparseCheckout: readonly string[] | undefined,
): FluxManifest {
  const secretName = placement.secretNameOf(source);
  if (source.purpose === 'registry') {
    const { url, verify, provider, certSecretName, proxySecretName, insecure, interval, ignore } = source.props;
    const settings = { url, verify, provider, certSecretName, proxySecretName, insecure, interval, ignore };
    const object = ociRepository({ ...metadata, ...settings, ref: ref ?? source.ref, secretName, unpack: true });
    return { role: 'oci-repository', object };
  }
  const taken = ref ?? source.ref ?? { branch: placement.branch };
  checkVerifiedRef({ component: metadata.name, cluster: placement.cluster.name }, ['ref'], source.fetch.verify, taken);
  const object = gitRepository({
    sparseCheckout,
    ...source.fetch,
    ...metadata,
    url: source.url ?? placement.repositoryUrl,
    ref: taken,
    interval: source.interval ?? placement.sourceInterval,
    secretName,
  });
  return { role: 'git-repository', object };
}
