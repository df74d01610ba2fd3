import { Backoff } from './backoff';
import { GitLabError, unless404 } from './gitlab-error';
import { send } from './send';

/** What a job of GitLab CI knows of its project's registry. */
export interface PackageRegistryProps {
  /** Address of GitLab's API, `https://gitlab.example.com/api/v4`. */
  readonly api: string;
  /** Number or path of the project. */
  readonly project: string;
  /** Token of the job. */
  readonly jobToken: string;
}

const patience = 60_000;

/** The generic packages of a project: the one place in GitLab where a job may keep files with its own token. */
export class PackageRegistry {
  private readonly address: string;
  private readonly authorization: string;

  constructor({ api, project, jobToken }: PackageRegistryProps) {
    this.address = `${api}/projects/${encodeURIComponent(project)}/packages/generic`;
    // Not JOB-TOKEN: only this header is dropped when GitLab sends a download on to its object storage.
    this.authorization = `Basic ${Buffer.from(`gitlab-ci-token:${jobToken}`).toString('base64')}`;
  }

  /**
   * The text of a file; nothing when there is no such file.
   *
   * @param path - `<package>/<version>/<file>`
   * @throws GitLabError when GitLab does not answer, or refuses
   */
  public get(path: string): Promise<string | undefined> {
    return unless404(this.send('GET', path));
  }

  /**
   * Writes a file.
   *
   * @param path - `<package>/<version>/<file>`
   * @throws GitLabError when GitLab does not take it
   */
  public async put(path: string, text: string): Promise<void> {
    await this.send('PUT', path, text);
  }

  private async send(method: string, path: string, body?: string): Promise<string> {
    const headers = { authorization: this.authorization };
    const backoff = new Backoff({ limit: patience });
    for (let attempt = 1; ; attempt++) {
      try {
        return (await send(`${this.address}/${path}`, { method, headers, body, limit: backoff.requestLimit })).text;
      } catch (error) {
        if (!(error instanceof GitLabError && error.transient)) throw error;
        await backoff.wait(attempt, error);
      }
    }
  }
}
