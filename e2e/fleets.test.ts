// Every fleet of the pages and the examples, and the smallest that there can be: deployed, planned again, destroyed.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

import { fixtures } from '../__tests__/docs/fleets';
import { blocksOf, root } from '../__tests__/docs/markdown';
import { withoutGatewayApi } from '../__tests__/support/gateway-api';
import { withoutOperatorChart } from '../__tests__/support/operator-chart';
import { type ChartServer, serveChart } from './support/chart-server';
import { describeEndToEnd, OPERATOR_PROGRAMS } from './support/describe';
import { FleetWorld, smallChart } from './support/fleet-world';
import { ownAddress } from './support/hub';
import { writtenFleet } from './support/local-fleet';
import { type SecureGitLab, startSecureGitLab } from './support/secure-gitlab';
import { expectNoSecrets } from './support/world';

/** A fleet, and the directory from which its paths start. */
interface Case {
  readonly name: string;
  readonly text: string;
  readonly from: string;
}

const SHOP = `
  shop:
    kustomize:
      base: { objects: [{ apiVersion: v1, kind: ConfigMap, metadata: { name: shop }, data: { one: '1' } }] }`;
const flux = (text: string): string => `environments: { dev: { ${text} } }`;
const BOOTSTRAP = flux('flux: { version: v2.9.4 }');
const OPERATOR = flux('flux: { type: operator, version: v2.9.4 }');
const ONE = 'clusters: { one: { environment: dev, components: [shop] } }';
const trigger = (text: string): string =>
  `${BOOTSTRAP}\ncomponents:${SHOP}\nclusters: { one: { environment: dev, trigger: ${text}, components: [shop] } }`;

/** The smallest fleets that there can be. */
const small: Readonly<Record<string, string>> = {
  'a cluster without components': `${BOOTSTRAP}\nclusters: { one: { environment: dev } }`,
  'a cluster without components, by the provider': `${flux('flux: { type: provider }')}\nclusters: { one: { environment: dev } }`,
  'a hub without spokes': `${OPERATOR}\nclusters: { hub: { environment: dev } }`,
  'a hub and a spoke without components': `${OPERATOR}
clusters:
  hub: { environment: dev }
  shop: { environment: dev, hub: hub, spoke: { authentication: { serviceAccountToken: {} } } }`,
  'a hub and a spoke': `${OPERATOR}
components:${SHOP}
clusters:
  hub: { environment: dev }
  shop: { environment: dev, hub: hub, spoke: { authentication: { serviceAccountToken: {} } }, components: [shop] }`,
  'a component of each kind': `${BOOTSTRAP}
components:${SHOP}
  fluentd: { kustomize: { base: { directory: components/fluentd/base } } }
  remote: { helm: { chart: { repository: { url: https://charts.example.com, name: remote, version: 1.0.0 } } } }
  portal: { helm: { chart: { local: { directory: charts/portal } } } }
clusters: { one: { environment: dev, components: [shop, fluentd, remote, portal] } }`,
  'the trigger interval': trigger('{ interval: { every: 10m } }'),
  'the trigger agent': trigger('agent'),
  'the trigger webhook': trigger('{ webhook: { url: https://flux.example.com, ingress: { className: nginx } } }'),
  'the trigger pipeline': trigger('{ pipeline: { access: { serviceAccount: { server: https://one.example.com } } } }'),
  'the delivery files': `delivery: { type: files }\n${BOOTSTRAP}\ncomponents:${SHOP}\n${ONE}`,
  'the delivery tree': `delivery: { type: tree }\n${BOOTSTRAP}\ncomponents:${SHOP}\n${ONE}`,
  'the delivery commit, that keeps its files': `delivery: { type: commit, onDestroy: keep }\n${BOOTSTRAP}\ncomponents:${SHOP}\n${ONE}`,
};

const size = ({ text }: Case): number => writtenFleet(text).clusters.length * 1_000_000 + text.length;
const cases: readonly Case[] = [
  ...Object.entries(small).map(([name, text]) => ({ name, text, from: fixtures })),
  ...[
    ...blocksOf('yaml', 'fleet').map(({ at, text }) => ({ name: at, text, from: fixtures })),
    ...examples().map((path) => ({
      name: path,
      text: readFileSync(join(root, path), 'utf8'),
      from: dirname(join(root, path)),
    })),
  ].sort((a, b) => size(a) - size(b)),
];

function examples(): readonly string[] {
  const below = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('fleet.yaml'))
    .map((path) => `examples/${path}`);
  return ['fleet.yaml', ...below];
}

describeEndToEnd(
  'every fleet of the pages',
  () => {
    let gitlab: SecureGitLab;
    let world: FleetWorld | undefined;
    let charts: ChartServer | undefined;

    beforeAll(async () => {
      gitlab = await startSecureGitLab();
    }, 120_000);
    afterEach(async () => {
      await charts?.stop();
      await world?.stop();
    }, 120_000);

    test.each(cases.map((one, index) => [one.name, one, index] as const))(
      '%s: deployed, planned again without a change, destroyed',
      async (_, { text, from }, index) => {
        const agent = join(__dirname, 'support/gitlab-agent-chart');
        charts = await serveChart(agent, ...writtenFleet(text).charts.map(smallChart));
        world = await FleetWorld.start(gitlab, `fleet-${index}`, text);
        await world.synth(charts.url, from);
        await world.deploy();
        await world.planNothing();
        await world.destroy();
        expect(await world.leftOfFlux()).toEqual([]);
        // The CLI of Flux has written it, and removes nothing. Other files stay when the fleet says so.
        const { delivery } = parse(text) as {
          readonly delivery?: { readonly type: string; readonly onDestroy?: string };
        };
        if (delivery?.type !== 'tree' && delivery?.onDestroy !== 'keep') {
          const others = world.leftInGit().filter((path) => !path.endsWith('/flux-system/gotk-components.yaml'));
          expect(others).toEqual([]);
        }
        expectNoSecrets(world.person, world.printed);
      },
      1_200_000,
    );
  },
  ['hashicorp/helm', 'hashicorp/kubernetes', 'gitlabhq/gitlab', 'fluxcd/flux'],
  {
    programs: OPERATOR_PROGRAMS,
    reason:
      withoutOperatorChart ??
      withoutGatewayApi ??
      (ownAddress === undefined ? 'this machine has no address but loopback' : undefined),
  },
);
