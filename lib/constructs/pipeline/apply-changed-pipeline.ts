import { type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { type Cluster } from '../../model/cluster/cluster';
import { ApplyChangedDefinition } from '../../model/pipeline/apply-changed/apply-changed-definition';
import { type ApplyChangedSettings } from '../../model/pipeline/apply-changed/apply-changed-settings';
import { type IGitLabProject } from '../repository/i-gitlab-project';

/** What describes an {@link ApplyChangedPipeline}. */
export interface ApplyChangedPipelineProps extends ApplyChangedSettings {
  /** The project with the GitOps repository. */
  readonly project: IGitLabProject;
  /** All clusters that follow it; those with the trigger `pipeline` get jobs. */
  readonly clusters: readonly Cluster[];
}

/**
 * The pipeline of the GitOps project: on a push GitLab CI applies to each cluster with the trigger `pipeline` what
 * changed of its files below `clusters/flux-common`. Each of these clusters needs a credential for it.
 */
export class ApplyChangedPipeline extends Construct {
  /** The files are in the repository. */
  public readonly files: ITerraformDependable;

  /**
   * @param props - the project, the clusters and what the jobs share
   * @throws ValidationError when the jobs could not work, or somebody else writes one of the files
   */
  constructor(scope: Construct, id: string, props: ApplyChangedPipelineProps) {
    super(scope, id);
    const { project, clusters, ...settings } = props;
    const { branch } = project;
    this.files = project.write(this, new ApplyChangedDefinition(settings).files({ clusters, branch }));
  }
}
