import { z } from 'zod';

import { exactlyOne, listOf, mapOf, text } from './fields';

const path = text('Path of the kubeconfig file; `~` is the home directory of whoever runs Terraform.', {
  default: '~/.kube/config',
});

const apiServer = {
  server: text('Address of the API server.', { examples: ['https://uni-dev.example.com:6443'] }),
  certificateAuthority: text(
    "Certificate of the authority that signed the server's, in PEM; it is no secret. By default one that the machine trusts.",
  ).optional(),
};

const kubeconfig = z
  .strictObject({ path: path.optional(), context: text('Name of the context.', { examples: ['uni-dev'] }) })
  .meta({ description: 'A context of a kubeconfig file.' });

const token = z
  .strictObject({
    ...apiServer,
    tokenVariable: text('Name of the ephemeral Terraform variable with the token.', { default: 'cluster_token' }).optional(),
  })
  .meta({ description: 'An API server and a bearer token from a Terraform variable.' });

const clientCertificate = z
  .strictObject({
    ...apiServer,
    certificateVariable: text('Name of the ephemeral Terraform variable with the certificate.', {
      default: 'cluster_client_certificate',
    }).optional(),
    keyVariable: text('Name of the ephemeral Terraform variable with the key.', { default: 'cluster_client_key' }).optional(),
  })
  .meta({ description: 'An API server and a client certificate from Terraform variables.' });

const exec = z
  .strictObject({
    ...apiServer,
    apiVersion: text('Version of the protocol.', { default: 'client.authentication.k8s.io/v1' }).optional(),
    command: text('The program.', { examples: ['aws'] }),
    args: listOf('Its arguments.', z.string(), {
      examples: [['eks', 'get-token', '--cluster-name', 'uni-dev']],
    }).optional(),
    env: mapOf('Its environment; no secrets. By default what Terraform has.', z.string()).optional(),
  })
  .meta({ description: 'An API server and a program that prints a credential, such as `aws eks get-token`.' });

const gitLabAgent = z
  .strictObject({
    project: text("Project with the agent's configuration.", { examples: ['platform/fleet'] }),
    agent: text('Name of the agent.'),
    path: text('Path of the kubeconfig file. By default what the environment variable KUBE_CONFIG_PATH names.').optional(),
  })
  .meta({ description: "Through GitLab's agent: the context that GitLab writes for its CI jobs." });

/** How Terraform reaches a cluster, complete. */
export const connection = exactlyOne('How Terraform reaches the cluster.', {
  kubeconfig,
  token,
  clientCertificate,
  exec,
  gitLabAgent,
});

const describe = <T extends z.ZodType>(schema: T, whole: z.ZodType): T => schema.meta({ description: whole.description });

/** How Terraform reaches a cluster, as one of fleet, environment and cluster says it: others may say the rest. */
export const connectionLayer = exactlyOne(
  'How Terraform reaches the cluster. What stands here adds to what the environment and the fleet say about the same kind of connection, and replaces another kind.',
  {
    kubeconfig: describe(kubeconfig.partial(), kubeconfig),
    token: describe(token.partial(), token),
    clientCertificate: describe(clientCertificate.partial(), clientCertificate),
    exec: describe(exec.partial(), exec),
    gitLabAgent: describe(gitLabAgent.partial(), gitLabAgent),
  },
  { id: 'Connection', title: 'Connection', examples: [{ kubeconfig: { context: 'uni-dev' } }] },
);

/** A connection as a file says it. */
export type ConnectionInput = z.output<typeof connection>;
