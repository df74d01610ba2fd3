import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseFleet } from '../../lib/model/fleet';
import { parseObjects, toYaml } from '../../lib/model/manifest/yaml';
import { fluxManifests } from '../support/reference-closure';
import {
  type ControlPlane,
  describeWithRig,
  findProgram,
  freePorts,
  startControlPlane,
  temporaryDirectory,
  until,
} from '../support/rig';

const KEYS = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const OTHERS = generateKeyPairSync('ec', { namedCurve: 'P-256' });

// The real controllers fetch from a real registry what `flux push artifact` has pushed.
describeWithRig(
  'an OCI registry as source',
  () => {
    const processes: ChildProcess[] = [];
    let cluster: ControlPlane;
    let registry: string;
    let digest: string;

    const start = (program: string, args: readonly string[]): void => {
      const env = { ...process.env, KUBECONFIG: cluster.kubeconfig, RUNTIME_NAMESPACE: 'flux-system' };
      processes.push(spawn(findProgram(program) ?? '', args, { env, stdio: 'ignore' }));
    };

    beforeAll(async () => {
      cluster = await startControlPlane();
      const port = await freePorts(6);
      registry = `127.0.0.1:${port}`;
      const work = temporaryDirectory('registry');
      const config = `version: 0.1\nstorage: { filesystem: { rootdirectory: ${work}/data } }\nhttp: { addr: '${registry}' }\n`;
      writeFileSync(join(work, 'config.yml'), config);
      start('docker-registry', ['serve', join(work, 'config.yml')]);
      await until(async () => (await fetch(`http://${registry}/v2/`).catch(() => undefined))?.ok === true, 20_000);

      const manifests = join(work, 'deploy');
      mkdirSync(manifests);
      writeFileSync(join(manifests, 'a.yaml'), '{apiVersion: v1, kind: ConfigMap, metadata: {name: fetched}}\n');
      const args = ['push', 'artifact', `oci://${registry}/manifests/app:v1`, '--path', work, '--insecure-registry'];
      const more = ['--source', 'test', '--revision', 'v1', '--ignore-paths', 'data,config.yml', '--output', 'json'];
      const pushed = execFileSync(findProgram('flux') ?? '', [...args, ...more], { encoding: 'utf8', stdio: 'pipe' });
      digest = (JSON.parse(pushed) as { digest: string }).digest;
      await signWithCosign(registry, 'manifests/app', digest, KEYS.privateKey);

      const files = readdirSync(fluxManifests);
      const objects = files.flatMap((file) => parseObjects(readFileSync(join(fluxManifests, file), 'utf8'), file));
      await cluster.kubectl(
        ['create', '-f', '-'],
        toYaml(objects.filter(({ kind }) => kind === 'CustomResourceDefinition')),
      );
      await cluster.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
      await cluster.kubectl(['create', 'namespace', 'flux-system']);
      const common = (first: number): string[] => [
        `--metrics-addr=127.0.0.1:${first}`,
        `--health-addr=127.0.0.1:${first + 1}`,
        '--events-addr=',
        '--enable-leader-election=false',
      ];
      const storage = `127.0.0.1:${port + 5}`;
      start('source-controller', [
        ...common(port + 1),
        `--storage-path=${work}`,
        `--storage-addr=${storage}`,
        `--storage-adv-addr=${storage}`,
      ]);
      start('kustomize-controller', common(port + 3));
    });
    afterAll(() => processes.forEach((each) => each.kill()));

    /** Applies the Flux objects of a component whose artifact is verified with a key. */
    const apply = async (name: string, reference: string, key?: KeyObject): Promise<void> => {
      const verify = key === undefined ? '' : ', verify: { provider: cosign, secretName: keys }';
      const fleet = parseFleet(`
project: { url: https://gitlab.example.com, path: platform/fleet }
environments: { dev: { flux: { version: v2.9.4 } } }
clusters: { one: { environment: dev, connection: { kubeconfig: { context: one } }, components: [${name}] } }
components:
  ${name}:
    kustomize:
      base: { path: ./deploy }
      source: { oci: { url: 'oci://${registry}/manifests/app', ${reference}, insecure: true${verify} } }
      namePrefix: from-
      commonMetadata: { labels: { team: a } }
      ignore: [{ paths: [/data/other], target: { kind: ConfigMap } }]
`);
      const files = fleet.files().flatMap((stack) => [...stack.files]);
      const objects = files
        .filter(({ path }) => path.startsWith(`clusters/one/${name}/${name}-`))
        .flatMap(({ path, content }) => parseObjects(String(content), path));
      await cluster.kubectl(['create', 'namespace', name]);
      if (key !== undefined) {
        const data = { 'cosign.pub': key.export({ type: 'spki', format: 'pem' }) };
        const secret = {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'keys', namespace: name },
          stringData: data,
        };
        await cluster.kubectl(['create', '-f', '-'], toYaml([secret]));
      }
      await cluster.kubectl(['apply', '--validate=strict', '-f', '-'], toYaml(objects));
    };
    const ready = async (name: string, kind: string): Promise<{ status: string; message: string } | undefined> => {
      const object = JSON.parse(await cluster.kubectl(['get', kind, name, '-n', name, '-o', 'json']));
      return object.status?.conditions?.find(({ type }: { type: string }) => type === 'Ready');
    };

    it.each([
      ['by its tag', 'tagged', () => 'tag: v1', undefined],
      ['by its digest, with its tag beside it', 'digested', () => `tag: v1, digest: '${digest}'`, undefined],
      ['with the signature of a key that is known', 'known', () => 'tag: v1', KEYS.publicKey],
    ])('is deployed %s', async (_, name, reference, key) => {
      await apply(name, reference(), key);
      await until(async () => (await ready(name, 'kustomization'))?.status === 'True', 90_000);
      const applied = JSON.parse(
        await cluster.kubectl(['get', 'configmap', 'from-fetched', '-n', name, '-o', 'json']),
      ) as { metadata: { labels: Record<string, string> } };
      expect(applied.metadata.labels).toMatchObject({ team: 'a' });
    });

    it('is not taken with the signature of another', async () => {
      await apply('unknown', 'tag: v1', OTHERS.publicKey);
      await until(async () => (await ready('unknown', 'ocirepository'))?.status === 'False', 90_000);
      expect((await ready('unknown', 'ocirepository'))?.message).toMatch(/failed to verify the signature/);
      await expect(cluster.kubectl(['get', 'configmap', 'from-fetched', '-n', 'unknown'])).rejects.toThrow(/NotFound/);
    });
  },
  [
    'kubernetes',
    ...['docker-registry', 'flux', 'source-controller', 'kustomize-controller'].map((program) => ({ program })),
  ],
);

