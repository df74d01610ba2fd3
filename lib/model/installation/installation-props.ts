import { type FluxBootstrapSettings } from '../flux/bootstrap-settings';
import { type FluxCliJobProps } from '../flux/flux-cli-values';
import { type FluxOperatorSettings } from '../flux/operator/operator-settings';
import { type FluxProviderSettings } from '../flux/provider-settings';
import { type ReadCredentialSettings } from './read-credential';

/** How the flux CLI installs Flux on a cluster. */
export interface BootstrapInstallationProps extends FluxBootstrapSettings, FluxCliJobProps, ReadCredentialSettings {
  /**
   * Raise it when the token that the CLI pushes with has changed.
   *
   * @default 1
   */
  readonly tokenRevision?: number;
}

/** How the Terraform provider `fluxcd/flux` installs Flux on a cluster. */
export interface ProviderInstallationProps extends FluxProviderSettings, ReadCredentialSettings {}

/** How flux-operator installs Flux on a cluster. */
export interface OperatorInstallationProps extends FluxOperatorSettings, ReadCredentialSettings {}
