import { type TerraformProvider, type TerraformResourceLifecycle } from 'cdktf';
import { type Construct } from 'constructs';

import { expression } from '../terraform/literal';
import { DataGitlabMetadata } from '../terraform/resources';

/** Address of GitLab's agent server (KAS). */
export interface KasAddress {
  /** The address, or a token for it. */
  readonly address: string;
  /**
   * A condition for Terraform.
   *
   * @default - the address was given
   */
  readonly isEnabled?: string;
}

/** The address that was given, or the one that GitLab says. */
export function kasAddressOf(scope: Construct, provider: TerraformProvider, given: string | undefined): KasAddress {
  if (given !== undefined) return { address: given };
  const { fqn, kas } = new DataGitlabMetadata(scope, 'Metadata', { provider });
  return { address: kas.externalUrl, isEnabled: expression(`${fqn}.kas.enabled`) };
}

/** What has to hold before the agent is installed. */
export function kasCondition({ isEnabled }: KasAddress): TerraformResourceLifecycle | undefined {
  if (isEnabled === undefined) return undefined;
  const errorMessage = "GitLab's agent server (KAS) is off: turn it on, or use another trigger than 'agent'.";
  return { precondition: [{ condition: isEnabled, errorMessage }] };
}
