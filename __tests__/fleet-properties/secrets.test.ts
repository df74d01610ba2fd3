import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { StateBackend } from '../../lib/constructs/terraform/state-backend';
import { ClusterConnection } from '../../lib/model/cluster/cluster-connection';
import { PipelineAccess } from '../../lib/model/cluster/pipeline-access';
import { Trigger } from '../../lib/model/cluster/trigger';
import { GitSource } from '../../lib/model/component/git-source';
import { KustomizeBase } from '../../lib/model/component/kustomize-base';
import { KustomizeComponent } from '../../lib/model/component/kustomize-component';
import { KustomizeOverlay } from '../../lib/model/component/kustomize-overlay';
import { checkProjectBranch } from '../../lib/model/manifest/project-branch';
import { parseYamlDocuments } from '../../lib/model/manifest/yaml';
import { filesOf, synthesizeElsewhere } from '../support/outdir';
import { secretVariablesOf } from '../support/secret-variables';

const base = realpathSync(mkdtempSync(join(tmpdir(), 'secrets-')));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const canary = (name: string): string => `canary-${name}-5e3f8a`;

describe('what the environment holds', () => {
  const variables = [
    'git_username',
    'git_password',
    'git_username_kiosk',
    'git_password_kiosk',
    'gitlab_bootstrap_token',
    'flux_webhook_token',
    'sops_age_key',
    'cluster_token',
    'cluster_client_certificate',
    'cluster_client_key',
  ];
  const fromEnvironment = [
    ...variables.map((name) => `TF_VAR_${name}`),
    'GITLAB_TOKEN',
    'CI_JOB_TOKEN',
    'TF_HTTP_PASSWORD',
    'KUBE_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
  ];

  test.each(['commit', 'files', 'tree'])('is in nothing that a synth writes or prints, delivery %s', (type) => {
    const cwd = mkdtempSync(join(base, 'synth-'));
    mkdirSync(join(cwd, '.kube'));
    const kubeconfig = join(cwd, '.kube/config');
    writeFileSync(kubeconfig, JSON.stringify({ users: [{ name: 'a', user: { token: canary('kubeconfig') } }] }));
    const env = Object.fromEntries(fromEnvironment.map((name) => [name, canary(name)]));
    const printed = synthesizeElsewhere({
      cwd,
      args: ['example', type],
      env: { ...env, HOME: cwd, KUBECONFIG: kubeconfig, KUBE_CONFIG_PATH: kubeconfig },
    });
    expect(printed).not.toContain('canary');
    const files = filesOf(join(cwd, 'cdktf.out'));
    expect(Object.keys(files).length).toBeGreaterThan(20);
    expect(Object.entries(files).filter(([, content]) => content.includes('canary'))).toEqual([]);
    // What Terraform asks for is ephemeral: it is in no plan and no state.
    const asked = secretVariablesOf(files);
    expect([...asked.keys()].sort()).toEqual([
      'git_password',
      'git_password_kiosk',
      'git_username',
      'git_username_kiosk',
      'gitlab_bootstrap_token',
      'sops_age_key',
    ]);
    for (const variable of asked.values()) expect(variable).toMatchObject({ ephemeral: true, sensitive: true });
  });
});

describe('a secret in a wrong place is refused, and the message does not show it', () => {
  const secret = canary('input');
  const url = `https://user:${secret}@gitlab.example.com/a/b.git`;
  const slashed = `https://user:/${secret}@gitlab.example.com/a/b.git`;
  const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, stringData: { password: secret } };
  const component = (rest: object) =>
    new KustomizeComponent({ name: 'a', base: KustomizeBase.inRepository(), ...rest });

  test.each<[string, () => unknown]>([
    ['the address of a repository', () => GitSource.git({ url, ref: { branch: 'main' } })],
    ['the address of a repository, with a slash in it', () => GitSource.git({ url: slashed, ref: { branch: 'main' } })],
    ['the address of GitLab', () => checkProjectBranch('a', { url: slashed, path: 'a/b', branch: 'main' })],
    ['the address of a state', () => StateBackend.gitlab({ url, project: 'a/b' })],
    ['the address of a cluster', () => ClusterConnection.token({ server: `https://admin:${secret}@uni.example.com` })],
    ['a certificate', () => ClusterConnection.token({ server: 'https://uni', certificateAuthority: secret })],
    ['a Secret of a base', () => component({ base: KustomizeBase.objects([object]) })],
    [
      'a Secret of an overlay',
      () => component({ environments: { dev: { overlay: KustomizeOverlay.of({ objects: [object] }) } } }),
    ],
    [
      'a Secret of a base directory',
      () => {
        const directory = mkdtempSync(join(base, 'base-'));
        writeFileSync(join(directory, 'kustomization.yaml'), 'resources: [secret.yaml]\n');
        writeFileSync(join(directory, 'secret.yaml'), JSON.stringify(object));
        return component({ base: KustomizeBase.directory(directory) });
      },
    ],
    [
      'a generator of a base directory',
      () => {
        const directory = mkdtempSync(join(base, 'base-'));
        const generator = { name: 'a', literals: [`password=${secret}`] };
        writeFileSync(join(directory, 'kustomization.yaml'), JSON.stringify({ secretGenerator: [generator] }));
        return component({ base: KustomizeBase.directory(directory) });
      },
    ],
    ['the address of an API server, for a pipeline', () => PipelineAccess.serviceAccount({ server: url })],
    ['the address of a receiver', () => Trigger.webhook({ url })],
    ['an object without a name', () => KustomizeBase.objects([{ ...object, metadata: {} } as never])],
    ['a mistake in YAML', () => parseYamlDocuments(`password: ${secret}\n  ${secret}: [`, 'a')],
  ])('%s', (_, action) => {
    let message: string | undefined;
    try {
      action();
    } catch (error) {
      message = `${String(error)}\n${JSON.stringify(error)}\n${(error as Error).stack}`;
    }
    expect(message).toMatch(/^ValidationError: /);
    expect(message).not.toContain(secret);
  });
});
