import { stringify } from 'yaml';

import { type RepositoryAddition, type RepositoryAdditionContext } from '../../layout/repository-addition';
import { FileTree, type RepositoryFile } from '../../manifest/file-tree';
import { applyChangedJobs, type CiConfiguration, PIPELINE_DIRECTORY, rootConfiguration } from './apply-changed-jobs';
import { applyChangedScript } from './apply-changed-script';
import { type ApplyChangedSettings, checkApplyChangedSettings } from './apply-changed-settings';

/** The pipeline that applies what changed to the clusters with the trigger `pipeline`: an immutable value. */
export class ApplyChangedDefinition implements RepositoryAddition {
  /**
   * @param settings - what its jobs share
   * @throws ValidationError when they cannot work
   */
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
   */
  public files({ clusters, branch }: RepositoryAdditionContext): FileTree {
    const applied = clusters.filter(({ trigger }) => trigger.type === 'pipeline');
    if (applied.length === 0) return FileTree.EMPTY;
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

/** In the order in which people write GitLab CI, with lines between the jobs. */
function ciYaml(comment: string, configuration: CiConfiguration): string {
  const parts = Object.entries(configuration).map(([key, value]) => stringify({ [key]: value }, { lineWidth: 0 }));
  return `# ${comment}\n\n${parts.join('\n')}`;
}
