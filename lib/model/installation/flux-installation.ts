import { type Cluster } from '../cluster/cluster';
import { BootstrapInstallation } from './bootstrap-installation';
import {
  type BootstrapInstallationProps,
  type OperatorInstallationProps,
  type ProviderInstallationProps,
} from './installation-props';
import { OperatorInstallation } from './operator-installation';
import { ProviderInstallation } from './provider-installation';
import { SpokeInstallation, type SpokeInstallationProps } from './spoke-installation';

/** How Flux runs for a cluster: an immutable value, checked when it is made. */
export type FluxInstallation = BootstrapInstallation | ProviderInstallation | OperatorInstallation | SpokeInstallation;

/** The ways to run Flux for a cluster. */
export const FluxInstallation = {
  /**
   * The flux CLI installs it, in a Job on the cluster.
   *
   * @throws ValidationError when the CLI would fail, or leave a cluster that does not work
   */
  bootstrap: (props: BootstrapInstallationProps): BootstrapInstallation => new BootstrapInstallation(props),
  /**
   * The Terraform provider `fluxcd/flux` installs it, from where Terraform runs.
   *
   * @throws ValidationError when the provider would fail, or leave a cluster that does not work
   */
  provider: (props: ProviderInstallationProps = {}): ProviderInstallation => new ProviderInstallation(props),
  /**
   * flux-operator installs it and looks after it. The cluster can be a hub.
   *
   * @throws ValidationError when the operator would refuse it, or leave a cluster that does not work
   */
  operator: (props: OperatorInstallationProps): OperatorInstallation => new OperatorInstallation(props),
  /**
   * It runs on another cluster, the hub.
   *
   * @throws ValidationError when Kubernetes or Flux would refuse how the hub deploys
   */
  spoke: (props: SpokeInstallationProps): SpokeInstallation => new SpokeInstallation(props),
} as const;

/** A cluster, and how Flux runs for it. */
export interface ClusterWithFlux {
  /** The cluster. */
  readonly cluster: Cluster;
  /** How Flux runs for it. */
  readonly flux: FluxInstallation;
}
