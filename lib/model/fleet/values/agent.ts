import { AgentDefinition } from '../../agent/agent-definition';
import { type AgentSettings } from '../../agent/agent-settings';
import { type TriggerType } from '../../cluster/trigger';
import { ValidationError } from '../../validation-error';
import { type AgentInput } from '../schema/agent';

/**
 * GitLab's agent on a cluster: what the file says, or with the trigger `agent` one with nothing but defaults.
 *
 * @param trigger - how a push reaches the cluster
 * @throws ValidationError when GitLab or Kubernetes would refuse it
 */
export function agentOf(input: AgentInput | undefined, trigger: TriggerType): AgentDefinition | undefined {
  if (input === undefined) return trigger === 'agent' ? new AgentDefinition() : undefined;
  const { existing, ...settings } = input;
  if (existing === undefined) {
    const made: AgentSettings = settings;
    return new AgentDefinition(made);
  }
  const [other] = Object.keys(settings);
  if (other !== undefined) {
    throw new ValidationError({
      at: 'agent',
      prop: other,
      want: 'no such key beside `existing`: nothing is written for an agent that exists',
    });
  }
  return AgentDefinition.existing(existing);
}
