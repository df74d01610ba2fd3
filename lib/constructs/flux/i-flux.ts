import { type ITerraformDependable } from 'cdktf';
import { type IConstruct } from 'constructs';

import { type FluxTarget } from '../../model/installation/flux-target';
import { type GitReadCredential } from './git-read-credential';

/** Flux on a cluster, or for it: something that other resources can depend on. */
export interface IFlux extends IConstruct {
  /** Where the Flux objects of the cluster's components go. */
  readonly target: FluxTarget;
  /** The namespace `flux-system` is there. */
  readonly namespace: ITerraformDependable;
  /** Flux runs and has applied the repository. */
  readonly ready: ITerraformDependable;
  /** With what Flux reads the GitOps repository. */
  readonly readCredential: GitReadCredential;
  /**
   * Something that has to be there before Flux looks at the repository for the first time.
   *
   * @param what - a resource that does not depend on `ready`
   */
  requires(what: ITerraformDependable): void;
}
