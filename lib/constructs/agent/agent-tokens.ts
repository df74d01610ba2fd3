import { type ClusterAgent } from '@cdktf/provider-gitlab/lib/cluster-agent/index.js';
import { type TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';

import { type AgentToken, type TokenSlot } from '../../model/agent/agent-settings';
import { ClusterAgentToken } from '../terraform/resources';

/** What describes {@link AgentTokens}. */
export interface AgentTokensProps {
  /** The agent. */
  readonly agent: ClusterAgent;
  /** The provider for GitLab. */
  readonly provider: TerraformProvider;
  /** The slots. */
  readonly token: AgentToken | undefined;
}

/**
 * The tokens of an agent: at most two, each in a slot of its own. They are in the state in clear.
 *
 * A slot's token never changes: a new one comes only when the slot was empty before. GitLab would refuse a third.
 */
export class AgentTokens extends Construct {
  /** The token that the agent uses. */
  public readonly active: ClusterAgentToken;

  constructor(scope: Construct, id: string, props: AgentTokensProps) {
    super(scope, id);
    const { active = 'a', retain = false } = props.token ?? {};
    this.active = this.createToken(active, props);
    if (retain) this.createToken(active === 'a' ? 'b' : 'a', props);
  }

  private createToken(slot: TokenSlot, { agent, provider }: AgentTokensProps): ClusterAgentToken {
    return new ClusterAgentToken(this, slot.toUpperCase(), {
      provider,
      project: agent.project,
      agentId: agent.agentId,
      name: `slot ${slot}`,
      description: 'Managed by Terraform',
      // A token is revoked only when nothing on the cluster refers to it any more, even if both change in one deploy.
      lifecycle: { createBeforeDestroy: true },
    });
  }
}
