import { type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { STATE_OF_PIPELINE } from '../../model/fleet/definition/fleet-checks';
import { FileTree } from '../../model/manifest/file-tree';
import { planPipelineFile } from '../../model/pipeline/plan/pipeline-file';
import { type PipelineStack } from '../../model/pipeline/plan/pipeline-plan';
import { type PlanPipelineSettings } from '../../model/pipeline/plan/plan-pipeline-settings';
import { type IGitLabProject } from '../repository/i-gitlab-project';
import { keepsStateInFile } from '../terraform/state-backend';

/** What describes a {@link PlanPipeline}. */
export interface PlanPipelineProps extends PlanPipelineSettings {
  /** The project with the program that describes the infrastructure. */
  readonly project: IGitLabProject;
  /** The stacks of the program: `stacksOfFleet()` for those of a fleet. */
  readonly stacks: readonly PipelineStack[];
  /**
   * Path of the file. Another one is for a `.gitlab-ci.yml` of yours that includes it.
   *
   * @default '.gitlab-ci.yml'
   */
  readonly file?: string;
}

/**
 * The pipeline that plans the stacks of a program in merge requests, and applies on the default branch what was
 * reviewed. `gitlab-flux pipeline` writes the same file without Terraform.
 */
export class PlanPipeline extends Construct {
  /** What makes the file, for what must come after it. */
  public readonly delivered: ITerraformDependable;

  /**
   * @param props - the project, the stacks and the settings
   * @throws ValidationError when settings and stacks do not fit together
   */
  constructor(scope: Construct, id: string, props: PlanPipelineProps) {
    super(scope, id);
    const { project, stacks, file: path = '.gitlab-ci.yml', ...settings } = props;
    // A stack gets its backend after what is in it.
    this.node.addValidation({ validate: () => stacks.flatMap(({ name }) => backendProblems(this, name)) });
    this.delivered = project.write(this, FileTree.of([{ path, content: planPipelineFile(settings, stacks) }]));
  }
}

/** Stacks of other programs are not known here. */
function backendProblems(scope: Construct, name: string): string[] {
  const stack = scope.node.root.node.tryFindChild(name);
  return stack === undefined || !keepsStateInFile(stack) ? [] : [`stack "${name}": want ${STATE_OF_PIPELINE}`];
}
