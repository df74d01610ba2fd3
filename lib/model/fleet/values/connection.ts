import { ClusterConnection } from '../../cluster/cluster-connection';
import { PipelineAccess } from '../../cluster/pipeline-access';
import { Trigger } from '../../cluster/trigger';
import { type TriggerInput } from '../schema/cluster';
import { type ConnectionInput } from '../schema/connection';
import { type PipelineTriggerInput } from '../schema/pipeline';

/**
 * How Terraform reaches a cluster.
 *
 * @throws ValidationError when a part of it is wrong
 */
export function connectionOf(input: ConnectionInput): ClusterConnection | undefined {
  const { kubeconfig, token, clientCertificate, exec, gitLabAgent } = input;
  return (
    (kubeconfig && ClusterConnection.kubeconfig(kubeconfig)) ??
    (token && ClusterConnection.token(token)) ??
    (clientCertificate && ClusterConnection.clientCertificate(clientCertificate)) ??
    (exec && ClusterConnection.exec(exec)) ??
    (gitLabAgent && ClusterConnection.gitLabAgent(gitLabAgent))
  );
}

/**
 * How a push reaches a cluster.
 *
 * @throws ValidationError when a part of it is wrong
 */
export function triggerOf(input: TriggerInput): Trigger {
  if (typeof input === 'string') return Trigger[input]();
  if (input.webhook !== undefined) return Trigger.webhook(input.webhook);
  return input.pipeline === undefined ? Trigger.interval(input.interval) : pipelineTriggerOf(input.pipeline);
}

function pipelineTriggerOf({ access, ...options }: PipelineTriggerInput): Trigger {
  const { serviceAccount, variable, gitLabAgent } = access ?? {};
  return Trigger.pipeline({
    ...options,
    access:
      (serviceAccount && PipelineAccess.serviceAccount(serviceAccount)) ??
      (variable && PipelineAccess.variable(variable)) ??
      (gitLabAgent && PipelineAccess.gitLabAgent(gitLabAgent)),
  });
}
