// What Flux would make of the files, by the real programs; counted with one of the test's own.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { countingKustomize, realPrograms, runWith, type Said } from '../support/build-programs';
import { EXAMPLE } from '../support/example-fleet';
import { describeWithRig } from '../support/rig';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'validate-build-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const write = (files: Readonly<Record<string, string>>): void => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
};
const cluster = (name: string): string =>
  `  ${name}: { environment: dev, connection: { kubeconfig: { context: ${name} } }, components: [app] }\n`;
const fleet = (component: string, clusters: readonly string[] = ['one']): string =>
  `project: { url: https://gitlab.example.com, path: platform/fleet }\nenvironments: { dev: { flux: { version: v2.9.4 } } }\nclusters:\n${clusters.map(cluster).join('')}components:\n  app:\n${component}`;
const CONFIG_MAP = (data: string, name = 'app'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { key: '${data}' }\n`;
const BASE = '    kustomize:\n      base: { directory: base }\n';
const validate = async (programs: readonly string[], ...args: string[]): Promise<Said> => {
  const said = await runWith(['validate', join(directory, 'fleet.yaml'), ...args], programs, join(directory, 'cache'));
  return { ...said, out: said.out.replaceAll(`${directory}/`, ''), err: said.err.replaceAll(`${directory}/`, '') };
};

describe('without the programs', () => {
  beforeEach(() =>
    write({
      'fleet.yaml': fleet(BASE),
      'base/kustomization.yaml': 'resources: [a.yaml]\n',
      'base/a.yaml': CONFIG_MAP('a'),
    }),
  );

  it('says what it could not build', async () => {
    const { code, out } = await validate([]);
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(
        /\n {2}built nothing; not built: 1 overlay and 1 root \(no kustomize 5 or kubectl\)\n$/,
      ),
    });
  });

  it('fails when it has to build, and says nothing when it must not', async () => {
    expect(await validate([], '--build', 'required')).toEqual({
      code: 1,
      out: '',
      err: 'error: --build required: want kustomize 5 or kubectl in PATH for 1 overlay and 1 root\n',
    });
    expect((await validate([], '--build', 'never')).out).not.toContain('built');
  });
});

describe('what was built before', () => {
  it('is not built again, nor what two clusters share, nor with --against what is as it was', async () => {
    const clusters = Array.from({ length: 20 }, (_, index) => `c-${index}`);
    const count = countingKustomize(join(directory, 'bin'));
    const files = { 'base/kustomization.yaml': 'resources: [a.yaml]\n', 'base/a.yaml': CONFIG_MAP('a') };
    write({ 'fleet.yaml': fleet(BASE, clusters), ...files });
    const programs = [join(directory, 'bin')];
    const first = await validate(programs, '--build', 'required');
    expect(first).toMatchObject({
      code: 0,
      out: expect.stringContaining('20 overlays and 20 roots with kustomize 5.8.1'),
    });
    // One overlay for all, and a root for each.
    expect(count()).toBe(21);
    await validate(programs);
    expect(count()).toBe(21);
    await runWith(['render', join(directory, 'fleet.yaml'), '--out', join(directory, 'before')], [], '');
    write({ 'base/a.yaml': CONFIG_MAP('b') });
    expect((await validate(programs)).code).toBe(0);
    expect(count()).toBe(22);
    rmSync(join(directory, 'cache'), { recursive: true });
    const other = `${BASE}      clusters: { c-7: { overlay: { labels: { a: b } } } }\n`;
    write({ 'fleet.yaml': fleet(other, clusters), 'base/a.yaml': CONFIG_MAP('a') });
    const { out } = await validate(programs, '--against', join(directory, 'before'));
    expect(out).toContain('built 1 overlay with kustomize 5.8.1; 39 unchanged');
    expect(count()).toBe(23);
  });

  it('is said to programs', async () => {
    countingKustomize(join(directory, 'bin'));
    write({
      'fleet.yaml': fleet(BASE),
      'base/kustomization.yaml': 'resources: [a.yaml]\n',
      'base/a.yaml': CONFIG_MAP('a'),
    });
    const { out } = await validate([join(directory, 'bin')], '--json');
    expect(JSON.parse(out).build).toEqual({
      programs: { kustomize: { name: 'kustomize', path: expect.any(String), version: '5.8.1' } },
      built: { overlays: 1, charts: 0, roots: 1 },
      withoutProgram: { overlays: 0, charts: 0, roots: 0 },
      unchanged: 0,
      notBuilt: [],
    });
  });
});

describeWithRig(
  'with kustomize',
  () => {
    const refused = async (
      component: string,
      files: Readonly<Record<string, string>>,
      clusters?: readonly string[],
    ) => {
      write({ 'fleet.yaml': fleet(component, clusters), ...files });
      const { code, err } = await validate(realPrograms());
      expect(code).toBe(1);
      return err;
    };

    it('builds the example', async () => {
      const { code, out, err } = await runWith(['validate', EXAMPLE], realPrograms(), join(directory, 'cache'));
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain('built 8 overlays');
    });

    it('says one line for what fifty clusters share, with the file that people have', async () => {
      const clusters = Array.from({ length: 50 }, (_, index) => `c-${index}`);
      const files = {
        'base/kustomization.yaml': 'resources: [a.yaml, b.yaml]\n',
        'base/a.yaml': CONFIG_MAP('a'),
        'base/b.yaml': CONFIG_MAP('b'),
      };
      expect(await refused(BASE, files, clusters)).toMatch(
        /^error: fleet\.yaml:\d+:\d+: component "app" on cluster "c-0" and 49 more clusters: base\/b\.yaml: kustomize does not build it: may not add resource with an already registered id: .*\n$/,
      );
    });

    it('misses what Flux does not fetch, until .sourceignore keeps it', async () => {
      const files = {
        'base/kustomization.yaml': 'configMapGenerator: [{ name: a, files: [logo.png] }]\n',
        'base/logo.png': 'p',
      };
      expect(await refused(BASE, files)).toContain(
        'there is no file base/logo.png. Flux leaves it out of what it fetches, because of the pattern *.png: want a file .sourceignore beside it with the line !logo.png',
      );
      write({ 'base/.sourceignore': '!logo.png\n' });
      expect((await validate(realPrograms())).code).toBe(0);
    });

    it('misses values of variables, unless the cluster may have them', async () => {
      const files = { 'base/kustomization.yaml': 'resources: [a.yaml]\n', 'base/a.yaml': CONFIG_MAP('${HOME}') };
      expect(await refused(`${BASE}      postBuild: { substitute: { USER: me } }\n`, files)).toMatch(
        /component "app" on cluster "one": ConfigMap app: \$\{HOME\} has no value, which Flux refuses: want one in postBuild\.substitute/,
      );
      const quiet = [
        '',
        '      postBuild: { substitute: { USER: me }, substituteFrom: [{ kind: Secret, name: a }] }\n',
        '      postBuild: { substitute: { HOME: /home } }\n',
      ];
      for (const postBuild of quiet) {
        write({ 'fleet.yaml': fleet(BASE + postBuild) });
        expect(await validate(realPrograms())).toMatchObject({ code: 0, err: '' });
      }
    });

    it('takes nothing from elsewhere, and says so; under lockdown Flux refuses it', async () => {
      const files = {
        'base/kustomization.yaml': 'resources: ["git::https://github.com/example/operator//deploy?ref=v1.0.0"]\n',
      };
      write({ 'fleet.yaml': fleet(BASE), ...files });
      expect(await validate(realPrograms())).toMatchObject({
        code: 0,
        out: expect.stringContaining(
          'not built: app (it takes git::https://github.com/example/operator//deploy?ref=v1.0.0 from elsewhere)',
        ),
      });
      const locked = fleet(BASE).replace('version: v2.9.4', 'version: v2.9.4, patches: [{ multiTenancyLockdown: {} }]');
      write({ 'fleet.yaml': locked });
      expect((await validate(realPrograms())).err).toContain('which Flux refuses under multi-tenancy lockdown');
    });

    it('lets a file be loaded from beside, as Flux does', async () => {
      cpSync(join(dirname(EXAMPLE), 'examples/fluentd'), join(directory, 'fluentd'), { recursive: true });
      const overlay = 'resources: [../../base, ../../base/more/a.yaml]\n';
      write({
        'fleet.yaml': fleet(`${BASE}      clusters: { one: { overlay: { directory: overlay } } }\n`),
        'base/kustomization.yaml': 'resources: [a.yaml]\n',
        'base/a.yaml': CONFIG_MAP('a'),
        'base/more/a.yaml': CONFIG_MAP('a', 'more'),
        'overlay/kustomization.yaml': overlay,
      });
      expect(await validate(realPrograms())).toMatchObject({ code: 0, err: '' });
    });
  },
  [{ program: 'kubectl' }],
);

describeWithRig(
  'with Helm',
  () => {
    const CHART = {
      'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
      'chart/values.yaml': 'level: 1\n',
      'chart/templates/a.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { a: {{ .Files.Get "rules.zip" | quote }} }\n',
    };
    const chart = (values = '{}', more = ''): string =>
      `    helm:\n      chart: { local: { directory: chart } }\n      values: ${values}\n${more}`;
    const schema = (properties: object): string => JSON.stringify({ type: 'object', properties, required: ['level'] });

    it('lets it judge values by the schemas of the chart and its subcharts', async () => {
      write({
        ...CHART,
        'fleet.yaml': fleet(chart('{ level: high, queue: { replicas: three } }')),
        'chart/values.schema.json': schema({ level: { type: 'integer' } }),
        'chart/charts/queue/Chart.yaml': 'apiVersion: v2\nname: queue\nversion: 1.0.0\n',
        'chart/charts/queue/values.schema.json': schema({ replicas: { type: 'integer' } }).replace(
          '"level"',
          '"replicas"',
        ),
      });
      const { code, err } = await validate(realPrograms());
      expect(code).toBe(1);
      expect(err).toMatch(
        /^error: fleet\.yaml:9:\d+: component "app" on cluster "one": Helm refuses the values by the schema of the chart: /,
      );
      expect(err).toContain("at '/level': got string, want integer");
      expect(err).toContain("at '/replicas': got string, want integer (chart queue)");
    });

    it('only warns of what values of a Secret may put right', async () => {
      const valuesFrom = '      valuesFrom: [{ configMap: others }]\n';
      write({
        ...CHART,
        'fleet.yaml': fleet(chart('{ level: high }', valuesFrom)),
        'chart/values.schema.json': schema({ level: { type: 'integer' } }),
      });
      const { code, err } = await validate(realPrograms());
      expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^warning: .*got string, want integer/) });
    });

    it('finds the file that a template reads and Flux does not fetch', async () => {
      write({ ...CHART, 'fleet.yaml': fleet(chart()), 'chart/rules.zip': 'r', 'chart/picture.png': 'nobody reads it' });
      const { code, err } = await validate(realPrograms());
      expect({ code, err }).toEqual({
        code: 1,
        err: expect.stringContaining(
          'chart/rules.zip: a template reads it, and Flux leaves it out of what it fetches, because of the pattern *.zip',
        ),
      });
      write({ 'chart/.sourceignore': '!rules.zip\n' });
      expect(await validate(realPrograms())).toMatchObject({ code: 0, err: '' });
    });

    it('names the template that it does not render', async () => {
      write({ ...CHART, 'fleet.yaml': fleet(chart()), 'chart/templates/b.yaml': 'a: {{ fail "stop" }}\n' });
      expect((await validate(realPrograms())).err).toContain(
        'chart/templates/b.yaml:1:6: Helm does not render it: stop',
      );
    });

    it('changes what it renders as Flux does', async () => {
      const postRender =
        '      postRender: { patches: [{ target: { kind: ConfigMap }, patch: [{ op: replace, path: /none/a, value: b }] }] }\n';
      write({ ...CHART, 'fleet.yaml': fleet(chart('{}', postRender)) });
      expect((await validate(realPrograms())).err).toContain(
        'kustomize does not change what the chart renders: replace operation does not apply',
      );
    });
  },
  [{ program: 'helm' }, { program: 'kubectl' }],
);
