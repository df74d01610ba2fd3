import { execFile } from 'node:child_process';

import { CommandError } from '../command-error';

/** An object of the Kubernetes API, as far as this command looks at it. */
export interface ApiObject {
  /** Kind of the object. */
  readonly kind: string;
  /** Version of the kind, with its group. */
  readonly apiVersion: string;
  /** Name, namespace, labels and annotations. */
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
    readonly ownerReferences?: readonly object[];
  };
  /**
   * Where a HelmRelease of Flux installs to.
   *
   * @default - its own namespace, or it is something else
   */
  readonly spec?: { readonly targetNamespace?: string };
  /**
   * What a Kustomization of Flux applied; how far a namespace is.
   *
   * @default - it applied nothing, or is something else
   */
  readonly status?: {
    readonly inventory?: { readonly entries?: readonly { readonly id: string }[] };
    readonly phase?: string;
    readonly conditions?: readonly { readonly status: string; readonly message: string }[];
  };
}

/** Which cluster kubectl talks to. */
export interface KubectlOptions {
  /** Context of the kubeconfig. */
  readonly context: string;
  /**
   * Path of the kubeconfig.
   *
   * @default - where kubectl looks for it
   */
  readonly kubeconfig?: string;
}

/** kubectl of this machine, for one cluster that is named. */
export class Kubectl {
  private readonly cluster: readonly string[];

  constructor({ context, kubeconfig }: KubectlOptions) {
    this.cluster = ['--context', context, ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig])];
  }

  /**
   * Lists objects.
   *
   * @param kinds - kinds with their groups, with commas between them
   * @throws CommandError when kubectl fails
   */
  public async list(kinds: string, ...args: readonly string[]): Promise<readonly ApiObject[]> {
    const text = await this.run('get', kinds, ...args, '--output', 'json');
    return (JSON.parse(text) as { readonly items: readonly ApiObject[] }).items;
  }

  /**
   * The kinds that a namespace can hold, as the API server knows them today, those of custom resources too.
   *
   * @throws CommandError when kubectl fails, or the API server does not know all of its kinds
   */
  public async namespacedKinds(): Promise<readonly string[]> {
    const text = await this.run('api-resources', '--namespaced=true', '--verbs=list', '--output=name');
    return text.split('\n').filter((kind) => kind !== '');
  }

  /**
   * Runs kubectl.
   *
   * @returns what it prints
   * @throws CommandError when it fails
   */
  public run(...args: readonly string[]): Promise<string> {
    return new Promise((done, fail) => {
      execFile('kubectl', [...this.cluster, ...args], { maxBuffer: 1 << 28 }, (error, out, said) => {
        if (error === null) done(out);
        else if (error.code === 'ENOENT') fail(new CommandError('kubectl: there is no such program in PATH'));
        else fail(new CommandError(`kubectl ${args.slice(0, 2).join(' ')}: ${said.trim() || error.message}`));
      });
    });
  }
}
