import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

/** An answer: a text with its status, or something that happens to the connection. */
export type SmallAnswer = { readonly status?: number; readonly text: string } | 'hang' | 'reset';

interface Stored {
  readonly content: string;
  readonly commit: string;
}

/** A branch with files and at most one merge request, as far as a push asks: to answer what GitLab never would. */
export class SmallGitLab {
  public static async start(): Promise<SmallGitLab> {
    const gitlab = new SmallGitLab();
    await new Promise<void>((done) => gitlab.server.listen(0, '127.0.0.1', done));
    return gitlab;
  }

  /** Every request, as method and route. */
  public readonly requests: string[] = [];
  /** Files of the branch. */
  public readonly files = new Map<string, Stored>();
  /** Answers for requests, instead of the right ones; `undefined` leaves it to them. */
  public instead: (route: string, count: number) => SmallAnswer | undefined = () => undefined;
  /** Told of each request that gets no answer. */
  public onHang: () => void = () => undefined;
  private readonly messages: { id: string; message: string; path: string }[] = [];
  private request: { iid: number; web_url: string; state: string } | undefined;
  private readonly server: Server;
  private head = '1'.repeat(40);

  private constructor() {
    this.server = createServer((request, response) => {
      void this.answer(request, response);
    });
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(() => done()));
  }

  /** An empty branch, and right answers. */
  public reset(): void {
    this.files.clear();
    this.requests.length = 0;
    this.messages.length = 0;
    this.request = undefined;
    this.instead = () => undefined;
    this.onHang = () => undefined;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    const [, rest = ''] = /^\/api\/v4\/projects\/[^/]+\/?(.*)$/.exec(pathname) ?? [];
    const [resource = '', item] = rest.replace('repository/', '').split('/');
    const route = `${request.method ?? ''} ${resource}${item === undefined ? '' : '/:id'}`;
    this.requests.push(route);
    const given = this.instead(route, this.requests.filter((each) => each === route).length);
    if (given === 'hang') {
      this.onHang();
      return;
    }
    if (given === 'reset') {
      request.socket.destroy();
      return;
    }
    const right = (): { status: number; data: unknown } => this.right(route, item, searchParams, body);
    const { status, text } = given ?? asText(right());
    response.writeHead(status ?? 200, { 'content-type': 'application/json' }).end(text);
  }

  private right(route: string, item = '', query: URLSearchParams, body: string): { status: number; data: unknown } {
    const found = (data: unknown): { status: number; data: unknown } =>
      data === undefined ? { status: 404, data: { message: '404 Not Found' } } : { status: 200, data };
    const id = decodeURIComponent(item);
    switch (route) {
      case 'GET branches/:id':
        return found({ name: id, commit: { id: this.head } });
      case 'GET files/:id':
        return found(this.fileOf(id));
      case 'GET commits':
        return found(this.messages.filter(({ path }) => path === query.get('path')).slice(-1));
      case 'GET events':
        return found([]);
      case 'DELETE branches/:id':
        return found({});
      case 'GET tree':
        return found(this.treeOf(query.get('path') ?? ''));
      case 'POST commits':
        return { status: 201, data: { id: this.commit(JSON.parse(body) as CommitRequest) } };
      case 'GET merge_requests':
        return found(this.request?.state === query.get('state') ? [this.request] : []);
      case 'POST merge_requests':
        this.request = { iid: 1, web_url: `${this.url}/-/1`, state: 'opened' };
        return { status: 201, data: this.request };
      case 'GET merge_requests/:id':
        this.request = { iid: 1, web_url: `${this.url}/-/1`, state: 'merged' };
        return found(this.request);
      case 'PUT merge_requests/:id':
        return found(this.request);
      default:
        return { status: 500, data: { message: `the test does not know ${route}` } };
    }
  }

  private commit({ commit_message: message, actions }: CommitRequest): string {
    this.head = createHash('sha1').update(`${this.head}${message}`).digest('hex');
    for (const { action, file_path: path, content = '' } of actions) {
      if (action === 'delete') this.files.delete(path);
      else this.files.set(path, { content, commit: this.head });
      this.messages.push({ id: this.head, message, path });
    }
    return this.head;
  }

  private fileOf(path: string): unknown {
    const file = this.files.get(path);
    return file && { content: base64(file.content), blob_id: blobOf(file.content), last_commit_id: file.commit };
  }

  private treeOf(directory: string): unknown {
    const below = [...this.files].filter(([path]) => directory === '' || path.startsWith(`${directory}/`));
    return below.map(([path, { content }]) => ({ path, type: 'blob', id: blobOf(content), mode: '100644' }));
  }
}

interface CommitRequest {
  readonly commit_message: string;
  readonly actions: readonly { readonly action: string; readonly file_path: string; readonly content?: string }[];
}

function asText({ status, data }: { status: number; data: unknown }): { status: number; text: string } {
  return { status, text: JSON.stringify(data) };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function blobOf(text: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');
}
