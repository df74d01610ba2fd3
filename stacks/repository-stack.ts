import { TerraformStack } from 'cdktf';
import { type Construct } from 'constructs';

import { ApplyChangedPipeline } from '../lib/constructs/pipeline/apply-changed-pipeline';
import { GitLabProject } from '../lib/constructs/repository/gitlab-project';
import { type Cluster } from '../lib/model/cluster/cluster';
import { type Fleet } from '../lib/model/cluster/fleet';
import { type FleetDefinition } from '../lib/model/fleet/definition/fleet-definition';
import { sharedComponentFiles } from '../lib/model/layout/cluster-layout';
import { ApplyChangedDefinition } from '../lib/model/pipeline/apply-changed/apply-changed-definition';
import { deliveryOf } from './delivery';

/** What describes a {@link RepositoryStack}. */
export interface RepositoryStackProps extends Pick<FleetDefinition, 'project' | 'delivery' | 'applyPipeline'> {
  /** The clusters that share the repository. */
  readonly fleet: Fleet;
}

/** The GitLab project with the GitOps repository, and the files in it that clusters share. */
export class RepositoryStack extends TerraformStack {
  /** @param props - the project, the clusters and the delivery of files */
  constructor(scope: Construct, id: string, props: RepositoryStackProps) {
    super(scope, id);
    const { create, ...attributes } = props.project;
    const delivery = deliveryOf(props.delivery);
    const project = create
      ? new GitLabProject(this, 'Project', { ...attributes, ...create, delivery })
      : GitLabProject.fromPath(this, 'Project', { ...attributes, delivery });
    project.write(this, sharedComponentFiles(props.fleet));
    const { clusters } = props.fleet;
    const { applyPipeline = new ApplyChangedDefinition() } = props;
    if (clusters.some(isAppliedByPipeline)) {
      new ApplyChangedPipeline(this, 'ApplyPipeline', { ...applyPipeline.settings, project, clusters });
    }
  }
}

function isAppliedByPipeline({ trigger }: Cluster): boolean {
  return trigger.type === 'pipeline';
}
