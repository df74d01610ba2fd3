import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runProgram } from '../../cli/program';
import { EXAMPLE, ROOT } from '../support/example-fleet';

const directory = mkdtempSync(join(tmpdir(), 'cli-values-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function run(...args: string[]) {
  let [out, err] = ['', ''];
  const code = await runProgram(args, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    environment: {},
  });
  return { code, out, err };
}

describe('gitlab-flux values', () => {
  test('says each value and who says it', async () => {
    const { code, out } = await run('values', 'uni-dev', 'portal', '-f', EXAMPLE);
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^replicas: 1 +# chart$/),
        expect.stringMatching(/^resources\.limits: null +# cluster uni-dev$/),
        expect.stringMatching(/^title: "The portal on uni-dev" +# cluster uni-dev$/),
      ]),
    );
    const prod = await run('values', 'uni-prod', 'cert-manager', '-f', EXAMPLE);
    expect(prod.out).toMatch(/^crds\.enabled: true +# component$/m);
    expect(prod.out).toMatch(/^replicaCount: 2 +# environment prod$/m);
  });

  test('says the same for programs', async () => {
    const { out } = await run('values', 'uni-prod', 'portal', '-f', EXAMPLE, '--json');
    const { values, origins, references } = JSON.parse(out);
    expect(values).toMatchObject({ replicas: 3, title: 'Portal', resources: { limits: { memory: '128Mi' } } });
    expect(origins).toContainEqual({ path: ['replicas'], value: 3, origin: 'environment prod' });
    expect(references).toEqual([]);
  });

  test.each([
    [['uni', 'portal'], 'cluster: got "uni", want one of campus-dev, edge-dev, uni-dev, uni-prod'],
    [
      ['uni-dev', 'fluentd'],
      `component: got "fluentd", want a helm component, for one of kustomize has no values: see 'gitlab-flux show uni-dev fluentd'`,
    ],
  ])('of %j is refused', async (args, message) => {
    const { code, err } = await run('values', ...args, '-f', EXAMPLE);
    expect(code).toBe(1);
    expect(err).toContain(message);
  });
});

describe('gitlab-flux validate --against', () => {
  const fleet = join(directory, 'fleet.yaml');
  const before = join(directory, 'before');
  const chart = join(directory, 'examples/portal');

  beforeAll(async () => {
    cpSync(EXAMPLE, fleet);
    cpSync(join(ROOT, 'examples'), join(directory, 'examples'), { recursive: true });
    expect((await run('render', fleet, '--out', before)).code).toBe(0);
  });

  test('finds nothing when nothing has changed, or when there was nothing before', async () => {
    expect((await run('validate', fleet, '--against', before)).code).toBe(0);
    const empty = join(directory, 'empty');
    mkdirSync(empty);
    expect((await run('validate', fleet, '--against', empty)).code).toBe(0);
  });

  test('takes no other directory for an earlier state', async () => {
    const { code, err } = await run('validate', fleet, '--against', join(directory, 'examples'));
    expect(code).toBe(1);
    expect(err).toContain('want a clone of the GitOps repository, or what');
  });

  test('finds a chart that has changed without another version, where the file names it', async () => {
    writeFileSync(join(chart, 'README.md'), '# changed\n');
    writeFileSync(join(chart, 'templates/more.yaml'), '');
    const { code, err } = await run('validate', fleet, '--against', before);
    expect(code).toBe(1);
    expect(err).toMatch(
      /fleet\.yaml:\d+:\d+: components\.portal\.helm\.chart\.local\.directory: got "portal 1\.0\.0 with another/,
    );
    expect(err).toContain('README.md, templates/more.yaml');
  });

  test('takes a change with another version, and one of what does not belong to the chart', async () => {
    cpSync(join(ROOT, 'examples/portal'), chart, { recursive: true, force: true });
    rmSync(join(chart, 'templates/more.yaml'));
    writeFileSync(join(chart, 'notes.tmp'), 'ignored');
    expect((await run('validate', fleet, '--against', before)).code).toBe(0);
    writeFileSync(join(chart, 'README.md'), '# changed\n');
    writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: portal\nversion: 1.0.1\n');
    expect((await run('validate', fleet, '--against', before)).code).toBe(0);
  });

  describe('of a cluster that leaves flux bootstrap', () => {
    const moved = join(directory, 'moved.yaml');
    const repository = join(directory, 'moved');
    const files = join(repository, 'clusters/uni-dev/flux-system');
    const after = (way: string): string => `project: { url: https://gitlab.example.com, path: platform/fleet }
environments:
  dev: { trigger: { interval: { every: 10m } } }
clusters:
  uni-hub:
    environment: dev
    connection: { kubeconfig: { context: uni-hub } }
    flux: { type: operator, version: v2.9.4 }
  uni-dev:
    environment: dev
    connection: { kubeconfig: { context: uni-dev } }
    ${way}
`;
    const operator = 'flux: { type: operator, version: v2.9.4 }';
    const spoke = 'hub: uni-hub\n    spoke: { authentication: { existingSecret: { secretName: uni-dev } } }';

    test.each([
      [
        'operator',
        operator,
        '12:19: clusters.uni-dev.flux.type: got "operator", want no clusters/uni-dev/flux-system/',
      ],
      ['spoke', spoke, '12:10: clusters.uni-dev.hub: got "uni-hub", want no clusters/uni-dev/flux-system/'],
    ])('%s is refused until its files have left Git', async (_name, way, message) => {
      writeFileSync(moved, after(way));
      mkdirSync(files, { recursive: true });
      for (const name of ['gotk-components.yaml', 'gotk-sync.yaml', 'kustomization.yaml']) {
        writeFileSync(join(files, name), '');
        const { code, err } = await run('validate', moved, '--against', repository);
        expect(code).toBe(1);
        expect(err).toContain(`moved.yaml:${message}${name} in the repository`);
        rmSync(join(files, name));
      }
      expect((await run('validate', moved, '--against', repository)).code).toBe(0);
    });

    test('bootstrap is what it was', async () => {
      writeFileSync(moved, after('flux: { version: v2.9.4 }'));
      writeFileSync(join(files, 'gotk-components.yaml'), '');
      expect((await run('validate', moved, '--against', repository)).code).toBe(0);
    });
  });

  describe('of Flux objects that move', () => {
    const text = readFileSync(EXAMPLE, 'utf8');
    const changed = join(directory, 'changed.yaml');
    const rendered = join(directory, 'suspended');
    const withCluster = (change: string, fleetText = text): string =>
      fleetText.replace('  uni-dev:\n    environment: dev\n', `  uni-dev:\n    environment: dev\n${change}`);
    const toPipeline = text.replace('trigger: agent', 'trigger: pipeline');
    const validate = (fleetText: string, against: string) => {
      writeFileSync(changed, fleetText);
      return run('validate', changed, '--against', against);
    };

    beforeAll(async () => {
      rmSync(join(directory, 'examples'), { recursive: true });
      cpSync(join(ROOT, 'examples'), join(directory, 'examples'), { recursive: true });
      writeFileSync(changed, withCluster('    suspend: true\n'));
      expect((await run('render', changed, '--out', rendered)).code).toBe(0);
    });

    test('another trigger is refused where the file says it, until the cluster was suspended', async () => {
      const { code, err } = await validate(toPipeline, before);
      expect(code).toBe(1);
      expect(err).toMatch(/changed\.yaml:\d+:\d+: clusters.uni-dev.suspend: got ".*, and 4 more", want a deploy with/);
      expect(await validate(withCluster('    suspend: true\n'), before)).toMatchObject({ code: 0 });
      expect(await validate(toPipeline, rendered)).toMatchObject({ code: 0 });
    });

    test('a component with another name is refused, one that goes is not', async () => {
      const renamed = text
        .replaceAll(/(?<!examples\/)log-store/g, 'log-archive')
        .replace('  log-archive:\n    kustomize:\n', '  log-archive:\n    kustomize:\n      namespace: log-store\n');
      expect((await validate(renamed, before)).err).toContain(
        'clusters.campus-dev.suspend: got "Kustomization log-store/log-store goes, Kustomization log-store/log-archive comes"',
      );
      const without = text.replaceAll(', kube-state-metrics', '');
      expect(await validate(without, before)).toMatchObject({ code: 0 });
    });
  });

  test('wants a directory', async () => {
    const { code, err } = await run('validate', fleet, '--against', join(directory, 'nowhere'));
    expect(code).toBe(1);
    expect(err).toContain('want a directory that exists');
  });
});
