// Values say all that is wrong with them, not only the first mistake.
import { ClusterConnection } from '../../lib/model/cluster/cluster-connection';
import { PipelineAccess } from '../../lib/model/cluster/pipeline-access';
import { SpokeAuthentication } from '../../lib/model/cluster/spoke-authentication';
import { ChartSource } from '../../lib/model/component/chart/chart-source';
import { GitSource } from '../../lib/model/component/git-source';
import { KustomizeOverlay } from '../../lib/model/component/kustomize-overlay';
import { ValidationError } from '../../lib/model/validation-error';

const certificateAuthority = 'none';
const digest = `sha256:${'0'.repeat(64)}`;

function placesOf(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    if (ValidationError.isValidationError(error)) return error.mistakes.map(({ prop = '' }) => prop);
    throw error;
  }
  return [];
}

test.each<[string, () => unknown, readonly string[]]>([
  [
    'an overlay',
    () =>
      KustomizeOverlay.of({
        objects: [undefined, { kind: 'ConfigMap' }, ...Array(2).fill(configMap('a'))] as never,
        patches: [
          { patch: 'a: [' },
          { patch: '[{ op: add, path: /a, value: 1 }]' },
          { patch: '{}', target: { kind: 'Deployment' } },
        ],
        labels: { a: 'b c', 'd/e/f': 'g' },
        configMaps: [
          { name: 'No', data: { 'a b': '', 'c d': '' } },
          { name: 'a', data: {} },
          { name: 'a', data: {} },
        ],
        images: [
          { name: 'a', digest: 'x' },
          { name: 'b', digest },
        ],
        replicas: { a: -1, b: 1.5, c: 1 },
      }),
    [
      ...['objects[0]', 'objects[1]', 'objects', 'patches[0].patch', 'patches[1].target', 'patches[2].patch'],
      ...['labels.a', 'labels', 'configMaps[0].name', 'configMaps[0].data', 'configMaps[0].data', 'configMaps'],
      ...['images[0].digest', 'replicas.a', 'replicas.b'],
    ],
  ],
  ['a context', () => ClusterConnection.kubeconfig({ path: ' ', context: '' }), ['path', 'context']],
  [
    'a token',
    () => ClusterConnection.token({ server: 'http://a', certificateAuthority, tokenVariable: '1' }),
    ['server', 'certificateAuthority', 'tokenVariable'],
  ],
  [
    'a client certificate',
    () =>
      ClusterConnection.clientCertificate({
        ...{ server: 'a', certificateAuthority },
        ...{ certificateVariable: 'git_password', keyVariable: 'a b' },
      }),
    ['server', 'certificateAuthority', 'certificateVariable', 'keyVariable'],
  ],
  ['a program', () => ClusterConnection.exec({ server: 'a', command: '' }), ['server', 'command']],
  ['an agent', () => ClusterConnection.gitLabAgent({ project: '', agent: ' ' }), ['project', 'agent']],
  [
    'the identity of a hub',
    () => SpokeAuthentication.workloadIdentity({ provider: 'aws', server: 'http://a', certificateAuthority }),
    ['cluster', 'server', 'certificateAuthority'],
  ],
  [
    'the token of a hub',
    () => SpokeAuthentication.serviceAccountToken({ server: 'https://localhost', certificateAuthority }),
    ['server', 'certificateAuthority'],
  ],
  [
    'the account of a pipeline',
    () => PipelineAccess.serviceAccount({ server: 'http://a', certificateAuthority, revision: 0 }),
    ['serviceAccount.server', 'certificateAuthority', 'serviceAccount.revision'],
  ],
  [
    'the agent of a pipeline',
    () => PipelineAccess.gitLabAgent({ project: 'fleet', agent: 'No' }),
    ['gitLabAgent.agent', 'gitLabAgent.project'],
  ],
  [
    'a Git repository',
    () => GitSource.git({ url: 'a', ref: { tag: 'a', branch: 'b' }, interval: '5x', certificateAuthority }),
    ['url', 'certificateAuthority', 'ref', 'interval'],
  ],
  [
    'a chart in a Helm repository',
    () => ChartSource.repository({ url: 'a', name: '', version: 'banana', interval: '5x', certSecretName: 'No' }),
    ['url', 'name', 'version', 'interval', 'certSecretName'],
  ],
  [
    'a chart in a registry',
    () =>
      ChartSource.oci({
        url: 'a',
        tag: '-',
        interval: '5x',
        insecure: true,
        provider: 'aws',
        verify: { provider: 'notation' },
      }),
    ['url', 'tag', 'interval', 'verify.secretName', 'insecure'],
  ],
])('%s says all of its mistakes', (_, make, places) => expect(placesOf(make)).toEqual(places));

function configMap(name: string): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } };
}
