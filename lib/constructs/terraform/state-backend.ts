import { App, HttpBackend, LocalBackend, TerraformBackend, type TerraformStack } from 'cdktf';
import { type IConstruct } from 'constructs';
import { relative, resolve } from 'node:path';

import { checkGitLabUrl } from '../../model/manifest/project-branch';
import { literal } from './literal';

const Local = literal(LocalBackend);
const Http = literal(HttpBackend);

/** Where the state of a stack is kept. */
export interface IStateBackend {
  /** Gives a stack its backend. */
  bind(stack: TerraformStack): void;
}

/** Options of {@link StateBackend.local}. */
export interface LocalStateOptions {
  /**
   * Directory of the state files, relative to where `cdktf synth` runs.
   *
   * @default '.'
   */
  readonly directory?: string;
}

/** Options of {@link StateBackend.gitlab}. */
export interface GitLabStateOptions {
  /** Address of GitLab: `https://gitlab.example.com`. */
  readonly url: string;
  /** Path or id of the project that keeps the states. It should not be the GitOps project: a state holds secrets. */
  readonly project: string;
  /**
   * What the name of a state begins with. The name of the stack follows.
   *
   * @default '' - the name is the name of the stack
   */
  readonly prefix?: string;
}

/** The kinds of {@link IStateBackend}. */
export class StateBackend {
  /** A file per stack, by a relative path. The default of CDKTF is absolute, and so differs between machines. */
  public static local(options: LocalStateOptions = {}): IStateBackend {
    const directory = resolve(options.directory ?? '.');
    return {
      bind(stack) {
        const workingDirectory = resolve(App.of(stack).outdir, 'stacks', stack.node.id);
        const path = resolve(directory, `terraform.${stack.node.id}.tfstate`);
        new Local(stack, { path: relative(workingDirectory, path).split('\\').join('/') });
      },
    };
  }

  /**
   * The state that GitLab manages for a project, with its lock. Terraform takes the credentials from the environment:
   * `TF_HTTP_USERNAME` and `TF_HTTP_PASSWORD`, in a pipeline `gitlab-ci-token` and `$CI_JOB_TOKEN`.
   *
   * @throws ValidationError when the address is none, or holds a credential
   */
  public static gitlab(options: GitLabStateOptions): IStateBackend {
    const { url, project, prefix = '' } = options;
    checkGitLabUrl('state backend', 'url', url);
    const states = `${url.replace(/\/+$/, '')}/api/v4/projects/${encodeURIComponent(project)}/terraform/state`;
    return {
      bind(stack) {
        const address = `${states}/${encodeURIComponent(prefix + stack.node.id)}`;
        new Http(stack, {
          address,
          lockAddress: `${address}/lock`,
          unlockAddress: `${address}/lock`,
          lockMethod: 'POST',
          unlockMethod: 'DELETE',
          retryWaitMin: 5,
        });
      },
    };
  }
}

/**
 * Whether the state of a stack is a file, as it is where nothing is said.
 *
 * @param stack - a stack that has all that it will have
 */
export function keepsStateInFile(stack: IConstruct): boolean {
  const backend = stack.node.children.find((child) => TerraformBackend.isBackend(child));
  if (backend === undefined) return true;
  const { terraform } = backend.toTerraform() as { readonly terraform: { readonly backend: object } };
  return 'local' in terraform.backend;
}
