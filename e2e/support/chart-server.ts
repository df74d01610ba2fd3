import { execFile } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { findProgram, temporaryDirectory } from '../../__tests__/support/rig';

const run = promisify(execFile);

/** A Helm repository on loopback. */
export interface ChartServer {
  /** Its address. */
  readonly url: string;
  /** Stops it. */
  readonly stop: () => Promise<void>;
}

/**
 * Serves charts.
 *
 * @param charts - their directories
 */
export async function serveChart(...charts: readonly string[]): Promise<ChartServer> {
  const directory = temporaryDirectory('charts');
  for (const chart of charts) await run(findProgram('helm')!, ['package', resolve(chart), '--destination', directory]);
  await run(findProgram('helm')!, ['repo', 'index', directory]);
  const server: Server = createServer((request, response) => {
    const path = join(directory, new URL(request.url ?? '/', 'http://localhost').pathname);
    if (!existsSync(path)) response.writeHead(404).end();
    else createReadStream(path).pipe(response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((done) => server.close(() => done())),
  };
}
