import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Directory of the CRDs of the Gateway API. They are not part of this repository. */
const directory = process.env['GATEWAY_API_CRDS'] ?? join(homedir(), '.cache/gateway-api');
const routes = join(directory, 'gateway.networking.k8s.io_httproutes.yaml');

/** Why tests that need the CRD of HTTPRoute are skipped; undefined when it is there. */
export const withoutGatewayApi = existsSync(routes)
  ? undefined
  : `no ${routes}, the directory of which GATEWAY_API_CRDS names`;

/** The CRD of HTTPRoute, as it is released. */
export function httpRouteDefinition(): string {
  return readFileSync(routes, 'utf8');
}
