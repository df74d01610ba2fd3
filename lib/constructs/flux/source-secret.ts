import { type ITerraformDependable } from 'cdktf';
import { type Construct } from 'constructs';

import { type ClusterAccess } from '../cluster/cluster-access';
import { SecretV1 } from '../terraform/resources';
import { type GitReadCredential } from './git-read-credential';
import { combinedRevision, textRevision } from './revision';

/** What describes the Secret with which Flux reads Git. */
export interface SourceSecretProps {
  /** The providers for the cluster. */
  readonly access: ClusterAccess;
  /** Name of the Secret. */
  readonly name: string;
  /** Namespace of the Secret. */
  readonly namespace: string;
  /** What is in it. */
  readonly credential: GitReadCredential;
  /** Certificate of the authority that signed GitLab's, in PEM; undefined when everybody trusts it. */
  readonly certificateAuthority: string | undefined;
  /** What must exist before. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** The Secret with which Flux reads the GitOps repository. Its values are in no plan and no state. */
export function sourceSecret(scope: Construct, props: SourceSecretProps): SecretV1 {
  const { access, name, namespace, credential, certificateAuthority, dependsOn } = props;
  const { username, password, revision } = credential;
  return new SecretV1(scope, 'SourceSecret', {
    provider: access.kubernetes,
    dependsOn: [...dependsOn],
    metadata: { name, namespace },
    dataWo: {
      username,
      password,
      ...(certificateAuthority === undefined ? {} : { 'ca.crt': certificateAuthority }),
    },
    dataWoRevision: combinedRevision([revision, textRevision(certificateAuthority)]),
    lifecycle: { ignoreChanges: ['metadata[0].labels', 'metadata[0].annotations'] },
  });
}
