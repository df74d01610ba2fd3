import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { parse, parseAllDocuments } from 'yaml';

import { describeWithRig, findProgram } from '../support/rig';

const CHARTS = join(__dirname, '../../charts');
const instance = {
  apiVersion: 'fluxcd.controlplane.io/v1',
  kind: 'FluxInstance',
  metadata: { name: 'flux' },
  spec: {},
};
const PLACEMENT = {
  imagePullSecrets: ['mirror'],
  nodeSelector: { pool: 'system' },
  tolerations: [{ key: 'system', operator: 'Exists', effect: 'NoSchedule' }],
};

function helm(command: readonly string[], chart: string, values: object): string {
  return execFileSync(findProgram('helm') ?? 'helm', [...command, join(CHARTS, chart), '-f', '-'], {
    input: JSON.stringify(values),
    encoding: 'utf8',
    stdio: 'pipe',
  });
}

describe.each([
  ['flux-instance', { instance }],
  ['flux-spoke-removal', {}],
  ['gitlab-agent-removal', {}],
])('the chart %s', (chart, values) => {
  const schema = JSON.parse(readFileSync(join(CHARTS, chart, 'values.schema.json'), 'utf8'));
  const defaults = parse(readFileSync(join(CHARTS, chart, 'values.yaml'), 'utf8'));
  const isValid = new Ajv({ strict: false }).compile(schema);

  test.each<[string, object]>([
    ['no image', { image: 'A B' }],
    ['a Secret without name', { imagePullSecrets: [''] }],
    ['a label that is a number', { nodeSelector: { a: 1 } }],
    ['an unknown effect', { tolerations: [{ effect: 'None' }] }],
    ['an unknown key', { affinity: {} }],
  ])('refuses %s', (_, wrong) => {
    const good = { ...defaults, ...values };
    expect(isValid({ ...good, ...PLACEMENT, image: 'mirror.example.com:5000/fluxcd/flux-cli:v2.9.5' })).toBe(true);
    expect(isValid({ ...good, ...wrong })).toBe(false);
  });

  describeWithRig(
    'with helm',
    () => {
      const podOf = (more: object): unknown =>
        parseAllDocuments(helm(['template', 'release'], chart, { ...values, ...more }))
          .map((document) => document.toJS() as Record<string, any>)
          .find(({ kind }) => kind === 'Job')?.['spec'].template.spec;

      test('passes helm lint', () => {
        expect(helm(['lint', '--strict'], chart, { ...values, ...PLACEMENT })).toContain('0 chart(s) failed');
      });

      test('runs its Job on any Linux node', () => {
        const pod = podOf({});
        expect(pod).toMatchObject({ nodeSelector: { 'kubernetes.io/os': 'linux' } });
        expect(pod).not.toHaveProperty('imagePullSecrets');
        expect(pod).not.toHaveProperty('tolerations');
      });

      test('runs its Job where it is told to, with an image that it may pull', () => {
        expect(podOf(PLACEMENT)).toMatchObject({
          imagePullSecrets: [{ name: 'mirror' }],
          nodeSelector: { 'kubernetes.io/os': 'linux', pool: 'system' },
          tolerations: [{ key: 'system', operator: 'Exists', effect: 'NoSchedule' }],
        });
      });
    },
    [{ program: 'helm' }],
  );
});
