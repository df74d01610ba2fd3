import { type Cluster } from '../../cluster/cluster';
import { FileTree, type RepositoryFile } from '../../manifest/file-tree';
import { ValidationError } from '../../validation-error';
import { toCiYaml } from '../ci-yaml';
import {
  applyChangedJobs,
  type CiConfiguration,
  PIPELINE_DIRECTORY,
  pipelineEnvironment,
  rootConfiguration,
} from './apply-changed-jobs';
import { applyChangedScript } from './apply-changed-script';
import { type ApplyChangedSettings, checkApplyChangedSettings } from './apply-changed-settings';

/** What the files of the pipeline depend on. */
export interface ApplyChangedContext {
  /** The clusters. */
  readonly clusters: readonly Cluster[];
  /** Branch that the clusters follow. */
  readonly branch: string;
}

/** The pipeline that applies what changed to the clusters with the trigger `pipeline`: an immutable value. */
export class ApplyChangedDefinition {
  /** @throws ValidationError when they cannot work */
  constructor(
    /** What its jobs share. */
    public readonly settings: ApplyChangedSettings = {},
  ) {
    checkApplyChangedSettings(settings);
  }

  /**
   * The jobs to include, the script that they run, and `.gitlab-ci.yml` for a project that has none. No files without a
   * cluster that has the trigger `pipeline`.
   *
   * @param context - the clusters and the branch that they follow
   * @throws ValidationError when two clusters have one environment
   */
  public files({ clusters, branch }: ApplyChangedContext): FileTree {
    const applied = clusters.filter(({ trigger }) => trigger.type === 'pipeline');
    if (applied.length === 0) return FileTree.EMPTY;
    checkEnvironments(applied);
    const jobs = applyChangedJobs(applied, branch, this.settings);
    const root: RepositoryFile = {
      path: '.gitlab-ci.yml',
      content: ciYaml('Written once, when there was none: it is yours.', rootConfiguration(branch)),
      policy: 'seed',
    };
    return FileTree.of([
      {
        path: `${PIPELINE_DIRECTORY}/apply-changed.gitlab-ci.yml`,
        content: ciYaml(
          'Applies to each cluster what changed of its files. Generated: include it, do not change it.',
          jobs,
        ),
      },
      { path: `${PIPELINE_DIRECTORY}/apply-changed.sh`, content: applyChangedScript(), executable: true },
      ...(this.settings.rootFile === false ? [] : [root]),
    ]);
  }
}

/** The credential is limited to the environment: with one for both, the job of a cluster would write to the other. */
function checkEnvironments(clusters: readonly Cluster[]): void {
  const owners = new Map<string, string>();
  for (const cluster of clusters) {
    const environment = pipelineEnvironment(cluster);
    const owner = owners.get(environment);
    if (owner !== undefined) {
      throw new ValidationError({
        at: { cluster: cluster.name },
        prop: ['trigger', 'pipeline', 'environmentName'],
        got: environment,
        want: `an environment of its own: this is the one of cluster "${owner}"`,
      });
    }
    owners.set(environment, cluster.name);
  }
}

function ciYaml(comment: string, configuration: CiConfiguration): string {
  return `# ${comment}\n\n${toCiYaml(Object.entries(configuration).map(([key, value]) => ({ [key]: value })))}`;
}
