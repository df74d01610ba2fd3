import { ChartSource } from '../../../lib/model/component/chart/chart-source';
import { HelmComponent } from '../../../lib/model/component/helm-component';
import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { KustomizeComponent } from '../../../lib/model/component/kustomize-component';
import { KustomizeOverlay } from '../../../lib/model/component/kustomize-overlay';
import { SecretReference } from '../../../lib/model/component/secret-reference';
import { parseFleet } from '../../../lib/model/fleet';

const chart = ChartSource.repository({ url: 'https://example.com', name: 'web', version: '1.0.0' });
const base = KustomizeBase.inRepository();
const small = { name: 'edge', environment: 'prod', labels: { size: 'small' } };
const large = { name: 'uni', environment: 'prod', labels: { size: 'large' } };

describe('variants', () => {
  const web = new HelmComponent({
    name: 'web',
    chart,
    interval: '5m',
    values: { a: 'component', b: 'component', c: 'component', d: 'component' },
    environments: { prod: { interval: '10m', values: { b: 'environment', c: 'environment', d: 'environment' } } },
    variants: [
      { when: { labels: { size: ['small', 'tiny'] } }, interval: '1h', values: { c: 'small', d: 'small' } },
      { when: { environments: ['dev'] }, values: { c: 'dev' } },
      { when: { environments: ['prod'], labels: { size: 'small' } }, values: { d: 'small in prod' } },
    ],
    clusters: { uni: { values: { c: 'uni' } } },
  });

  it('stand between environment and cluster, and the last of them counts most', () => {
    expect(web.valuesFor(small).values).toEqual({
      a: 'component',
      b: 'environment',
      c: 'small',
      d: 'small in prod',
    });
    expect(web.valuesFor(large).values).toEqual({ a: 'component', b: 'environment', c: 'uni', d: 'environment' });
  });

  it('are named where they count', () => {
    expect(web.valuesFor(small).origins.map(({ path, origin }) => [path.join('.'), origin])).toEqual([
      ['a', 'component'],
      ['b', 'environment prod'],
      ['c', 'variants[0]'],
      ['d', 'variants[2]'],
    ]);
  });

  it('choose ref, overlay and settings of a kustomize component', () => {
    const component = new KustomizeComponent({
      name: 'web',
      base,
      suspend: false,
      variants: [
        { when: { labels: { size: 'small' } }, suspend: true, overlay: KustomizeOverlay.of({ replicas: { web: 1 } }) },
      ],
    });
    expect([small, large].map((cluster) => component.isSuspendedOn(cluster))).toEqual([true, false]);
    const overlay = (cluster: typeof small): unknown =>
      component.clusterFiles(cluster).get(`overlays/${cluster.name}/kustomization.yaml`)?.content;
    expect(overlay(small)).toContain('replicas:\n- count: 1\n  name: web\n');
    expect(overlay(large)).not.toContain('replicas');
  });

  it('are judged like the rest, each at its place', () => {
    expect(() => new KustomizeComponent({ name: 'web', base, variants: [{ when: {}, interval: '5x' }] })).toThrow(
      [
        'component "web": variants[0].when: want environments, labels, or both',
        'component "web": variants[0].interval: got "5x", want a duration such as 90s, 10m or 1h30m',
      ].join('\n'),
    );
    const secret = SecretReference.terraform();
    const twice = [{ when: { labels: { a: 'b' } }, valuesFrom: [{ secret }, { secret }] }];
    expect(() => new HelmComponent({ name: 'web', chart, variants: twice })).toThrow(
      'component "web": variants[0].valuesFrom: got 2, want one Secret from Terraform: its variable holds all secret values',
    );
  });
});

const file = (when: string): string => `
project: { url: https://gitlab.example.com, path: a/b }
environments:
  dev: { flux: { version: v2.9.4 } }
components:
  web:
    kustomize:
      base: { inRepository: true }
      variants:
        - ${when}
          interval: 5m
clusters:
  one:
    environment: dev
    connection: { kubeconfig: { context: one } }
    labels: { size: small }
    components: [web]
`;

describe('variants of a fleet file', () => {
  it('choose by the labels that the layers say', () => {
    const fleet = parseFleet(file('when: { labels: { size: small } }'));
    const [, { files }] = fleet.files() as any;
    expect(files.get('clusters/one/web/web-kustomization.yaml').content).toContain('interval: 5m\n');
  });

  it('name environments that there are', () => {
    expect(() => parseFleet(file('when: { environments: [prd] }'))).toThrow(
      'fleet.yaml:10:34: components.web.kustomize.variants[0].when.environments[0]: got "prd", want one of the fleet\'s environments: dev',
    );
  });

  it('say for whom they are', () => {
    expect(() => parseFleet(file('suspend: true'))).toThrow(
      'fleet.yaml:10:11: components.web.kustomize.variants[0]: missing key "when": want a map',
    );
  });
});
