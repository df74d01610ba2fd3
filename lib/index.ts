/**
 * Kubernetes clusters, the Flux that runs on them and their components, as constructs for CDK for Terraform.
 *
 * @packageDocumentation
 */

export { type ErrorPlace, type ErrorSubject, type ErrorThing, type PathStep, type PropPath } from './model/error-place';
export { ValidationError, type ValidationErrorProps } from './model/validation-error';

export { FileTree, type ManifestFile, type RepositoryFile } from './model/manifest/file-tree';
export { type KubernetesObject, type ObjectMeta, type ObjectReference } from './model/manifest/kubernetes-object';
export { type ResourceQuantities } from './model/manifest/quantity';
export { type PolicyRule } from './model/manifest/rbac';
export { type Toleration } from './model/manifest/toleration';
export { type ProjectBranch } from './model/manifest/project-branch';
export { type PathOptions } from './model/manifest/directory';
export { type KustomizationFile, type KustomizePatch, type KustomizeTarget } from './model/manifest/kustomize';

export { type FluxBootstrapSettings } from './model/flux/bootstrap-settings';
export { type FluxControllerSettings } from './model/flux/controller-settings';
export { type FluxInstallationSettings } from './model/flux/installation-settings';
export { type GotkFilesSettings } from './model/flux/gotk/gotk-files-settings';
export { type FluxProviderSettings, type FluxProviderTimeouts } from './model/flux/provider-settings';
export { type FluxCliJobProps } from './model/flux/flux-cli-values';
export { type JobPlacement } from './model/flux/job-placement';
export { type FluxOperatorChart } from './model/flux/operator/operator-chart';
export {
  type FluxOperatorSettings,
  type OperatorLockdown,
  type OperatorReconciliation,
  type OperatorSharding,
} from './model/flux/operator/operator-settings';
export { FluxPatch } from './model/flux/flux-patch';
export { type ConcurrencyProps } from './model/flux/patches/concurrency';
export { type FluxController } from './model/flux/patches/controllers';
export {
  type MultiTenancyLockdownProps,
  type WorkloadIdentityLockdown,
} from './model/flux/patches/multi-tenancy-lockdown';
export { type NodePlacementProps } from './model/flux/patches/node-placement';
export { type ResourcesProps } from './model/flux/patches/resources';
export { type ShardedController, type ShardingProps } from './model/flux/patches/sharding';
export { type RootSubstitutionOptions } from './model/flux/patches/root';
export { type GitRef } from './model/flux/git-repository';
export {
  type DriftDetection,
  type HelmFailureStrategy,
  type HelmReleaseSettings,
  type HelmTests,
  type HelmUninstall,
} from './model/flux/helm-release-settings';
export { type OciRef, type OciVerification } from './model/flux/oci-repository';
export { type ForeignGitFetch, type GitFetch, type GitInclude, type GitVerification } from './model/flux/git-fetch';
export { type Decryption, type RootDecryption, type RootDecryptionProps } from './model/flux/decryption';
export {
  type HealthCheckExpression,
  type KubeConfigReference,
  type KustomizationSettings,
  type PostBuild,
  type SubstituteFrom,
} from './model/flux/kustomization';
export { type CommonMetadata, type IgnoredFields, type KustomizationChanges } from './model/flux/kustomization-changes';

