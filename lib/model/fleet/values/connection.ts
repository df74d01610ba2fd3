import { ClusterConnection } from '../../cluster/cluster-connection';
import { Trigger } from '../../cluster/trigger';
import { type TriggerInput } from '../schema/cluster';
import { type ConnectionInput } from '../schema/connection';

/**
 * How Terraform reaches a cluster.
 *
 * @param input - what the file says
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
 * @param input - what the file says
 * @throws ValidationError when the interval is no duration
 */
export function triggerOf(input: TriggerInput): Trigger {
  return typeof input === 'string' ? Trigger[input]() : Trigger.interval(input.interval);
}
