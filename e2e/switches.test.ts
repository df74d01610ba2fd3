// What may change in one deploy, changed: the workloads stay the ones that they were.
//
// The other pairs: the flux CLI and the provider of Flux, there and back: provider-move. Flux's own files by the CLI and
// by Terraform, there and back: gotk-files. From the CLI to flux-operator, in steps: moving. To the trigger pipeline and
// back, in steps: flux-moves. From commit() to files(), file by file: delivery-moves.
import { join } from 'node:path';

import { fixtures } from '../__tests__/docs/fleets';
import { type ChartServer, serveChart } from './support/chart-server';
import { describeEndToEnd } from './support/describe';
import { FleetWorld } from './support/fleet-world';
import { ownAddress } from './support/hub';
import { startSecureGitLab } from './support/secure-gitlab';
import { expectNoSecrets } from './support/world';

const fleet = (trigger: string, delivery = 'type: commit'): string => `
delivery: { ${delivery} }
environments: { dev: { flux: { version: v2.9.4 } } }
components:
  shop:
    kustomize:
      base:
        objects:
          - apiVersion: apps/v1
            kind: Deployment
            metadata: { name: shop }
            spec:
              selector: { matchLabels: { app: shop } }
              template:
                metadata: { labels: { app: shop } }
                spec: { containers: [{ name: main, image: nginx }] }
clusters: { one: { environment: dev, trigger: ${trigger}, components: [shop] } }
`;

const INTERVAL = '{ interval: { every: 10m } }';
const WEBHOOK = '{ webhook: { url: https://flux.example.com, ingress: { className: nginx } } }';

/** Each walk goes over every pair that may be changed in one deploy. */
const walks: Readonly<Record<string, Readonly<Record<string, string>>[]>> = {
  triggers: [
    { interval: fleet(INTERVAL) },
    { agent: fleet('agent') },
    { webhook: fleet(WEBHOOK) },
    { interval: fleet(INTERVAL) },
    { webhook: fleet(WEBHOOK) },
    { agent: fleet('agent') },
    { interval: fleet(INTERVAL) },
  ],
  deliveries: [
    { files: fleet(INTERVAL, 'type: files') },
    { commit: fleet(INTERVAL, 'type: commit, from: files') },
    { tree: fleet(INTERVAL, 'type: tree') },
    { commit: fleet(INTERVAL) },
  ],
};

describeEndToEnd(
  'what changes in one deploy',
  () => {
    let world: FleetWorld | undefined;
    let charts: ChartServer;

    beforeAll(async () => {
      charts = await serveChart(join(__dirname, 'support/gitlab-agent-chart'));
    }, 60_000);
    afterEach(() => world?.stop(), 60_000);
    afterAll(() => charts.stop());

    test.each(Object.entries(walks))(
      'the %s: workloads stay, second plans are empty, nothing is left',
      async (name, steps) => {
        const walk = steps.flatMap((step) => Object.entries(step));
        const fleets = await FleetWorld.start(await startSecureGitLab(), name, walk[0]![1]);
        world = fleets;
        const workload = ['get', 'deployment', 'shop', '--namespace', 'shop'];
        const identity = (): Promise<string> =>
          fleets.kubectl('one', ...workload, '--output', 'jsonpath={.metadata.uid} {.metadata.generation}');
        let before: string | undefined;
        for (const [to, text] of walk) {
          await fleets.synth(charts.url, fixtures, text);
          await fleets.deploy();
          await fleets.planNothing();
          before ??= await identity();
          expect([to, await identity()]).toEqual([to, before]);
        }
        await fleets.destroy();
        expect(await fleets.leftOfFlux()).toEqual([]);
        expect(await identity()).toBe(before);
        expectNoSecrets(fleets.person, fleets.printed);
      },
      1_800_000,
    );
  },
  ['hashicorp/helm', 'hashicorp/kubernetes', 'gitlabhq/gitlab'],
  {
    programs: ['helm-controller'],
    reason: ownAddress === undefined ? 'this machine has no address but loopback' : undefined,
  },
);
