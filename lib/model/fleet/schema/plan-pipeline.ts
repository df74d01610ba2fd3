import { z } from 'zod';

import { choice, duration, flag, listOf, text } from './fields';

/** How infrastructure is planned, reviewed and applied by GitLab CI. */
export const planPipeline = z
  .strictObject({
    image: text(
      'Image of all jobs, best with its digest. It has Node.js, git and Terraform or OpenTofu, and for `validate` kustomize or kubectl, and helm for charts of yours.',
      {
      examples: ['registry.example.com/platform/terraform@sha256:…'],
    }),
    tool: choice('The program that plans and applies.', ['terraform', 'opentofu'], { default: 'terraform' }).optional(),
    setup: listOf('Commands that make this package available in a job.', z.string(), {
      default: ['npm ci --cache .npm --prefer-offline'],
    }).optional(),
    validate: text('Command that checks the program, before anything else. By default `validate --build required` of the `command`.').optional(),
    synth: text('Command that synthesizes into `cdktf.out`.', { default: 'npx --no-install cdktf synth' }).optional(),
    command: text('How `gitlab-flux` is called.', { default: 'npx --no-install gitlab-flux' }).optional(),
    environments: listOf(
      'Environments in the order in which they are deployed, after the stack `repository`. By default in the order in which clusters first name them.',
      z.string(),
      { examples: [['dev', 'staging', 'prod']] },
    ).optional(),
    production: listOf('Environments whose stacks a person starts, whatever the plan says.', z.string(), {
      default: ['prod', 'production'],
    }).optional(),
    refresh: flag('Plans ask GitLab and the clusters what is there. Their jobs then need credentials, also in merge requests.', false).optional(),
    note: flag(
      'Merge requests get a note with the review, which later pipelines update. Needs the variable `GITLAB_FLUX_NOTE_TOKEN`.',
      false,
    ).optional(),
    lockTimeout: duration('How long an apply waits for the lock of a state.', { default: '5m' }).optional(),
    expireIn: duration('How long GitLab keeps what jobs hand on.', { default: '168h' }).optional(),
    stacksPerPipeline: z
      .int()
      .min(1)
      .max(400)
      .meta({ description: 'The most stacks that one pipeline plans. Beyond it there are several.', default: 100 })
      .optional(),
    runnerTags: listOf('Tags of the runners that may run the jobs. By default any runner.', z.string()).optional(),
  })
  .meta({
    title: 'PlanPipeline',
    description: 'The pipeline that plans, reviews and applies the stacks: `gitlab-flux pipeline` writes it.',
  });

/** The pipeline as a file says it. */
export type PlanPipelineInput = z.output<typeof planPipeline>;
