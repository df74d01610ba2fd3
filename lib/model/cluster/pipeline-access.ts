import { checkAll } from '../check-all';
import { checkCertificateAuthority } from '../manifest/certificate-authority';
import { checkDnsLabel } from '../manifest/kubernetes-name';
import { isProjectPath } from '../manifest/project-path';
import { checkApiServerUrl } from '../manifest/url';
import { checkRevision } from '../manifest/whole-number';
import { ValidationError } from '../validation-error';

/** With what GitLab CI reaches a cluster, as data. */
export type PipelineAccessData =
  | { readonly type: 'variable'; readonly name: string }
  | { readonly type: 'agent'; readonly context: string }
  | {
      readonly type: 'service-account';
      readonly server: string;
      readonly certificateAuthority: string | undefined;
      readonly revision: number;
      readonly admissionPolicy: boolean;
    };

/** Name of the CI variable with the kubeconfig. Each environment has its own value. */
export const KUBECONFIG_VARIABLE = 'FLUX_KUBECONFIG';

const AT = 'pipeline access';

/** With what GitLab CI reaches a cluster whose trigger is `pipeline`. */
export class PipelineAccess {
  /**
   * A CI variable of yours of type file with a kubeconfig. Make it protected, and limit it to the cluster's environment.
   *
   * @throws ValidationError when it cannot be the name of a CI variable
   */
  public static variable(
    options: {
      /**
       * Name of the variable.
       *
       * @default 'FLUX_KUBECONFIG'
       */
      readonly name?: string;
    } = {},
  ): PipelineAccess {
    const { name = KUBECONFIG_VARIABLE } = options;
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,254}$/.test(name)) {
      const want = 'letters, digits and _, and no digit first: the name of a CI variable';
      throw new ValidationError({ at: AT, prop: ['variable', 'name'], got: name, want });
    }
    return new PipelineAccess({ type: 'variable', name });
  }

  /**
   * An account on the cluster with the rights that it takes and no others, whose kubeconfig Terraform puts into a
   * protected CI variable for the cluster's environment. The token is in Terraform's state in clear.
   *
   * @param options - how GitLab's runners reach the API server
   * @throws ValidationError when the address is not `https://…` or the revision no whole number
   */
  public static serviceAccount(options: {
    /** Address of the API server as GitLab's runners reach it, for example `https://edge-dev.example.com:6443`. */
    readonly server: string;
    /**
     * Certificate of the authority that signed the server's, in PEM. It is no secret.
     *
     * @default - that of the cluster
     */
    readonly certificateAuthority?: string;
    /**
     * Raise it to replace the token.
     *
     * @default 1
     */
    readonly revision?: number;
    /**
     * Whether the API server holds the account to the files of the cluster's components. It needs Kubernetes 1.30.
     *
     * @default true
     */
    readonly admissionPolicy?: boolean;
  }): PipelineAccess {
    const { server, certificateAuthority, revision = 1, admissionPolicy = true } = options;
    checkAll(
      () => checkApiServerUrl(AT, ['serviceAccount', 'server'], server),
      () => checkCertificateAuthority(AT, certificateAuthority),
      () => checkRevision(AT, ['serviceAccount', 'revision'], revision),
    );
    return new PipelineAccess({ type: 'service-account', server, certificateAuthority, revision, admissionPolicy });
  }

  /**
   * GitLab's agent on the cluster, which has to share itself with the project (`ciAccess`) and needs the same rights.
   *
   * @param options - the agent and the project with its configuration
   * @throws ValidationError when one of them cannot be that
   * @see https://docs.gitlab.com/user/clusters/agent/ci_cd_workflow/
   */
  public static gitLabAgent(options: {
    /** Project with the agent's configuration, for example `platform/fleet`. */
    readonly project: string;
    /** Name of the agent. */
    readonly agent: string;
  }): PipelineAccess {
    const { project, agent } = options;
    checkAll(
      () => checkDnsLabel(AT, ['gitLabAgent', 'agent'], agent),
      () => {
        if (isProjectPath(project)) return;
        const want = 'the full path of a project, such as platform/fleet';
        throw new ValidationError({ at: AT, prop: ['gitLabAgent', 'project'], got: project, want });
      },
    );
    return new PipelineAccess({ type: 'agent', context: `${project}:${agent}` });
  }

  private constructor(
    /** What it is. */
    public readonly data: PipelineAccessData,
  ) {}
}
