import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { problemsOf } from '../../../lib/build/checks/problems-of';
import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { Trigger } from '../../../lib/model/cluster/trigger';
import { ChartSource } from '../../../lib/model/component/chart/chart-source';
import { HelmComponent } from '../../../lib/model/component/helm-component';
import { object } from '../../support/judged-objects';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'secrets-of-charts-'));
  mkdirSync(join(directory, 'templates'));
  writeFileSync(join(directory, 'Chart.yaml'), 'apiVersion: v2\nname: shop\nversion: 1.0.0\n');
  writeFileSync(join(directory, 'values.yaml'), 'admin: { password: of-the-chart }\n');
  writeFileSync(join(directory, 'templates/secret.yaml'), 'stringData: { token: "of-the-template" }\n');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** What is said of a Secret that the chart renders with these values. */
const messages = (stringData: object, values: object): readonly string[] => {
  const component = new HelmComponent({ name: 'app', chart: ChartSource.local(directory), values: { ...values } });
  const cluster = new Cluster({
    name: 'one',
    environment: 'dev',
    connection: ClusterConnection.kubeconfig({ context: 'one' }),
    trigger: Trigger.interval(),
    components: [component],
  });
  return problemsOf({
    cluster,
    component,
    directory: 'systems/app',
    source: 'chart',
    objects: [object('v1', 'Secret', { stringData })],
    kustomizations: [],
    decrypts: false,
  }).map(({ message }) => message);
};

test.each<[string, object, object]>([
  ['the values of the fleet', { password: 'hunter2' }, { auth: { password: 'hunter2' } }],
  ['the values of the chart', { 'admin-password': 'of-the-chart' }, {}],
  ['a template', { token: 'of-the-template' }, {}],
])('a Secret of a chart whose value stands in %s is refused', (_, data, values) => {
  const [key] = Object.keys(data);
  expect(messages(data, values)).toEqual([expect.stringContaining(`has ${key} in plain text, want it by valuesFrom`)]);
});

test.each<[string, object, object]>([
  ['that the chart makes up', { password: 'kH3xJ9mQ2v' }, {}],
  ['that is a part of another word', { password: 'the-chart-of' }, {}],
  ['whose key says that it is no secret', { level: 'hunter2' }, { level: 'hunter2' }],
  ['that is empty', { password: '' }, { password: '' }],
])('a value %s is accepted', (_, data, values) => expect(messages(data, values)).toEqual([]));
