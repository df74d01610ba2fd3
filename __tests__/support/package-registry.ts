import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

/** GitLab's package registry and the notes of one merge request, as far as pipelines use them. */
export class PackageRegistry {
  public static async start(token: string, noteToken = 'note-token'): Promise<PackageRegistry> {
    const registry = new PackageRegistry(token, noteToken);
    await new Promise<void>((done) => registry.server.listen(0, '127.0.0.1', done));
    return registry;
  }

  /** Files by path below `packages/generic`. */
  public readonly files = new Map<string, string>();
  /** Notes of the merge request. */
  public readonly notes: { id: number; body: string }[] = [];
  private readonly server: Server;

  private constructor(
    private readonly token: string,
    private readonly noteToken: string,
  ) {
    this.server = createServer((request, response) => {
      void this.answer(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(body);
      });
    });
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public get api(): string {
    return `${this.url}/api/v4`;
  }

  public stop(): Promise<void> {
    return new Promise((done) => this.server.close(() => done()));
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: string }> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { pathname } = new URL(request.url ?? '/', this.url);
    const [, file] = /^\/api\/v4\/projects\/1\/packages\/generic\/([\w+.-]+\/[\w+.-]+\/[\w.-]+)$/.exec(pathname) ?? [];
    if (file !== undefined) return this.answerFile(request, file, body);
    const [, note] = /^\/api\/v4\/projects\/1\/merge_requests\/7\/notes(?:\/(\d+))?$/.exec(pathname) ?? [];
    return pathname.includes('/notes') ? this.answerNote(request, note, body) : { status: 404, body: '{}' };
  }

  private answerFile(request: IncomingMessage, file: string, body: string): { status: number; body: string } {
    const basic = `Basic ${Buffer.from(`gitlab-ci-token:${this.token}`).toString('base64')}`;
    if (request.headers.authorization !== basic) return { status: 401, body: '{}' };
    if (request.method === 'PUT') {
      this.files.set(file, body);
      return { status: 201, body: '{"message":"201 Created"}' };
    }
    const found = this.files.get(file);
    return found === undefined ? { status: 404, body: '{}' } : { status: 200, body: found };
  }

  private answerNote(request: IncomingMessage, id: string | undefined, text: string): { status: number; body: string } {
    if (request.headers.authorization !== `Bearer ${this.noteToken}`) return { status: 401, body: '{}' };
    if (request.method === 'GET') return { status: 200, body: JSON.stringify(this.notes) };
    const { body } = JSON.parse(text) as { body: string };
    const existing = this.notes.find((note) => note.id === Number(id));
    const note = existing ?? { id: this.notes.length + 1, body };
    note.body = body;
    if (existing === undefined) this.notes.push(note);
    return { status: existing === undefined ? 201 : 200, body: JSON.stringify(note) };
  }
}