export { type ClusterIdentity } from './model/component/cluster-identity';
export {
  type Component,
  type ComponentPlacement,
  type FluxManifest,
  type NamedEnvironment,
} from './model/component/component';
export {
  type ChartBuild,
  type ComponentBuild,
  type FluxChanges,
  type OverlayBuild,
} from './model/component/component-build';
export {
  type ChartRepositoryProps,
  ChartSource,
  type ChartSourceData,
  type GitChartProps,
  type LocalChartOptions,
  type OciChartProps,
} from './model/component/chart/chart-source';
export { OwnChart } from './model/component/chart/own-chart';
export { type ClusterSelector } from './model/component/cluster-selector';
export { ComponentBase } from './model/component/component-base';
export { type CommonComponentProps } from './model/component/component-checks';
export { type ComponentSecret } from './model/component/component-secret';
export { GitCredential, type GitCredentialData, type SecretOrigin } from './model/component/git-credential';
export { type ForeignGitSourceProps, type GitOpsSourceProps, GitSource } from './model/component/git-source';
export { HelmComponent } from './model/component/helm-component';
export { type HelmComponentProps, type HelmValuesFrom, type HelmVariant } from './model/component/helm-component-props';
export { type HelmPostRender } from './model/component/helm-post-render';
export { type HelmValues, type ValueOrigin, type ValuesLayer } from './model/component/helm-values';
export { KustomizeBase } from './model/component/kustomize-base';
export {
  KustomizeComponent,
  type KustomizeComponentProps,
  type KustomizeVariant,
} from './model/component/kustomize-component';
export { KustomizeOverlay } from './model/component/kustomize-overlay';
export {
  type ConfigMapGenerator,
  type KustomizeImage,
  type KustomizeOverlayProps,
} from './model/component/kustomize-overlay-props';
export { type OciArtifactProps, OciSource, type OciSourceProps } from './model/component/oci-source';
export { type SourceRef } from './model/component/source-object';
export { SecretReference } from './model/component/secret-reference';
export { type ComponentServiceAccount } from './model/component/service-account';
export { type VariantLayer, type Variants, type WithCondition } from './model/component/variants';

export { Cluster, type ClusterProps } from './model/cluster/cluster';
export {
  type ApiServer,
  ClusterConnection,
  type ClusterConnectionData,
  type ExecPlugin,
} from './model/cluster/cluster-connection';
export { type EnvironmentTier } from './model/cluster/environment-tier';
export { Fleet, type KnownNames } from './model/cluster/fleet';
export { PipelineAccess, type PipelineAccessData } from './model/cluster/pipeline-access';
export { type PipelineTriggerOptions, Trigger, type TriggerType } from './model/cluster/trigger';
export {
  type ServiceAccountToken,
  SpokeAuthentication,
  type SpokeAuthenticationData,
  type WorkloadIdentity,
} from './model/cluster/spoke-authentication';
export { type FluxSpokeSettings } from './model/cluster/spoke-settings';
export {
  type WebhookHttpRoute,
  type WebhookIngress,
  type WebhookTriggerOptions,
} from './model/cluster/webhook-options';

export { ClusterLayout, sharedComponentFiles } from './model/layout/cluster-layout';
export {
  type ClusterDefinition,
  type DeliveryDefinition,
  fleetFiles,
  type FleetDefinition,
  type ProjectDefinition,
  type StackFiles,
  type StateDefinition,
} from './model/fleet/definition/fleet-definition';
export { type BootstrapInstallation } from './model/installation/bootstrap-installation';
export { type ClusterWithFlux, FluxInstallation } from './model/installation/flux-installation';
export {
  type BootstrapInstallationProps,
  type OperatorInstallationProps,
  type ProviderInstallationProps,
} from './model/installation/installation-props';
export { type OperatorInstallation } from './model/installation/operator-installation';
export { type ProviderInstallation } from './model/installation/provider-installation';
export { type ReadCredentialDefinition, type ReadCredentialSettings } from './model/installation/read-credential';
export { type SpokeInstallation, type SpokeInstallationProps } from './model/installation/spoke-installation';
export { type FluxHub } from './model/installation/flux-hub';
export { type FluxTarget } from './model/installation/flux-target';
export { type LayoutContext } from './model/layout/layout-context';

