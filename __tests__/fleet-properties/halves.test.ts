import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// The way of the data has two halves: values, layouts and files need no framework. Whatever imports it here fails.
for (const name of ['cdktf', 'constructs', 'cdktn']) {
  jest.doMock(name, () => {
    throw new Error(`${name} was imported`);
  });
}

const root = join(__dirname, '../..');

test('the mock works: a construct cannot be loaded', async () => {
  await expect(import('../../stacks/index.js')).rejects.toThrow(/was imported/);
});

test('fleet.yaml becomes all files of the repository without the framework', async () => {
  const { loadFleet } = await import('../../lib/model/fleet/index.js');
  const { fleetFiles } = await import('../../lib/model/fleet/definition/fleet-definition.js');
  const stacks = fleetFiles(loadFleet(join(root, 'fleet.yaml')));
  expect(stacks.map(({ stack }) => stack)).toEqual(expect.arrayContaining(['repository', 'dev-uni-dev']));
  for (const { files } of stacks) expect(files.size).toBeGreaterThan(0);
});

test('values in TypeScript become them too', async () => {
  const { examplePlan, fleetOf } = await import('../support/fleets.js');
  const { fleetFiles } = await import('../../lib/model/fleet/definition/fleet-definition.js');
  expect(fleetFiles(fleetOf(examplePlan)).flatMap(({ files }) => files.paths)).toContain(
    'clusters/uni-dev/fluentd/fluentd-kustomization.yaml',
  );
});

test('every module of the model can be loaded without the framework', async () => {
  const modules = (readdirSync(join(root, 'lib/model'), { recursive: true }) as string[]).filter((path) =>
    path.endsWith('.ts'),
  );
  expect(modules.length).toBeGreaterThan(50);
  for (const path of modules) {
    await expect(import(join(root, 'lib/model', path))).resolves.toBeDefined();
    expect(readFileSync(join(root, 'lib/model', path), 'utf8')).not.toMatch(/from 'cdktf/);
  }
});
