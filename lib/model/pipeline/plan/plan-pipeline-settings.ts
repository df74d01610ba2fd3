/** How infrastructure is planned, reviewed and applied by GitLab CI. */
export interface PlanPipelineSettings {
  /**
   * Image of all jobs, best with its digest. It has Node.js, git and Terraform or OpenTofu, and for
   * `validate` kustomize or kubectl, and helm for charts of yours.
   */
  readonly image: string;
  /**
   * The program that plans and applies.
   *
   * @default 'terraform'
   */
  readonly tool?: 'terraform' | 'opentofu';
  /**
   * Commands that make this package available in a job.
   *
   * @default ['npm ci --cache .npm --prefer-offline']
   */
  readonly setup?: readonly string[];
  /**
   * Command that checks the program, before anything else.
   *
   * @default 'npx --no-install gitlab-flux validate --build required'
   */
  readonly validate?: string;
  /**
   * Command that synthesizes into `cdktf.out`.
   *
   * @default 'npx --no-install cdktf synth'
   */
  readonly synth?: string;
  /**
   * How `gitlab-flux` is called.
   *
   * @default 'npx --no-install gitlab-flux'
   */
  readonly command?: string;
  /**
   * Environments in the order in which they are deployed, after the stack `repository`. A stack belongs to the
   * environment that its name begins with.
   *
   * @default - the environments of the fleet, in its order
   */
  readonly environments?: readonly string[];
  /**
   * Environments whose stacks a person starts, whatever the plan says.
   *
   * @default ['prod', 'production']
   */
  readonly production?: readonly string[];
  /**
   * Whether plans ask GitLab and the clusters what is there. Their jobs then need credentials, also in merge requests.
   *
   * @default false
   */
  readonly refresh?: boolean;
  /**
   * Whether merge requests get a note with the review, which later pipelines update. It is written with the variable
   * `GITLAB_FLUX_NOTE_TOKEN`: a token with scope `api` and the role Reporter.
   *
   * @default false
   */
  readonly note?: boolean;
  /**
   * How long an apply waits for the lock of a state.
   *
   * @default '5m'
   */
  readonly lockTimeout?: string;
  /**
   * How long GitLab keeps what jobs hand on.
   *
   * @default '168h'
   */
  readonly expireIn?: string;
  /**
   * The most stacks that one pipeline plans. Beyond it there are several.
   *
   * @default 100
   */
  readonly stacksPerPipeline?: number;
  /**
   * Tags of the runners that may run the jobs.
   *
   * @default - any runner
   */
  readonly runnerTags?: readonly string[];
}
