import { AgentDefinition } from '../../../lib/model/agent/agent-definition';
import { type AgentSettings } from '../../../lib/model/agent/agent-settings';
import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { FluxInstallation } from '../../../lib/model/installation/flux-installation';
import { ClusterLayout } from '../../../lib/model/layout/cluster-layout';
import { parseObjects } from '../../../lib/model/manifest/yaml';

const cluster = new Cluster({
  name: 'uni-dev',
  environment: 'dev',
  connection: ClusterConnection.kubeconfig({ context: 'uni-dev' }),
});
const repository = { url: 'https://gitlab.example.com', path: 'platform/fleet', branch: 'main' };
const filesOf = (settings: AgentSettings): ReadonlyMap<string, any> => {
  const target = FluxInstallation.provider().targetFor(cluster);
  const files = new AgentDefinition(settings).clusterFiles(new ClusterLayout({ cluster, target, repository }));
  return new Map([...files].map(({ path, content }) => [path, parseObjects(String(content), path)[0]]));
};

describe('the settings of an agent', () => {
  test.each<[string, AgentSettings, string]>([
    ['an image that is none', { image: 'a b' }, 'image: got "a b", want an image without tag'],
    ['a tag of the image', { image: 'a/b:v1' }, 'image: got "a/b:v1", want an image without tag'],
    ['a tag that is none', { imageTag: 'v1:2' }, 'imageTag: got "v1:2", want a tag of an image'],
    [
      'a tag of the image that scans',
      { configuration: { containerScanning: { scannerImage: 'a/b:v1' } } },
      'configuration.containerScanning.scannerImage: got "a/b:v1", want an image without tag',
    ],
    ['an image of the Job that is none', { jobImage: 'a b' }, 'jobImage: got "a b", want an image such as'],
    ['a Secret that is none', { imagePullSecrets: ['A'] }, 'imagePullSecrets[0]: got "A", want a DNS subdomain'],
    ['a taint that is none', { tolerations: [{ operator: 'Equal' }] }, 'tolerations[0]'],
    ['a version that is none', { chartVersion: 'latest please' }, 'chartVersion: got "latest please", want a version'],
    ['a repository without scheme', { chartRepository: 'charts.gitlab.io' }, 'chartRepository: got "charts.gitlab.io"'],
    [
      'a password in an address',
      { chartRepository: 'https://me:secret@example.com' },
      'chartRepository: got "https://…@example.com", want an address such as https://charts.example.com or oci://',
    ],
    [
      'an address of GitLab without scheme',
      { externalUrl: 'gitlab.example.com' },
      'externalUrl: got "gitlab.example.com", want the address of GitLab',
    ],
    ['an environment that is none', { dashboard: { name: 'a?*b' } }, 'dashboard.name: got "a?*b", want letters'],
    ['an environment in nothing', { dashboard: { name: '/dev' } }, 'dashboard.name: got "/dev", want letters'],
    ['a namespace that is none', { dashboard: { namespace: 'A' } }, 'dashboard.namespace: got "A", want a DNS label'],
  ])('refuse %s', (_, settings, message) => {
    expect(() => new AgentDefinition(settings)).toThrow(`agent: ${message}`);
  });

  test.each(['spokes', 'flux-system-namespaces'])(
    'refuse the namespace %s, whose directory is another',
    (namespace) => {
      expect(() => filesOf({ namespace })).toThrow(
        `cluster "uni-dev": agent.namespace: got "${namespace}", want another namespace: clusters/<cluster>/${namespace} has`,
      );
    },
  );

  test.each<[string, AgentSettings]>([
    ['a range of versions', { chartVersion: '2.x' }],
    ['an environment with a folder', { dashboard: { name: 'Review apps/uni-dev.eu_1' } }],
    ['a GitLab below a path', { externalUrl: 'https://example.com/gitlab' }],
  ])('may be %s', (_, settings) => {
    expect(() => new AgentDefinition(settings)).not.toThrow();
  });
});

describe('the chart of an agent', () => {
  const directory = 'clusters/uni-dev/gitlab-agent';
  const spec = (files: ReadonlyMap<string, any>, role: string): any =>
    files.get(`${directory}/gitlab-agent-${role}.yaml`)?.spec;

  test('comes from a Helm repository', () => {
    const files = filesOf({ chartRepository: 'https://charts.example.com', chartVersion: '2.28.0' });
    expect(spec(files, 'helm-repository')).toEqual({ interval: '1h', url: 'https://charts.example.com' });
    expect(spec(files, 'helm-chart')).toMatchObject({
      chart: 'gitlab-agent',
      version: '2.28.0',
      sourceRef: { kind: 'HelmRepository', name: 'gitlab-agent' },
    });
    expect(spec(files, 'helm-release').chartRef).toEqual({ kind: 'HelmChart', name: 'gitlab-agent' });
    expect(spec(files, 'oci-repository')).toBeUndefined();
  });

  test.each([
    ['2.28.0', { tag: '2.28.0' }],
    ['2.x', { semver: '2.x' }],
  ])('comes from a registry, in version %s', (chartVersion, ref) => {
    const files = filesOf({ chartRepository: 'oci://registry.example.com/charts/', chartVersion });
    expect(spec(files, 'oci-repository')).toEqual({
      interval: '10m',
      layerSelector: { mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', operation: 'copy' },
      ref,
      url: 'oci://registry.example.com/charts/gitlab-agent',
    });
    expect(spec(files, 'helm-release').chartRef).toEqual({ kind: 'OCIRepository', name: 'gitlab-agent' });
    expect([...files.keys()].filter((path) => /helm-(chart|repository)/.test(path))).toEqual([]);
  });
});
