import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { ChartSource } from '../../../lib/model/component/chart/chart-source';
import { variablesOf } from '../../../lib/model/component/cluster-variables';
import { HelmComponent } from '../../../lib/model/component/helm-component';
import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { KustomizeComponent } from '../../../lib/model/component/kustomize-component';
import { parseFleet } from '../../../lib/model/fleet';
import { type KustomizationSettings } from '../../../lib/model/flux/kustomization';

const chart = ChartSource.repository({ url: 'https://example.com', name: 'web', version: '1.0.0' });
const connection = ClusterConnection.kubeconfig({ context: 'c' });
const uni = { name: 'uni', environment: 'prod', labels: { 'example.com/site': 'muc' }, variables: { REGION: 'eu' } };

describe('the variables of a cluster', () => {
  it('are its own, and name, environment and labels by themselves', () => {
    expect(variablesOf(uni)).toEqual({
      CLUSTER_NAME: 'uni',
      ENVIRONMENT: 'prod',
      LABEL_EXAMPLE_COM_SITE: 'muc',
      REGION: 'eu',
    });
  });

  it.each([
    [
      { variables: { 'A-B': 'x' } },
      'cluster "uni": variables: got "A-B", want a name of letters, digits and underscores, which does not begin with a digit',
    ],
    [
      { variables: { ENVIRONMENT: 'x' } },
      'cluster "uni": variables: got "ENVIRONMENT", want another name: this one is there by itself',
    ],
    [
      { variables: { LABEL_A: 'x' } },
      'cluster "uni": variables: got "LABEL_A", want another name: this one is there by itself',
    ],
    [{ variables: { A: 'x\ny' } }, String.raw`cluster "uni": variables.A: got "x\ny", want text in one line`],
    [
      { labels: { 'a-b': 'x', a_b: 'y' } },
      'cluster "uni": labels: got "a_b", want another key than "a-b" also as the variable LABEL_A_B',
    ],
  ])('are refused: %j', (props, message) => {
    expect(() => new Cluster({ name: 'uni', environment: 'prod', connection, ...props })).toThrow(message);
  });
});

const postBuildOf = (postBuild: KustomizationSettings['postBuild']): unknown => {
  const component = new KustomizeComponent({ name: 'web', base: KustomizeBase.inRepository(), postBuild });
  const build: any = component.buildFor(uni);
  return build.postBuild;
};

describe('a kustomize component', () => {
  it('gets them when it asks, and what it says itself counts before', () => {
    expect(postBuildOf({ variables: true, substitute: { REGION: 'own', OTHER: 'x' } })).toEqual({
      substitute: { ...variablesOf(uni), REGION: 'own', OTHER: 'x' },
    });
  });

  it('does not get them otherwise', () => {
    expect(postBuildOf({ substitute: { OTHER: 'x' } })).toEqual({ substitute: { OTHER: 'x' } });
    expect(postBuildOf(undefined)).toBeUndefined();
  });
});

describe('a chart', () => {
  const values = { name: { variable: 'CLUSTER_NAME' }, hosts: [{ host: { variable: 'REGION' } }], variable: 'x' };

  it('gets them in the places of its values that name them', () => {
    const web = new HelmComponent({ name: 'web', chart, variables: true, values });
    expect(web.valuesFor(uni).values).toEqual({ name: 'uni', hosts: [{ host: 'eu' }], variable: 'x' });
  });

  it('gets its values as they are when it does not ask', () => {
    expect(new HelmComponent({ name: 'web', chart, values }).valuesFor(uni).values).toEqual(values);
  });

  it('may ask on some clusters only', () => {
    const clusters = { uni: { variables: true } };
    const web = new HelmComponent({ name: 'web', chart, values, clusters });
    expect(web.valuesFor(uni).values).toMatchObject({ name: 'uni' });
    expect(web.valuesFor({ ...uni, name: 'other' }).values).toEqual(values);
  });
});

const file = (variables: string, values: string): string => `
project: { url: https://gitlab.example.com, path: a/b }
defaults:
  flux: { version: v2.9.4 }
  connection: { kubeconfig: { context: '<cluster>' } }
  variables: { A: default, B: default, C: 'of-<cluster>' }
environments:
  dev: { variables: { B: environment } }
components:
  web:
    helm:
      chart: { repository: { url: https://example.com, name: web, version: 1.0.0 } }
      variables: true
      values: ${values}
clusters:
  one: { environment: dev, components: [web], variables: ${variables} }
  two: { environment: dev, components: [web] }
`;

describe('variables of a fleet file', () => {
  it('are merged from all layers', () => {
    const { clusters } = parseFleet(file('{ A: cluster }', '{}'));
    expect(clusters.map(({ cluster }) => cluster.variables)).toEqual([
      { A: 'cluster', B: 'environment', C: 'of-one' },
      { A: 'default', B: 'environment', C: 'of-two' },
    ]);
  });

  it('are named where a cluster does not have one', () => {
    expect(() => parseFleet(file('{ D: only here }', '{ a: { b: [{ variable: D }] } }')).files()).toThrow(
      /^fleet\.yaml:14:38: components\.web\.helm\.values\.a\.b\[0\]\.variable: got "D", want one of the cluster's variables: A, B, C, CLUSTER_NAME, ENVIRONMENT \(on two\)$/,
    );
  });

  it('have names that Flux takes, where they are said', () => {
    expect(() => parseFleet(file('{ a.b: x }', '{}'))).toThrow(
      /^fleet\.yaml:16:60: clusters\.one\.variables: got "a\.b", want a name of letters/,
    );
  });
});
