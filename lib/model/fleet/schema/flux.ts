import { z } from 'zod';

import { choice, duration, flag, listOf, mapOf, text, wholeNumber } from './fields';
import { operatorFields } from './flux-operator';
import { controller, fluxPatch, toleration } from './flux-patch';
import { readCredential } from './read-credential';

/** How the Jobs run that call the flux CLI. */
const job = {
  jobImage: text('Image with `flux`, `kubectl` and `sh` for the Jobs. With the type `bootstrap` its tag is the version of Flux, and may be left out; with the others the default has the tag `v2.9.4`.', { default: 'ghcr.io/fluxcd/flux-cli' }).optional(),
  imagePullSecrets: listOf("Names of Secrets in `flux-system` to pull the image of the Jobs with.", z.string()).optional(),
  certificateAuthorityRef: z
    .strictObject({
      kind: choice('Kind of the object.', ['Secret', 'ConfigMap']),
      name: text('Name of the object.'),
      key: text('Key in its data.', { examples: ['ca.crt'] }),
    })
    .meta({
      description:
        "Where on the cluster, in `flux-system`, the CLI finds the certificate of the authority that signed GitLab's. By default that of the project.",
    })
    .optional(),
  removalPolicy: choice('Whether the workloads stay when Flux is removed.', ['keep', 'delete'], { default: 'keep' }).optional(),
  deadline: duration('How long the bootstrap, the removal, and Flux may take: at least 2m.', { default: '15m' }).optional(),
  attemptTimeout: duration('How long one attempt of the bootstrap may take: at least 10s.', { default: '3m' }).optional(),
  rerun: text('Another text runs the bootstrap again.').optional(),
  resources: z
    .strictObject({
      requests: mapOf('What a Job gets.', z.string(), { examples: [{ cpu: '50m', memory: '128Mi' }] }),
      limits: mapOf('What a Job may take.', z.string(), { examples: [{ memory: '512Mi' }] }),
    })
    .meta({ description: 'CPU and memory of the Jobs.' })
    .optional(),
  nodeSelector: mapOf('Labels of the nodes that the Jobs may run on.', z.string()).optional(),
  tolerations: listOf('Taints that the Jobs tolerate.', toleration).optional(),
};

/** How Flux is installed, as one of fleet, environment and cluster says it. */
export const fluxLayer = z
  .strictObject({
    type: choice(
      'The way to run Flux. `bootstrap`: the flux CLI, in a Job on the cluster. `provider`: the Terraform provider `fluxcd/flux`. `operator`: flux-operator. What only another one knows is refused for a cluster; among defaults it is for the others.',
      ['bootstrap', 'provider', 'operator'],
      { default: 'bootstrap' },
    ).optional(),
    version: text('Version of Flux. It has to be said for the cluster, its environment or the fleet.', { examples: ['v2.9.4'] }).optional(),
    gotkFiles: choice(
      "Who writes Flux's own files to Git. `flux`: the CLI, in a Job with a token that can push. `terraform`: Terraform, and no such token comes to the cluster.",
      ['flux', 'terraform'],
      { default: 'flux' },
    ).optional(),
    fluxBundle: text('Directory with the manifests of the release, which `gitlab-flux vendor flux` writes, for `gotkFiles: terraform`. By default `vendor/flux/<version>`.', { examples: ['vendor/flux/v2.9.4'] }).optional(),
    components: listOf('Controllers to install. By default source, kustomize, helm and notification-controller.', controller).optional(),
    registry: text("Registry and path of the controllers' images.", { default: 'ghcr.io/fluxcd' }).optional(),
    imagePullSecret: text("Name of a Secret in `flux-system` to pull the controllers' images with.").optional(),
    networkPolicy: flag('NetworkPolicies close the controllers to other namespaces.', true).optional(),
    watchAllNamespaces: flag('Flux serves all namespaces.', true).optional(),
    logLevel: choice('How much the controllers log.', ['debug', 'info', 'error'], { default: 'info' }).optional(),
    clusterDomain: text('DNS domain of the cluster.', { default: 'cluster.local' }).optional(),
    tolerationKeys: listOf('Keys of taints that the controllers tolerate.', z.string()).optional(),
    secretName: text('Name of the Secret with which Flux reads the GitOps repository.', { default: 'flux-system' }).optional(),
    interval: duration('How often Flux asks the GitOps repository for news.', { default: '1m' }).optional(),
    recurseSubmodules: flag('Flux fetches submodules of the GitOps repository.', false).optional(),
    authentication: choice(
      'What Flux reads the GitOps repository with. `read-only`: a deploy token of Terraform. `deploy-token`: one that the CLI creates with every run, and that stays valid. `token`: the token that the CLI pushes with.',
      ['read-only', 'deploy-token', 'token'],
      { default: 'read-only' },
    ).optional(),
    personal: flag('The project belongs to a user and not to a group.', false).optional(),
    teams: listOf('GitLab groups that get maintainer access to the project.', z.string()).optional(),
    author: z
      .strictObject({
        name: text('Name.', { default: 'Flux' }).optional(),
        email: text('Address.').optional(),
      })
      .meta({ description: "Who the CLI's commits are by." })
      .optional(),
    commitMessageAppendix: text("Text behind the message of the CLI's commits.", { examples: ['[skip ci]'] }).optional(),
    patches: listOf('Changes to Flux itself, in this order.', fluxPatch).optional(),
    waitForRoot: flag("A deploy ends only when Flux has applied what it brought to Git, and fails with Flux's own words when it cannot.", true).optional(),
    ...job,
    downloadVersion: text('With the type `provider`: version of Flux, when its manifests are not those that the provider brings. They are downloaded at every plan.', { examples: ['v2.8.5'] }).optional(),
    deleteGitManifests: flag("With the type `provider`: Flux's own files leave Git when Flux is removed.", true).optional(),
    timeouts: z
      .strictObject({
        create: duration('For the bootstrap.', { default: '15m' }).optional(),
        read: duration('For a look at Git and the cluster, at every plan.', { default: '15m' }).optional(),
        update: duration('For a change.', { default: '15m' }).optional(),
        delete: duration('For the removal.', { default: '5m' }).optional(),
      })
      .meta({ description: 'With the type `provider`: how long the provider may take.' })
      .optional(),
    ...operatorFields,
    readCredential: readCredential.optional(),
    tokenRevision: wholeNumber('Raise it when the token that the CLI pushes with has changed.', 1, { default: 1 }).optional(),
  })
  .meta({
    id: 'Flux',
    title: 'Flux',
    description: 'How Flux is installed on the cluster. What a cluster says counts before its environment and the fleet.',
    examples: [{ version: 'v2.9.4', patches: [{ concurrency: { kustomize: 10 } }] }],
  });

/** How Flux is installed, as a file says it. */
export type FluxInput = z.output<typeof fluxLayer>;