/**
 * Signs an artifact as `cosign sign --key` does: an artifact beside it whose layer is what was signed.
 *
 * @see https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md
 */
async function signWithCosign(registry: string, repository: string, digest: string, key: KeyObject): Promise<void> {
  const base = `http://${registry}/v2/${repository}`;
  const push = async (content: string): Promise<{ digest: string; size: number }> => {
    const sum = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    const { headers } = await fetch(`${base}/blobs/uploads/`, { method: 'POST' });
    const location = new URL(headers.get('location') ?? '', base);
    location.searchParams.set('digest', sum);
    const body = { method: 'PUT', body: content, headers: { 'content-type': 'application/octet-stream' } };
    expect((await fetch(location, body)).status).toBe(201);
    return { digest: sum, size: Buffer.byteLength(content) };
  };
  const payload = JSON.stringify({
    critical: {
      identity: { 'docker-reference': `${registry}/${repository}` },
      image: { 'docker-manifest-digest': digest },
      type: 'cosign container image signature',
    },
    optional: null,
  });
  const layer = await push(payload);
  const config = await push(
    JSON.stringify({ architecture: '', os: '', config: {}, rootfs: { type: 'layers', diff_ids: [layer.digest] } }),
  );
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const signature = sign('sha256', Buffer.from(payload), key).toString('base64');
  const manifest = {
    schemaVersion: 2,
    mediaType,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    layers: [
      {
        mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
        ...layer,
        annotations: { 'dev.cosignproject.cosign/signature': signature },
      },
    ],
  };
  const request = { method: 'PUT', body: JSON.stringify(manifest), headers: { 'content-type': mediaType } };
  expect((await fetch(`${base}/manifests/${digest.replace(':', '-')}.sig`, request)).status).toBe(201);
}
