import { App } from 'cdktf';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadFleet } from '../../lib/model/fleet';
import { type FleetDefinition } from '../../lib/model/fleet/definition/fleet-definition';
import { FleetStacks } from '../../stacks';
import { examplePlan, fleetOf } from '../support/fleets';
import { filesOf, synthesizeElsewhere } from '../support/outdir';

// This project of Jest replaces cdktf by cdktn. A process outside of Jest has the real cdktf.

const base = realpathSync(mkdtempSync(join(tmpdir(), 'cores-')));
const example = join(__dirname, '../../fleet.yaml');
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** Parsed JSON without what names the core; other files as they are. The cores format empty objects differently. */
function normalized(files: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) => {
      if (!path.endsWith('cdk.tf.json') && path !== 'manifest.json') return [path, content];
      const json = JSON.parse(content);
      if (path === 'manifest.json') delete json.version;
      else delete json['//'].metadata.version;
      return [path, json];
    }),
  );
}

/** Synthesizes in this process, from the directory that the other process works in. */
function synthesizeHere(cwd: string, definition: FleetDefinition): void {
  const previous = process.cwd();
  process.chdir(cwd);
  try {
    const app = new App({ outdir: 'cdktf.out' });
    new FleetStacks(app, definition);
    app.synth();
  } finally {
    process.chdir(previous);
  }
}

test('here cdktf is cdktn', () => {
  expect(require.resolve('cdktf')).toContain('/node_modules/cdktn/');
});

test.each([
  ['the example fleet', example, 'commit', () => loadFleet(example)],
  ['a fleet with everything', 'example', 'files', () => fleetOf(examplePlan, { delivery: { type: 'files' } })],
  ['a fleet with everything', 'example', 'commit', () => fleetOf(examplePlan, { delivery: { type: 'commit' } })],
] as const)(
  'both cores make the same of %s (%s, delivery %s)',
  (_, fleet, type, definition) => {
    const [theirs, ours] = ['cdktf', 'cdktn'].map((core) => mkdtempSync(join(base, core))) as [string, string];
    const core = synthesizeElsewhere({ cwd: theirs, args: [fleet, type] });
    expect(core).toContain('/node_modules/cdktf/');
    synthesizeHere(ours, { ...definition(), delivery: { type } });
    const [want, got] = [theirs, ours].map((cwd) => normalized(filesOf(join(cwd, 'cdktf.out')))) as [any, any];
    expect(Object.keys(got)).toEqual(Object.keys(want));
    expect(got['stacks/dev-uni-dev/cdk.tf.json'].resource.helm_release).toBeDefined();
    expect(got).toEqual(want);
  },
  60_000,
);
