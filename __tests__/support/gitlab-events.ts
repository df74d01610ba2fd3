import { execFileSync } from 'node:child_process';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

import { type GitLab } from './rig';

/** What a test says instead of the pushes: a status with any body. */
export interface EventsAnswer {
  readonly status: number;
  readonly body: string;
}

/** The GitLab stand-in with the events of a project, which it lacks: they are made of its log. */
export class GitLabEvents {
  public static async start(gitlab: GitLab): Promise<GitLabEvents> {
    const events = new GitLabEvents(gitlab);
    await new Promise<void>((done) => events.server.listen(0, '127.0.0.1', done));
    return events;
  }

  /** The requests, as method and path. */
  public readonly requests: string[] = [];
  /** Answered to whoever asks for events, instead of the pushes. */
  public instead: EventsAnswer | undefined;
  private readonly server = createServer((request, response) => {
    void this.answer(request, response);
  });

  private constructor(private readonly gitlab: GitLab) {}

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(() => done()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url: path = '/', headers } = request;
    this.requests.push(`${method ?? ''} ${path}`);
    const [, project] = /^\/api\/v4\/projects\/([^/?]+)\/events\?/.exec(path) ?? [];
    if (project === undefined) {
      const passed = forward(`${this.gitlab.url}${path}`, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      request.pipe(passed);
      return;
    }
    const { status, body } = this.instead ?? { status: 200, body: JSON.stringify(await this.pushesOf(project)) };
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }

  /** As GitLab lists them: the newest first, all branches and tags among each other. */
  private async pushesOf(project: string): Promise<readonly unknown[]> {
    const headers = { authorization: `Bearer ${this.gitlab.token}` };
    const answer = await fetch(`${this.gitlab.api}/projects/${project}`, { headers });
    const { id, path_with_namespace: path } = (await answer.json()) as { id: number; path_with_namespace: string };
    const heads = new Map<string, string>();
    return this.gitlab
      .requests()
      .flatMap((entry) => {
        const { commit, push } = entry;
        const pushed = String(entry['path']).startsWith(`/${path}.git/`) ? (push as readonly Change[] | undefined) : [];
        const committed = commit?.project === id ? [{ ref: commit.ref as string, after: commit.sha as string }] : [];
        return [...(pushed ?? []), ...committed].map(({ ref, after }) => {
          const before = heads.get(ref);
          const now = /^0+$/.test(after) ? undefined : after;
          if (now === undefined) heads.delete(ref);
          else heads.set(ref, now);
          return this.eventOf(id, { ref, before, after: now, user: entry['user'] as string, at: entry['t'] as string });
        });
      })
      .reverse();
  }

  private eventOf(project: number, { ref, before, after, user, at }: Push): unknown {
    const kind = ref.startsWith('refs/tags/') ? 'tag' : 'branch';
    const action = after === undefined ? 'removed' : before === undefined ? 'created' : 'pushed';
    return {
      action_name: { removed: 'deleted', created: 'pushed new', pushed: 'pushed to' }[action],
      author_username: user,
      created_at: at,
      push_data: {
        action,
        ref_type: kind,
        ref: ref.replace(/^refs\/(heads|tags)\//, ''),
        commit_from: before ?? null,
        commit_to: after ?? null,
        commit_title: after === undefined ? null : cut(this.titleOf(project, after)),
      },
    };
  }

  private titleOf(project: number, commit: string): string {
    const repository = `${this.gitlab.directory}/repositories/${project}.git`;
    return execFileSync('git', ['--git-dir', repository, 'log', '-1', '--format=%s', commit], {
      encoding: 'utf8',
    }).trim();
  }
}

interface Change {
  readonly ref: string;
  readonly after: string;
}

interface Push extends Omit<Change, 'after'> {
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly user: string;
  readonly at: string;
}

/** GitLab keeps seventy characters. */
function cut(title: string): string {
  return title.length > 70 ? `${title.slice(0, 67)}...` : title;
}
