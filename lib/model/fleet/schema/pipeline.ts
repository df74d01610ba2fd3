import { z } from 'zod';

import { choice, DNS_LABEL, exactlyOne, flag, listOf, text, wholeNumber } from './fields';

const access = exactlyOne(
  'With what GitLab CI reaches the cluster. By default the CI variable `FLUX_KUBECONFIG`.',
  {
    serviceAccount: z
      .strictObject({
        server: text("Address of the API server as GitLab's runners reach it.", {
          examples: ['https://edge-dev.example.com:6443'],
        }),
        certificateAuthority: text(
          "Certificate of the authority that signed the server's, in PEM; it is no secret. By default that of the cluster.",
        ).optional(),
        revision: wholeNumber('Raise it to replace the token.', 1, { default: 1 }).optional(),
        admissionPolicy: flag("The API server holds the account to the files of the cluster's components. It needs Kubernetes 1.30.", true).optional(),
      })
      .meta({ description: "An account that Terraform makes, with its kubeconfig in a protected CI variable for the cluster's environment." }),
    variable: z
      .strictObject({ name: text('Name of the variable.', { default: 'FLUX_KUBECONFIG' }).optional() })
      .meta({ description: 'A CI variable of yours, of type file, with a kubeconfig.' }),
    gitLabAgent: z
      .strictObject({
        project: text("Project with the agent's configuration.", { examples: ['platform/fleet'] }),
        agent: text('Name of the agent.', { pattern: DNS_LABEL }),
      })
      .meta({ description: "GitLab's agent, which shares itself with the project by `ciAccess` and has the rights that it takes." }),
  },
  { examples: [{ serviceAccount: { server: 'https://edge-dev.example.com:6443' } }] },
);

/** How GitLab CI applies what changed to a cluster. */
export const pipelineTrigger = z
  .strictObject({
    access: access.optional(),
    environmentName: text("Name of the environment in GitLab. By default environment and name of the cluster.", {
      examples: ['dev/edge-dev'],
    }).optional(),
    tier: choice("Tier of that environment. By default as the name of the cluster's environment suggests.", [
      'production',
      'staging',
      'testing',
      'development',
      'other',
    ]).optional(),
    maxDeletes: wholeNumber('How many objects a job may delete. More are refused, for a person to look at.', 0, {
      default: 20,
    }).optional(),
  })
  .meta({ description: 'GitLab CI applies what changed.' });

/** The pipeline that applies what changed, as far as all clusters share it. */
export const applyPipeline = z
  .strictObject({
    image: text('Image of the jobs, with `git`, `kubectl` and a shell; with a tag or a digest.', {
      default: 'docker.io/alpine/k8s:1.34.5',
    }).optional(),
    stage: text('Stage of the jobs.', { default: 'deploy' }).optional(),
    runnerTags: listOf('Tags of the runners that may run the jobs. By default any runner.', z.string()).optional(),
    rootFile: flag(
      'The project gets a `.gitlab-ci.yml` that includes the jobs, when it has none. One that is there is never changed.',
      true,
    ).optional(),
  })
  .meta({
    title: 'Pipeline that applies',
    description: 'The jobs of GitLab CI for clusters with the trigger `pipeline`. Without such a cluster there are none.',
    examples: [{ image: 'registry.example.com/mirror/k8s:1.34.5' }],
  });

/** How GitLab CI applies what changed, as a file says it. */
export type PipelineTriggerInput = z.output<typeof pipelineTrigger>;