export { type AgentConfiguration, type AgentObservability } from './model/agent/agent-configuration';
export { AgentDefinition, type ExistingAgent } from './model/agent/agent-definition';
export { type AgentPermission } from './model/agent/agent-permission';
export { type AgentDashboard, type AgentSettings, type AgentToken, type TokenSlot } from './model/agent/agent-settings';
export { type AgentWarning, type NotificationFacts } from './model/agent/agent-warnings';
export { type FluxSource } from './model/layout/flux-source';
export { type CiAccess, type CiAccessAs, type CiAccessEntry, type Impersonation } from './model/agent/ci-access';
export { type ContainerScanning } from './model/agent/container-scanning';
export { type RemoteDevelopment, type WorkspaceResources } from './model/agent/remote-development';
export { type UserAccess } from './model/agent/user-access';
export { type ReceiverCaller } from './model/flux/patches/receiver-access';
export {
  type ApplyChangedContext,
  ApplyChangedDefinition,
} from './model/pipeline/apply-changed/apply-changed-definition';
export { type ApplyChangedSettings } from './model/pipeline/apply-changed/apply-changed-settings';
export { pipelinePolicyObjects, type PipelinePolicyOptions } from './model/pipeline/apply-changed/pipeline-policy';
export {
  pipelineAccountObjects,
  type PipelineRights,
  pipelineRights,
} from './model/pipeline/apply-changed/pipeline-rights';

export { GitLabAgent, type GitLabAgentAttributes, type GitLabAgentProps } from './constructs/agent/gitlab-agent';
export { type IGitLabAgent } from './constructs/agent/i-gitlab-agent';
export { ApplyChangedPipeline, type ApplyChangedPipelineProps } from './constructs/pipeline/apply-changed-pipeline';
export { PipelineAccount, type PipelineAccountProps } from './constructs/pipeline/pipeline-account';
export { ClusterAccess, type ClusterAccessOptions } from './constructs/cluster/cluster-access';

export { ClusterComponents, type ClusterComponentsProps } from './constructs/flux/cluster-components';
export {
  BootstrapToken,
  type BootstrapTokenValue,
  type BootstrapTokenVariableOptions,
  type IBootstrapToken,
  type ProjectAccessTokenOptions,
} from './constructs/flux/bootstrap-token';
export { FluxBootstrap, type FluxBootstrapProps } from './constructs/flux/flux-bootstrap';
export { FluxOnCluster, type FluxOnClusterProps } from './constructs/flux/flux-on-cluster';
export { type IFlux } from './constructs/flux/i-flux';
export { FluxOperator, type FluxOperatorProps } from './constructs/flux/flux-operator';
export { FluxSpoke, type FluxSpokeProps } from './constructs/flux/flux-spoke';
export { FluxReceiver, type FluxReceiverProps } from './constructs/flux/flux-receiver';
export { FluxProviderBootstrap, type FluxProviderBootstrapProps } from './constructs/flux/flux-provider-bootstrap';
export {
  type GitCredentialVariablesOptions,
  type GitDeployTokenOptions,
  type GitReadCredential,
  GitReadCredentialSource,
  type IGitReadCredentialSource,
} from './constructs/flux/git-read-credential';

export { stacksOfFleet } from './model/pipeline/plan/fleet-stacks';
export { planPipelineFile } from './model/pipeline/plan/pipeline-file';
export { type PipelineStack } from './model/pipeline/plan/pipeline-plan';
export { type PlanPipelineSettings } from './model/pipeline/plan/plan-pipeline-settings';
export { PlanPipeline, type PlanPipelineProps } from './constructs/pipeline/plan-pipeline';

export { type CommitMessageOptions } from './model/delivery/commit-message';
export { type OnConflict } from './model/delivery/commit-plan';
export { type CommitDeliveryOptions, type FilesDeliveryOptions } from './model/delivery/delivery-options';
export { type CommitAuthor, type MergeRequestOptions } from './model/delivery/push-manifest';

export {
  type GitLabAccessLevel,
  type GitLabBranchRules,
  GitLabProject,
  type GitLabProjectAttributes,
  type GitLabProjectProps,
} from './constructs/repository/gitlab-project';
export { type GitLabProjectWriteOptions, type IGitLabProject } from './constructs/repository/i-gitlab-project';
export { RepositoryDelivery } from './constructs/repository/repository-delivery';
export {
  type DeliveredFile,
  type IBoundRepositoryDelivery,
  type IRepositoryDelivery,
  type RepositoryDeliveryBindProps,
} from './constructs/repository/i-repository-delivery';
export {
  type GitLabStateOptions,
  type IStateBackend,
  type LocalStateOptions,
  StateBackend,
} from './constructs/terraform/state-backend';
