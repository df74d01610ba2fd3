import { type Release } from '@cdktf/provider-helm/lib/release/index.js';
import { type SecretV1 } from '@cdktf/provider-kubernetes/lib/secret-v1/index.js';
import { Fn } from 'cdktf';

import { type AgentSettings } from '../../model/agent/agent-settings';
import { type AgentNames, TOKEN_ANNOTATION } from '../../model/agent/agent-values';
import { type ClusterAccess } from '../cluster/cluster-access';
import { type KasAddress } from './kas-address';

/** What the ways to install an agent have in common. */
export interface AgentReleaseProps {
  /** The providers for the cluster. */
  readonly access: ClusterAccess;
  /** Names of the agent's objects. */
  readonly names: AgentNames;
  /** How the agent is. */
  readonly settings: AgentSettings;
  /** Where the agent finds GitLab. */
  readonly kas: KasAddress;
  /** The token that the agent uses: its number, and the Secret that holds it. */
  readonly token: { readonly id: number; readonly secret: SecretV1 };
  /** The namespace of the agent. */
  readonly namespace: Release;
}

/**
 * The values of the chart that only Terraform knows, as an expression for JSON. The number of the token is no secret: it
 * makes the Pods start again when the token is another one.
 */
export function terraformValues({ kas, token }: AgentReleaseProps): string {
  return Fn.jsonencode({
    config: { kasAddress: kas.address },
    podAnnotations: { [TOKEN_ANNOTATION]: Fn.tostring(token.id) },
  });
}
