import { GitLabError } from '../../lib/gitlab/gitlab-error';
import { PackageRegistry } from '../../lib/gitlab/package-registry';
import {
  formatReport,
  parseReport,
  type ReviewedPlan,
  type SynthesizedStack,
} from '../../lib/model/pipeline/plan/stack-report';
import { ValidationError } from '../../lib/model/validation-error';
import { CommandError } from '../command-error';

/**
 * What pipelines tell later ones: which plans could be reviewed, and what is applied. It is kept in the project's
 * package registry, which a job may use with its own token, and found by what a stack was synthesized to: no merge
 * method, rebase or squash changes that.
 */
export class PlanRegistry {
  private readonly registry: PackageRegistry;

  /** @throws CommandError when this is not a job of GitLab */
  constructor(environment: NodeJS.ProcessEnv) {
    const { CI_API_V4_URL: api, CI_PROJECT_ID: project, CI_JOB_TOKEN: jobToken } = environment;
    if (api === undefined || project === undefined || jobToken === undefined) {
      throw new CommandError('want CI_API_V4_URL, CI_PROJECT_ID and CI_JOB_TOKEN: this is for jobs of GitLab CI');
    }

    this.registry = new PackageRegistry({ api, project, jobToken });
  }

  /**
   * The plan that could be reviewed for a content, if there was one.
   *
   * @param content - digest of what it was synthesized to
   */
  public async reviewed(stack: string, content: string): Promise<ReviewedPlan | undefined> {
    const path = `gitlab-flux-reviewed/${stack}/${content}.json`;
    const record = (await this.get(path)) as Partial<ReviewedPlan> | undefined;
    if (record !== undefined && (typeof record.digest !== 'string' || !Array.isArray(record.changes))) {
      throw new ValidationError({ at: path, want: "a plan that 'gitlab-flux pipeline' recorded" });
    }

    return record as ReviewedPlan | undefined;
  }

  /** Keeps a plan that can be reviewed. */
  public async keepReviewed(plan: ReviewedPlan): Promise<void> {
    await this.put(`gitlab-flux-reviewed/${plan.stack}/${plan.content}.json`, plan);
  }

  /** Digest of what a stack was synthesized to when it was last applied; nothing when it never was. */
  public async applied(stack: string): Promise<string | undefined> {
    return (await this.get(`gitlab-flux-applied/${stack}/applied.json`))?.content;
  }

  /**
   * Keeps that a stack is applied.
   *
   * @param applied - the stack and what it was synthesized to
   */
  public async keepApplied({ stack, content }: SynthesizedStack): Promise<void> {
    await this.put(`gitlab-flux-applied/${stack}/applied.json`, { stack, content });
  }

  private async get(path: string): Promise<SynthesizedStack | undefined> {
    const text = await this.registry.get(path).catch(explained);
    return text === undefined ? undefined : parseReport(text, path);
  }

  private async put(path: string, record: SynthesizedStack): Promise<void> {
    await this.registry.put(path, formatReport(record)).catch(explained);
  }
}

function explained(error: unknown): never {
  throw error instanceof GitLabError ? new CommandError(`package registry: ${error.message}`) : error;
}
