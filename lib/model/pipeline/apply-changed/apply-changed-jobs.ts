import { type Cluster } from '../../cluster/cluster';
import { environmentTier } from '../../cluster/environment-tier';
import { KUBECONFIG_VARIABLE, PipelineAccess } from '../../cluster/pipeline-access';
import { type ApplyChangedSettings, DEFAULT_IMAGE, DEFAULT_STAGE } from './apply-changed-settings';

/** Directory of the pipeline in the GitOps repository. */
export const PIPELINE_DIRECTORY = '.gitlab/flux';

/** With this the script says that it has no credential: the job passes with a warning. */
const NO_ACCESS = 78;

/** GitLab CI configuration, as data. */
export type CiConfiguration = Readonly<Record<string, unknown>>;

/**
 * The environment of a cluster in GitLab. Its credential is limited to it.
 *
 * @param cluster - a cluster with the trigger `pipeline`
 */
export function pipelineEnvironment(cluster: Cluster): string {
  return cluster.trigger.pipeline?.environmentName ?? `${cluster.environment}/${cluster.name}`;
}

/**
 * With what GitLab CI reaches a cluster.
 *
 * @param cluster - a cluster with the trigger `pipeline`
 */
export function pipelineAccess(cluster: Cluster): PipelineAccess {
  return cluster.trigger.pipeline?.access ?? PipelineAccess.variable();
}

/**
 * The jobs that apply what changed: two per cluster, one for the branch and one for merge requests.
 *
 * @param clusters - the clusters with the trigger `pipeline`
 */
export function applyChangedJobs(
  clusters: readonly Cluster[],
  branch: string,
  settings: ApplyChangedSettings,
): CiConfiguration {
  // In the order of their names: that of the fleet changes nothing.
  const sorted = [...clusters].sort(({ name: a }, { name: b }) => (a < b ? -1 : 1));
  const jobs = sorted.flatMap((cluster) => [
    [`flux-apply:${cluster.name}`, applyJob(cluster)],
    [`flux-diff:${cluster.name}`, diffJob(cluster)],
  ]);
  return {
    '.flux': {
      image: { name: settings.image ?? DEFAULT_IMAGE, entrypoint: [''] },
      stage: settings.stage ?? DEFAULT_STAGE,
      // What holds for other jobs of the project is none of theirs: a cache, tags of runners.
      inherit: { default: false },
      ...(settings.runnerTags === undefined ? {} : { tags: settings.runnerTags }),
      needs: [],
      // What changed since the last success may be many commits.
      variables: { GIT_STRATEGY: 'fetch', GIT_DEPTH: '0' },
      // A job that failed for what it does fails again.
      retry: { max: 2, when: ['runner_system_failure', 'api_failure', 'scheduler_failure'] },
      allow_failure: { exit_codes: [NO_ACCESS] },
    },
    '.flux-apply': {
      extends: '.flux',
      // Every time, not for certain paths only: so the next pipeline does what a failed or cancelled one did not.
      rules: [{ if: `$CI_COMMIT_BRANCH == ${quoted(branch)}` }],
      interruptible: false,
    },
    '.flux-diff': {
      extends: '.flux',
      rules: [
        {
          if: `$CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_TARGET_BRANCH_NAME == ${quoted(branch)}`,
          changes: ['clusters/flux-common/*'],
        },
      ],
      interruptible: true,
    },
    ...(Object.fromEntries(jobs) as CiConfiguration),
  };
}

/**
 * What a project needs in its `.gitlab-ci.yml`: the jobs, and pipelines for the branch and for merge requests, so that
 * no push starts two.
 *
 * @param branch - the branch that the clusters follow
 */
export function rootConfiguration(branch: string): CiConfiguration {
  return {
    include: [{ local: `/${PIPELINE_DIRECTORY}/apply-changed.gitlab-ci.yml` }],
    workflow: {
      rules: [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }, { if: `$CI_COMMIT_BRANCH == ${quoted(branch)}` }],
    },
  };
}

function applyJob(cluster: Cluster): CiConfiguration {
  const { maxDeletes = 20, tier = environmentTier(cluster.environment) } = cluster.trigger.pipeline ?? {};
  return {
    extends: '.flux-apply',
    script: script('apply', cluster),
    variables: { FLUX_MAX_DELETES: String(maxDeletes) },
    // One at a time for a cluster.
    resource_group: `flux/${cluster.name}`,
    environment: { name: pipelineEnvironment(cluster), deployment_tier: tier },
  };
}

function diffJob(cluster: Cluster): CiConfiguration {
  return {
    extends: '.flux-diff',
    script: script('diff', cluster),
    // For the environment's variables; nothing is deployed.
    environment: { name: pipelineEnvironment(cluster), action: 'access' },
  };
}

/** Names stand in the script, not in variables: whoever starts a pipeline may set these. */
function script(command: string, cluster: Cluster): readonly string[] {
  const { data } = pipelineAccess(cluster);
  const call = `sh ${PIPELINE_DIRECTORY}/apply-changed.sh ${command} ${cluster.name}`;
  if (data.type === 'agent') return [`${call} ${data.context}`];
  const variable = data.type === 'variable' ? data.name : KUBECONFIG_VARIABLE;
  return [`export KUBECONFIG="\${${variable}:-}"`, call];
}

/** A text in a rule. */
function quoted(text: string): string {
  return `"${text}"`;
}
