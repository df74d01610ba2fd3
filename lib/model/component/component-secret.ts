import { type SecretOrigin } from './git-credential';

/** A Secret that stands beside the Flux objects of a component because they refer to it. */
export interface ComponentSecret {
  /**
   * What it is for: Flux reads a Git repository, a Helm repository or an OCI registry with it, or it holds values of a
   * chart.
   */
  readonly purpose: 'git' | 'chart' | 'registry' | 'values';
  /** Whether it is for something else than the GitOps repository. */
  readonly isForeign: boolean;
  /** How it comes about. */
  readonly credential: {
    /** The way, as data. */
    readonly data: SecretOrigin;
  };
  /**
   * Certificate of the authority that signed the server's, in PEM.
   *
   * @default - one that Flux's image trusts
   */
  readonly certificateAuthority?: string;
  /**
   * Host of the registry.
   *
   * @default - it is for something else
   */
  readonly host?: string;
}
