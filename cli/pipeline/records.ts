import {
  formatReport,
  parseReport,
  type ReviewedPlan,
  type SynthesizedStack,
} from '../../lib/model/pipeline/plan/stack-report';
import { CommandError } from '../command-error';
import { Backoff } from '../push/backoff';
import { GitLabError } from '../push/gitlab-error';

/**
 * What pipelines tell later ones: which plans could be reviewed, and what is applied. It is kept in the project's
 * package registry, which a job may use with its own token, and found by what a stack was synthesized to: no merge
 * method, rebase or squash changes that.
 */
export class Records {
  private readonly address: string;
  private readonly authorization: string;

  /**
   * @param environment - the variables of a job
   * @throws CommandError when this is not a job of GitLab
   */
  constructor(environment: NodeJS.ProcessEnv) {
    const { CI_API_V4_URL: api, CI_PROJECT_ID: project, CI_JOB_TOKEN: token } = environment;
    if (api === undefined || project === undefined || token === undefined) {
      throw new CommandError('want CI_API_V4_URL, CI_PROJECT_ID and CI_JOB_TOKEN: this is for jobs of GitLab CI');
    }
    this.address = `${api}/projects/${encodeURIComponent(project)}/packages/generic`;
    // Not JOB-TOKEN: only this header is dropped when GitLab sends a download on to its object storage.
    this.authorization = `Basic ${Buffer.from(`gitlab-ci-token:${token}`).toString('base64')}`;
  }

  /**
   * The plan that could be reviewed for a content, if there was one.
   *
   * @param stack - name of the stack
   * @param content - digest of what it was synthesized to
   */
  public async reviewed(stack: string, content: string): Promise<ReviewedPlan | undefined> {
    return (await this.get(`gitlab-flux-reviewed/${stack}/${content}.json`)) as ReviewedPlan | undefined;
  }

  /**
   * Keeps a plan that can be reviewed.
   *
   * @param plan - the plan
   */
  public async keepReviewed(plan: ReviewedPlan): Promise<void> {
    await this.put(`gitlab-flux-reviewed/${plan.stack}/${plan.content}.json`, formatReport(plan));
  }

  /**
   * Digest of what a stack was synthesized to when it was last applied; nothing when it never was.
   *
   * @param stack - name of the stack
   */
  public async applied(stack: string): Promise<string | undefined> {
    return (await this.get(`gitlab-flux-applied/${stack}/applied.json`))?.content;
  }

  /**
   * Keeps that a stack is applied.
   *
   * @param applied - the stack and what it was synthesized to
   */
  public async keepApplied({ stack, content }: SynthesizedStack): Promise<void> {
    await this.put(`gitlab-flux-applied/${stack}/applied.json`, formatReport({ stack, content }));
  }

  private async get(path: string): Promise<SynthesizedStack | undefined> {
    const text = await this.send('GET', path);
    return text === undefined ? undefined : parseReport(text, path);
  }

  private async put(path: string, text: string): Promise<void> {
    await this.send('PUT', path, text);
  }

  private async send(method: string, path: string, body?: string): Promise<string | undefined> {
    const backoff = new Backoff({ limit: 60_000 });
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.try(method, path, body);
      } catch (error) {
        if (!(error instanceof GitLabError && error.transient)) {
          throw error instanceof GitLabError ? new CommandError(`package registry: ${error.message}`) : error;
        }
        await backoff.wait(attempt, error);
      }
    }
  }

  private async try(method: string, path: string, body?: string): Promise<string | undefined> {
    const headers = { authorization: this.authorization };
    const signal = AbortSignal.timeout(60_000);
    const response = await fetch(`${this.address}/${path}`, { method, headers, body, signal }).catch(
      (error: unknown) => {
        throw new GitLabError({ description: String((error as Error).cause ?? error) });
      },
    );
    const text = await response.text();
    if (response.status === 404 && method === 'GET') {
      return undefined;
    }
    if (!response.ok) {
      throw new GitLabError({ status: response.status, description: response.statusText });
    }
    return text;
  }
}
