import { randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { createProject, type TestProject } from '../../__tests__/support/gitlab-project';
import {
  type ControlPlane,
  type Kubelet,
  startControlPlane,
  startKubelet,
  temporaryDirectory,
} from '../../__tests__/support/rig';
import { terraformSettings } from './describe';
import { type SecureGitLab, startSecureGitLab } from './secure-gitlab';

/** A deploy token of the project. */
export interface DeployToken {
  readonly id: number;
  readonly username: string;
  readonly token: string;
}

/** The secrets that a person who deploys has. */
export interface Secrets {
  /** With what Flux reads Git. */
  deployToken: DeployToken;
  /** With what `flux bootstrap` pushes. */
  bootstrapToken: string;
  /** What GitLab shows to Flux's receivers. */
  webhookToken: string;
}

/** A person with a working directory who deploys to a project of GitLab. */
export interface Person {
  readonly gitlab: SecureGitLab;
  readonly project: TestProject;
  /** Where the person works. */
  readonly directory: string;
  /** What the person knows; a test may change it. */
  readonly secrets: Secrets;
  /** Environment of Terraform. */
  readonly environment: () => NodeJS.ProcessEnv;
}

/** A person, and a cluster. */
export interface World extends Person {
  readonly cluster: ControlPlane;
  readonly kubelet: Kubelet;
  /** The kubeconfig that Terraform uses. */
  readonly kubeconfig: string;
  /** Takes the cluster out of Terraform's reach, or brings it back. */
  readonly reachCluster: (reachable: boolean) => void;
}

const repositoryRoot = resolve(__dirname, '../..');

/**
 * Starts everything (about 10 s).
 *
 * @param kubeletEnvironment - more environment of the kubelet, such as `RIG_RECEIVER_PORT`
 */
export async function startWorld(kubeletEnvironment: Readonly<Record<string, string>> = {}): Promise<World> {
  const gitlab = await startSecureGitLab();
  const [person, cluster] = await Promise.all([startPerson(gitlab, 'fleet'), startControlPlane()]);
  const kubelet = startKubelet(cluster, kubeletEnvironment);
  const kubeconfig = join(person.directory, 'kubeconfig');
  copyFileSync(cluster.kubeconfig, kubeconfig);
  return {
    ...person,
    cluster,
    kubelet,
    kubeconfig,
    reachCluster: (reachable) => {
      const text = readFileSync(cluster.kubeconfig, 'utf8');
      writeFileSync(kubeconfig, reachable ? text : text.replace(cluster.url, 'https://127.0.0.1:1'));
    },
  };
}

/**
 * Makes a project and gives a person what it takes to deploy to it.
 *
 * @param gitlab - where the project is
 * @param name - of the project, below `platform`
 */
export async function startPerson(gitlab: SecureGitLab, name: string): Promise<Person> {
  const project = await createProject(gitlab, name, { initialize_with_readme: true });
  const directory = temporaryDirectory('e2e');
  installCommand(directory);
  const access = { name: 'bootstrap', scopes: ['api', 'write_repository'], access_level: 40, expires_at: nextYear() };
  const secrets = {
    deployToken: await createDeployToken(project),
    bootstrapToken: (await project.api('POST', '/access_tokens', access)).token as string,
    webhookToken: randomBytes(32).toString('hex'),
  };
  return {
    gitlab,
    project,
    directory,
    secrets,
    environment: () => ({
      ...process.env,
      TF_CLI_CONFIG_FILE: terraformSettings,
      TF_IN_AUTOMATION: '1',
      CHECKPOINT_DISABLE: '1',
      GITLAB_TOKEN: gitlab.token,
      NODE_EXTRA_CA_CERTS: gitlab.certificateFile,
      SSL_CERT_FILE: gitlab.certificateFile,
      TF_VAR_git_username: secrets.deployToken.username,
      TF_VAR_git_password: secrets.deployToken.token,
      TF_VAR_gitlab_bootstrap_token: secrets.bootstrapToken,
      TF_VAR_flux_webhook_token: secrets.webhookToken,
    }),
  };
}

/** A new deploy token that may read the repository. */
export async function createDeployToken(project: TestProject): Promise<DeployToken> {
  return project.api('POST', '/deploy_tokens', { name: 'flux', scopes: ['read_repository'] }) as Promise<DeployToken>;
}

/** Fails when a text holds something that only the person and the cluster may know. */
export function expectNoSecrets(world: Person, text: string): void {
  const { deployToken, bootstrapToken, webhookToken } = world.secrets;
  for (const secret of [world.gitlab.token, deployToken.token, bootstrapToken, webhookToken]) {
    for (const form of [secret, Buffer.from(secret).toString('base64').replace(/=+$/, '')]) {
      const index = text.indexOf(form);
      if (index >= 0) throw new Error(`a secret in: ${text.slice(Math.max(0, index - 200), index)}`);
    }
  }
}

/** `gitlab-flux`, where `npx --no-install` finds what `npm install` has put there. */
function installCommand(directory: string): void {
  const path = join(directory, 'node_modules/.bin/gitlab-flux');
  const [tsx, cli] = [join(repositoryRoot, 'node_modules/.bin/tsx'), join(repositoryRoot, 'cli/gitlab-flux.ts')];
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\nexec '${tsx}' '${cli}' "$@"\n`);
  chmodSync(path, 0o755);
}

function nextYear(): string {
  return new Date(Date.now() + 300 * 24 * 3600 * 1000).toISOString().slice(0, 10);
}
