// The scripts about the root, with real controllers.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { FluxPatch } from '../../lib/model/flux/flux-patch';
import { gotkSync } from '../../lib/model/flux/gotk/gotk-sync';
import { rootKustomizationFiles } from '../../lib/model/flux/root-kustomization';
import { createProject, type TestProject } from '../support/gitlab-project';
import {
  type ControlPlane,
  describeWithRig,
  findProgram,
  type GitLab,
  startControlPlane,
  startGitLab,
  startKubelet,
} from '../support/rig';

const FILES = join(__dirname, '../../charts/flux-jobs/files');
const COMPONENTS = '--components=source-controller,kustomize-controller';
const ROOT = ['kustomization', 'flux-system', '--namespace=flux-system'];

describeWithRig(
  'the scripts about the root',
  () => {
    let cluster: ControlPlane;
    let gitlab: GitLab;
    let project: TestProject;
    let sync: string;
    let components: string;
    const path = (name: string): string => `clusters/uni/flux-system/${name}.yaml`;
    const kustomization = (patches: readonly FluxPatch[]): string =>
      String(rootKustomizationFiles({ patches }).get('flux-system/kustomization.yaml')?.content);

    /** A commit to the repository: the text of files, or nothing where one goes. */
    const push = (files: Readonly<Record<string, string | undefined>>): Promise<void> => {
      const known = project.files();
      const actions = Object.entries(files).map(([file_path, content]) => ({
        action: content === undefined ? 'delete' : file_path in known ? 'update' : 'create',
        file_path,
        ...(content !== undefined && { content }),
      }));
      return project.commit(actions);
    };

    /** Runs scripts as a Job does. */
    const run = (name: string, env: Readonly<Record<string, string>>): Promise<{ code: number; log: string }> => {
      const home = mkdtempSync(join(tmpdir(), 'root-scripts-'));
      const text = ['common', name].map((name) => readFileSync(join(FILES, `${name}.sh`), 'utf8')).join('\n');
      const all = {
        ...process.env,
        PATH: `${join(findProgram('flux')!, '..')}:${process.env['PATH']}`,
        KUBECONFIG: cluster.kubeconfig,
        HOME: home,
        NAMESPACE: 'flux-system',
        SECONDS_TO_ACT: '60',
        ...env,
      };
      return new Promise((done) => {
        execFile('/bin/sh', ['-eu', '-c', text, 'flux-root'], { env: all }, (error, out, err) => {
          rmSync(home, { recursive: true, force: true });
          done({ code: error === null ? 0 : Number(error.code ?? -1), log: out + err });
        });
      });
    };
    const applied = (patience = '6') =>
      run('root', { ROOTS: 'flux-system/flux-system', SECONDS_OF_PATIENCE: patience });
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const followGit = (patches: readonly FluxPatch[], env: Readonly<Record<string, string>> = {}) =>
      run('git-root', {
        SYNC: base64(sync),
        KUSTOMIZATION: base64(kustomization(patches)),
        ROOT_PATH: './clusters/uni',
        INSTALL_ARGUMENTS: COMPONENTS,
        ...env,
      });
    const applyAsFlux = (): Promise<string> =>
      cluster.kubectl(['apply', '--server-side', '--force-conflicts', '--field-manager=flux', '--filename=-'], sync);
    const root = async (): Promise<any> => JSON.parse(await cluster.kubectl(['get', ...ROOT, '--output=json']));

    beforeAll(async () => {
      [cluster, gitlab] = await Promise.all([startControlPlane(), startGitLab()]);
      startKubelet(cluster);
      project = await createProject(gitlab, 'fleet', { initialize_with_readme: true });
      const flux = (...args: string[]): string =>
        execFileSync(findProgram('flux')!, [...args, '--kubeconfig', cluster.kubeconfig], { encoding: 'utf8' });
      components = flux('install', '--export', COMPONENTS);
      const url = `${gitlab.url}/platform/fleet.git`;
      sync = gotkSync({ url, branch: 'main', path: 'clusters/uni', secretName: 'flux-system', interval: '1h' });
      await push({
        [path('gotk-components')]: components,
        [path('gotk-sync')]: sync,
        [path('kustomization')]: kustomization([]),
      });
      flux('install', COMPONENTS, '--timeout=3m');
      const secret = ['--from-literal=username=root', `--from-literal=password=${gitlab.token}`];
      await cluster.kubectl(['create', 'secret', 'generic', 'flux-system', '--namespace=flux-system', ...secret]);
      await applyAsFlux();
    }, 300_000);

    test('root.sh ends when what was pushed is applied, though Flux asks once an hour', async () => {
      expect(await applied()).toMatchObject({ code: 0, log: expect.stringContaining('has applied main@sha1:') });
      await push({ 'clusters/uni/settings.yaml': configMap('1') });
      expect(await applied()).toMatchObject({ code: 0 });
      expect(await cluster.kubectl(['get', 'configmap', 'settings', '--output=jsonpath={.data.number}'])).toBe('1');
    }, 120_000);

    test('root.sh says what Flux says', async () => {
      await push({ 'clusters/uni/settings.yaml': configMap('1').replace('ConfigMap', 'ConfigMop') });
      expect(await applied()).toMatchObject({
        code: 3,
        log: expect.stringContaining('no matches for kind "ConfigMop"'),
      });
      await push({ 'clusters/uni/settings.yaml': configMap('2') });
      expect(await applied()).toMatchObject({ code: 0 });
    }, 120_000);

    test('a root that cannot be built is what Git says, and Flux goes on', async () => {
      const patches = [FluxPatch.rootDecryption({ secretName: 'sops-age' })];
      await push({ [path('kustomization')]: kustomization(patches) });
      expect(await applied()).toMatchObject({ code: 3, log: expect.stringContaining('"sops-age" not found') });
      await push({ [path('kustomization')]: kustomization([]) });
      // As `flux bootstrap` does it.
      await applyAsFlux();
      expect(await applied()).toMatchObject({ code: 3, log: expect.stringContaining('"sops-age" not found') });
      expect(await followGit([])).toMatchObject({ code: 0 });
      expect((await root()).spec.decryption).toBeUndefined();
      expect(await applied()).toMatchObject({ code: 0 });
    }, 180_000);

    test('a root takes nothing back from what its source has still read', async () => {
      await push({ [path('kustomization')]: kustomization([FluxPatch.rootDecryption({ secretName: 'sops-age' })]) });
      expect(await applied()).toMatchObject({ code: 3, log: expect.stringContaining('"sops-age" not found') });
      await push({ [path('kustomization')]: kustomization([]) });
      expect(await followGit([])).toMatchObject({ code: 0 });
      expect(await applied()).toMatchObject({ code: 0 });
    }, 180_000);

    test('a root whose directory is not in Git fails with what Flux says, and takes nothing away', async () => {
      const files = project.files();
      const paths = Object.keys(files).filter((each) => each.startsWith('clusters/uni/'));
      await push(Object.fromEntries(paths.map((each) => [each, undefined])));
      const missing = {
        code: 3,
        log: expect.stringMatching(/kustomization path not found: .*clusters\/uni/) as string,
      };
      expect(await applied()).toMatchObject(missing);
      expect(await cluster.kubectl(['get', 'configmap', 'settings', '--output=jsonpath={.data.number}'])).toBe('2');
      await push(Object.fromEntries(paths.map((each) => [each, files[each]])));
      expect(await applied()).toMatchObject({ code: 0 });
      const follow = (to: string): Promise<string> =>
        cluster.kubectl(['patch', ...ROOT, '--type=merge', `--patch={"spec":{"path":"${to}"}}`]);
      await follow('./clusters/elsewhere');
      expect(await applied()).toMatchObject({
        code: 3,
        log: expect.stringMatching(/flux-system: kustomization path not found: .*clusters\/elsewhere/) as string,
      });
      await follow('./clusters/uni');
      expect(await applied()).toMatchObject({ code: 0 });
    }, 180_000);
  },
  ['kubernetes', 'gitlab', { program: 'flux' }, { program: 'source-controller' }, { program: 'kustomize-controller' }],
);

function configMap(number: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: default}\ndata: {number: "${number}"}\n`;
}
