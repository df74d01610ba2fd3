import { App } from 'cdktf';
import { join } from 'node:path';

import { loadFleet } from '../../../lib/model/fleet';
import { fleetFiles } from '../../../lib/model/fleet/definition/fleet-definition';
import { fleetOf, messagesFor, ROOT } from '../../support/example-fleet';

const EXAMPLE = join(ROOT, 'examples/hub/fleet.yaml');

const text = (
  hub: string,
  spoke: string,
  defaults = '',
): string => `project: { url: https://gitlab.example.com, path: platform/fleet }
environments:
  dev: {}
defaults:
  connection: { kubeconfig: { context: any } }
${defaults}clusters:
  hub:
    environment: dev
    ${hub}
  shop:
    environment: dev
    ${spoke}
`;
const OPERATOR = 'flux: { type: operator, version: v2.9.4 }';
const SPOKE = 'hub: hub\n    spoke: { authentication: { existingSecret: { secretName: mine } } }';

describe('the example with a hub and two spokes', () => {
  const fleet = loadFleet(EXAMPLE);

  it('loads without a warning, and has a stack for each', () => {
    expect(fleet.warnings).toEqual([]);
    expect(fleet.files().map(({ stack }) => stack)).toEqual(['repository', 'prod-uni-hub', 'prod-shop-eu', 'prod-lab']);
    expect(fleet.clusters.map(({ flux }) => flux.type)).toEqual(['operator', 'spoke', 'spoke']);
  });

  it('gives the spokes the trigger of the hub, and no agent', () => {
    expect(fleet.clusters.map(({ cluster }) => cluster.trigger.type)).toEqual(['agent', 'agent', 'agent']);
    expect(fleet.clusters.map(({ agent }) => agent !== undefined)).toEqual([true, false, false]);
  });
});

describe('a hub in fleet.yaml', () => {
  it('knows what all types know, and not what others know', () => {
    const defaults = '  flux: { registry: r.example.com, size: small }\n';
    const [hub] = fleetOf(text(OPERATOR, SPOKE, defaults)).clusters;
    expect(hub?.flux.type).toBe('operator');
    expect(hub?.flux.settings).toEqual({ version: 'v2.9.4', registry: 'r.example.com', size: 'small' });
  });

  it('has the path of a chart from the file', () => {
    const operator = 'flux: { type: operator, version: v2.9.4, operator: { chartPath: vendor/chart } }';
    const [hub] = fleetOf(text(operator, SPOKE)).clusters;
    expect(hub?.flux.settings).toMatchObject({ operator: { chartPath: join(ROOT, 'vendor/chart') } });
  });

  it('and its spokes are what the file and its layers say together', () => {
    const defaults = '  spoke: { removalPolicy: delete, authentication: { serviceAccountToken: {} } }\n';
    const [hub, spoke] = fleetOf(text(OPERATOR, SPOKE, defaults)).clusters;
    expect(spoke?.flux).toMatchObject({ type: 'spoke', hub, settings: { removalPolicy: 'delete' } });
    const authentication = { data: { type: 'existing-secret', secretName: 'mine' } };
    expect(spoke?.flux.settings).toMatchObject({ authentication });
  });

  it('renders without cdktf', () => {
    expect(App).toBeDefined();
    expect(fleetFiles(fleetOf(text(OPERATOR, SPOKE)))).toHaveLength(3);
  });
});

describe('refused is', () => {
  it.each<[string, string, string, string]>([
    [
      'a spoke without a hub',
      OPERATOR,
      `${OPERATOR}\n    spoke: { removalPolicy: keep }`,
      '13:5: clusters.shop.spoke: want the key `hub` beside it',
    ],
    [
      'a hub that is not there',
      OPERATOR,
      SPOKE.replace('hub: hub', 'hub: hup'),
      '12:10: clusters.shop.hub: got "hup", want a cluster with flux.type operator: hub',
    ],
    [
      'a hub that is no operator',
      'flux: { version: v2.9.4 }',
      SPOKE,
      '12:10: clusters.shop.hub: got "hub", want a cluster with flux.type operator, not bootstrap',
    ],
    [
      'a hub of itself',
      SPOKE,
      SPOKE,
      '9:10: clusters.hub.hub: got "hub", want another cluster, with flux.type operator',
    ],
    ['a spoke with a Flux', OPERATOR, `${SPOKE}\n    ${OPERATOR}`, '14:5: clusters.shop.flux: want no Flux of its own'],
    [
      'a spoke with a trigger',
      OPERATOR,
      `${SPOKE}\n    trigger: interval`,
      '14:5: clusters.shop.trigger: want the trigger of its hub',
    ],
    ['a spoke with an agent', OPERATOR, `${SPOKE}\n    agent: {}`, '14:5: clusters.shop.agent: want no agent'],
    ['a spoke without authentication', OPERATOR, 'hub: hub', 'clusters.shop: missing key "spoke.authentication"'],
    [
      'a spoke with two ways to prove who the hub is',
      OPERATOR,
      'hub: hub\n    spoke: { authentication: { existingSecret: { secretName: a }, serviceAccountToken: {} } }',
      'exactly one of workloadIdentity, serviceAccountToken, existingSecret',
    ],
    [
      'a context of a kubeconfig for a token',
      OPERATOR,
      'hub: hub\n    spoke: { authentication: { serviceAccountToken: {} } }',
      '13:32: clusters.shop.spoke.authentication.serviceAccountToken.server: want the address',
    ],
    [
      'a shard without shards',
      OPERATOR,
      SPOKE.replace('spoke: {', 'spoke: { shard: a,'),
      '13:21: clusters.shop.spoke.shard: got "a", want nothing',
    ],
    [
      'an agent that does not see the sources of spokes',
      `trigger: agent\n    ${OPERATOR}`,
      SPOKE,
      '13:10: clusters.shop.hub: got "hub", want a hub with `agent: { sources: cluster }`',
    ],
    [
      'a setting of the operator that is none',
      OPERATOR.replace('}', ', artifact: x }'),
      SPOKE,
      'clusters.hub.flux.artifact: got "x"',
    ],
  ])('%s', (_, hub, spoke, message) => {
    expect(messagesFor(text(hub, spoke)).join('\n')).toContain(message);
  });
});
