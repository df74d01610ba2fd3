import { checkAll } from '../check-all';
import { type PropPath } from '../error-place';
import { checkCertificateAuthority } from '../manifest/certificate-authority';
import { checkApiServerUrl } from '../manifest/url';
import { ValidationError } from '../validation-error';

/** How Terraform reaches a cluster, as data: no secret, only where one comes from. */
export type ClusterConnectionData =
  | { readonly type: 'kubeconfig'; readonly path: string | undefined; readonly context: string }
  | ({ readonly type: 'token'; readonly tokenVariable: string } & ApiServer)
  | ({
      readonly type: 'client-certificate';
      readonly certificateVariable: string;
      readonly keyVariable: string;
    } & ApiServer)
  | ({ readonly type: 'exec'; readonly exec: ExecPlugin } & ApiServer);

/** A Kubernetes API server. */
export interface ApiServer {
  /** Address, for example `https://uni-dev.example.com:6443`. */
  readonly server: string;
  /**
   * Certificate of the authority that signed the server's, in PEM. It is no secret.
   *
   * @default - an authority that the machine trusts
   */
  readonly certificateAuthority?: string;
}

/** A program that prints a credential. */
export interface ExecPlugin {
  /**
   * Version of the protocol.
   *
   * @default 'client.authentication.k8s.io/v1'
   */
  readonly apiVersion?: string;
  /** The program, for example `aws`. */
  readonly command: string;
  /** Its arguments, for example `['eks', 'get-token', '--cluster-name', 'uni-dev']`. */
  readonly args?: readonly string[];
  /**
   * Its environment. No secrets.
   *
   * @default - what Terraform has
   */
  readonly env?: Readonly<Record<string, string>>;
}

const AT = 'cluster connection';

/** How Terraform reaches a cluster. */
export class ClusterConnection {
  /** A context of a kubeconfig file. */
  public static kubeconfig(options: {
    /**
     * Path of the file; `~` is the home directory of whoever runs Terraform.
     *
     * @default '~/.kube/config'
     */
    readonly path?: string;
    /** Name of the context. */
    readonly context: string;
  }): ClusterConnection {
    const { path = '~/.kube/config', context } = options;
    checkAll(
      () => checkText('path', path),
      () => checkText('context', context),
    );
    return new ClusterConnection({ type: 'kubeconfig', path, context });
  }

  /**
   * An API server and a bearer token from a Terraform variable.
   *
   * @param options - the server and the variable's name
   * @throws ValidationError when the address is not `https://…` or a name is none of a variable
   */
  public static token(
    options: ApiServer & {
      /**
       * Name of the ephemeral Terraform variable with the token.
       *
       * @default 'cluster_token'
       */
      readonly tokenVariable?: string;
    },
  ): ClusterConnection {
    const { server, certificateAuthority, tokenVariable = 'cluster_token' } = options;
    checkAll(
      () => checkApiServer(options),
      () => checkVariable('tokenVariable', tokenVariable),
    );
    return new ClusterConnection({ type: 'token', server, certificateAuthority, tokenVariable });
  }

  /**
   * An API server and a client certificate from Terraform variables.
   *
   * @param options - the server and the variables' names
   * @throws ValidationError when the address is not `https://…` or a name is none of a variable
   */
  public static clientCertificate(
    options: ApiServer & {
      /**
       * Name of the ephemeral Terraform variable with the certificate, in PEM.
       *
       * @default 'cluster_client_certificate'
       */
      readonly certificateVariable?: string;
      /**
       * Name of the ephemeral Terraform variable with the key, in PEM.
       *
       * @default 'cluster_client_key'
       */
      readonly keyVariable?: string;
    },
  ): ClusterConnection {
    const { server, certificateAuthority } = options;
    const { certificateVariable = 'cluster_client_certificate', keyVariable = 'cluster_client_key' } = options;
    checkAll(
      () => checkApiServer(options),
      () => checkVariable('certificateVariable', certificateVariable),
      () => {
        checkVariable('keyVariable', keyVariable);
        if (keyVariable === certificateVariable) {
          const want = 'another variable than the certificate has';
          throw new ValidationError({ at: AT, prop: 'keyVariable', got: keyVariable, want });
        }
      },
    );
    const variables = { certificateVariable, keyVariable };
    return new ClusterConnection({ type: 'client-certificate', server, certificateAuthority, ...variables });
  }

  /**
   * An API server and a program that prints a credential, such as `aws eks get-token`.
   *
   * @throws ValidationError when the address is not `https://…`
   * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
   */
  public static exec(options: ApiServer & ExecPlugin): ClusterConnection {
    const { server, certificateAuthority, apiVersion, command, args, env } = options;
    checkAll(
      () => checkApiServer(options),
      () => checkText('command', command),
    );
    const exec = { apiVersion, command, args, env };
    return new ClusterConnection({ type: 'exec', server, certificateAuthority, exec });
  }

  /**
   * Through GitLab's agent: the context that GitLab writes into the kubeconfig of its CI jobs.
   *
   * @param options - the agent and the project with its configuration
   * @see https://docs.gitlab.com/user/clusters/agent/ci_cd_workflow/
   */
  public static gitLabAgent(options: {
    /** Project with the agent's configuration, for example `platform/fleet`. */
    readonly project: string;
    /** Name of the agent. */
    readonly agent: string;
    /**
     * Path of the kubeconfig file.
     *
     * @default - what the environment variable KUBE_CONFIG_PATH names; in a GitLab job set it to $KUBECONFIG
     */
    readonly path?: string;
  }): ClusterConnection {
    const { project, agent, path } = options;
    checkAll(
      () => checkText('project', project),
      () => checkText('agent', agent),
    );
    return new ClusterConnection({ type: 'kubeconfig', path, context: `${project}:${agent}` });
  }

  private constructor(
    /** What the connection is. */
    public readonly data: ClusterConnectionData,
  ) {}
}

function checkApiServer({ server, certificateAuthority }: ApiServer): void {
  checkAll(
    () => checkApiServerUrl(AT, 'server', server),
    () => checkCertificateAuthority(AT, certificateAuthority),
  );
}

function checkVariable(prop: PropPath, name: string): void {
  if (!/^[a-zA-Z_][a-zA-Z0-9_-]*$/.test(name)) {
    throw new ValidationError({ at: AT, prop, got: name, want: 'the name of a Terraform variable' });
  }

  if (OF_OTHERS.test(name)) {
    const want = 'a variable of its own, such as cluster_token: this one holds another credential';
    throw new ValidationError({ at: AT, prop, got: name, want });
  }
}

/** Variables with which Flux, its hooks and its components get their credentials: one name would mean both. */
const OF_OTHERS = /^((git|chart)_(username|password)(_.*)?|helm_values_.*|gitlab_bootstrap_token|flux_webhook_token)$/;

function checkText(prop: PropPath, value: string): void {
  if (value.trim() === '') throw new ValidationError({ at: AT, prop, got: value, want: 'some text' });
}
