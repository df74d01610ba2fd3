import { z } from 'zod';

import { choice, duration, exactlyOne, flag, listOf, mapOf, text } from './fields';
import { spokeDecryption, toleration } from './flux-patch';
import { readCredential } from './read-credential';

const server = text("Address of the spoke's API server, as the hub reaches it.", {
  examples: ['https://uni-spoke.example.com:6443'],
});
const certificateAuthority = text("Certificate of the authority that signed the server's, in PEM; it is no secret.");

const workloadIdentity = z
  .strictObject({
    provider: choice("Who vouches for the hub. `generic`: the issuer of the hub's own tokens, which the spoke has to trust.", ['aws', 'azure', 'gcp', 'generic']),
    cluster: text('The cluster as its cloud names it. Every provider but `generic` needs it.').optional(),
    server: server.optional(),
    certificateAuthority: certificateAuthority.optional(),
    audiences: listOf('For whom the tokens are.', z.string()).optional(),
    serviceAccountAnnotations: mapOf("Annotations of the hub's account for this spoke, with which the cloud knows it. The hub then needs `objectLevelWorkloadIdentity`.", z.string()).optional(),
  })
  .meta({ description: 'A cloud, or an issuer that the spoke trusts, vouches for the hub. Nothing is secret.' });

const serviceAccountToken = z
  .strictObject({ server: server.optional(), certificateAuthority: certificateAuthority.optional() })
  .meta({ description: "A token of an account on the spoke, which Terraform makes there and writes to the hub. By default for the server of the spoke's connection." });

const existingSecret = z
  .strictObject({
    secretName: text('Name of the Secret.'),
    key: text('Key of the kubeconfig. By default `value`, else `value.yaml`.').optional(),
  })
  .meta({ description: "A Secret with a kubeconfig that somebody else puts into the spoke's namespace on the hub." });

const authentication = exactlyOne('How the hub proves to the spoke who it is.', {
  workloadIdentity,
  serviceAccountToken,
  existingSecret,
});

const settings = {
  clusterRole: text('ClusterRole on the spoke of the account that deploys.', { default: 'cluster-admin' }).optional(),
  removalPolicy: choice('Whether the workloads stay when the spoke is removed.', ['keep', 'delete'], { default: 'keep' }).optional(),
  shard: text("The shard of the hub that serves the spoke. By default one that follows from the spoke's name.").optional(),
  decryption: spokeDecryption.optional(),
  interval: duration('How often the hub asks for news below `clusters/<spoke>`. By default as the trigger says.').optional(),
  waitForRoot: flag("A deploy ends only when the hub has applied what it brought to Git, and fails with Flux's own words when it cannot.", true).optional(),
  jobImage: text("Image with `kubectl` and `sh` for the Jobs that wait for the spoke's root and remove the spoke. By default that of the hub.").optional(),
  imagePullSecrets: listOf("Names of Secrets in the spoke's namespace on the hub to pull the image of these Jobs with. By default of the names that the hub has.", z.string()).optional(),
  nodeSelector: mapOf("Labels of the nodes of the hub that the Jobs may run on. By default those of the hub's Jobs.", z.string()).optional(),
  tolerations: listOf("Taints that the Jobs tolerate. By default those that the hub's Jobs tolerate.", toleration).optional(),
  deadline: duration('How long the removal, and what a deploy brought, may take: at least 2m.', { default: '15m' }).optional(),
  readCredential: readCredential.optional(),
};

/** How a hub deploys to a spoke, as one of fleet, environment and cluster says it. */
export const spokeLayer = z.strictObject({ authentication: authentication.optional(), ...settings }).meta({
  id: 'Spoke',
  title: 'Spoke',
  description: 'How the hub deploys to the cluster, which names it by `hub`. What a cluster says counts before its environment and the fleet.',
  examples: [{ authentication: { serviceAccountToken: {} }, removalPolicy: 'delete' }],
});

/** How a hub deploys to a spoke, as a file says it. */
export type SpokeInput = z.output<typeof spokeLayer>;
