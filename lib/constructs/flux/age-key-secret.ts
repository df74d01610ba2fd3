import { type ITerraformDependable } from 'cdktf';
import { type Construct } from 'constructs';

import { ageKeySecretOf, type RootDecryption } from '../../model/flux/decryption';
import { FLUX_NAMESPACE, WATCH_LABEL } from '../../model/flux/metadata';
import { type ClusterAccess } from '../cluster/cluster-access';
import { SecretV1 } from '../terraform/resources';
import { secretVariable } from '../terraform/secret-variable';

/** What describes the Secret with which a root decrypts. */
export interface AgeKeySecretProps {
  /** The providers for the cluster that Flux runs on. */
  readonly access: ClusterAccess;
  /** How the root decrypts; undefined when it does not. */
  readonly decryption: RootDecryption | undefined;
  /**
   * Namespace of the root.
   *
   * @default 'flux-system'
   */
  readonly namespace?: string;
  /** What must exist before. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * The Secret with the key of age with which a root decrypts, from the Terraform variable `sops_age_key`. Its value is in
 * no plan and no state.
 *
 * @returns nothing where the Secret is somebody else's
 */
export function ageKeySecret(scope: Construct, props: AgeKeySecretProps): readonly SecretV1[] {
  const { access, decryption, namespace = FLUX_NAMESPACE, dependsOn } = props;
  const secret = decryption && ageKeySecretOf(decryption);
  if (secret === undefined) return [];
  const variable = secretVariable(scope, 'sops_age_key', 'Key of age with which Flux decrypts what SOPS encrypted');
  return [
    new SecretV1(scope, 'AgeKey', {
      provider: access.kubernetes,
      dependsOn: [...dependsOn],
      // Flux then decrypts anew as soon as there is another key.
      metadata: { name: secret.name, namespace, labels: WATCH_LABEL },
      dataWo: { 'age.agekey': variable.stringValue },
      dataWoRevision: secret.revision,
      // The provider keeps empty ones out of the state; a plan with -refresh=false would show them as new.
      lifecycle: { ignoreChanges: ['metadata[0].annotations'] },
    }),
  ];
}
