import * as branchProtection from '@cdktf/provider-gitlab/lib/branch-protection/index.js';
import * as clusterAgent from '@cdktf/provider-gitlab/lib/cluster-agent/index.js';
import * as clusterAgentToken from '@cdktf/provider-gitlab/lib/cluster-agent-token/index.js';
import * as dataGitlabGroup from '@cdktf/provider-gitlab/lib/data-gitlab-group/index.js';
import * as dataGitlabMetadata from '@cdktf/provider-gitlab/lib/data-gitlab-metadata/index.js';
import * as project from '@cdktf/provider-gitlab/lib/project/index.js';
import * as projectAccessToken from '@cdktf/provider-gitlab/lib/project-access-token/index.js';
import * as projectDeployToken from '@cdktf/provider-gitlab/lib/project-deploy-token/index.js';
import * as projectEnvironment from '@cdktf/provider-gitlab/lib/project-environment/index.js';
import * as projectHook from '@cdktf/provider-gitlab/lib/project-hook/index.js';
import * as projectVariable from '@cdktf/provider-gitlab/lib/project-variable/index.js';
import * as gitlabProvider from '@cdktf/provider-gitlab/lib/provider/index.js';
import * as repositoryFile from '@cdktf/provider-gitlab/lib/repository-file/index.js';
import * as helmProvider from '@cdktf/provider-helm/lib/provider/index.js';
import * as release from '@cdktf/provider-helm/lib/release/index.js';
import * as clusterRoleBindingV1 from '@cdktf/provider-kubernetes/lib/cluster-role-binding-v1/index.js';
import * as clusterRoleV1 from '@cdktf/provider-kubernetes/lib/cluster-role-v1/index.js';
import * as configMapV1 from '@cdktf/provider-kubernetes/lib/config-map-v1/index.js';
import * as namespaceV1 from '@cdktf/provider-kubernetes/lib/namespace-v1/index.js';
import * as kubernetesProvider from '@cdktf/provider-kubernetes/lib/provider/index.js';
import * as roleBindingV1 from '@cdktf/provider-kubernetes/lib/role-binding-v1/index.js';
import * as roleV1 from '@cdktf/provider-kubernetes/lib/role-v1/index.js';
import * as secretV1 from '@cdktf/provider-kubernetes/lib/secret-v1/index.js';
import * as serviceAccountV1 from '@cdktf/provider-kubernetes/lib/service-account-v1/index.js';

import { literal } from './literal';

// The classes of providers that this package uses. What they are given is taken literally.

/** `gitlab`: `branch-protection`. */
export const BranchProtection = literal(branchProtection.BranchProtection);
/** One of {@link BranchProtection}. */
export type BranchProtection = branchProtection.BranchProtection;
/** `gitlab`: `cluster-agent`. */
export const ClusterAgent = literal(clusterAgent.ClusterAgent);
/** One of {@link ClusterAgent}. */
export type ClusterAgent = clusterAgent.ClusterAgent;
/** `gitlab`: `cluster-agent-token`. */
export const ClusterAgentToken = literal(clusterAgentToken.ClusterAgentToken);
/** One of {@link ClusterAgentToken}. */
export type ClusterAgentToken = clusterAgentToken.ClusterAgentToken;
/** `kubernetes`: `cluster-role-binding-v1`. */
export const ClusterRoleBindingV1 = literal(clusterRoleBindingV1.ClusterRoleBindingV1);
/** One of {@link ClusterRoleBindingV1}. */
export type ClusterRoleBindingV1 = clusterRoleBindingV1.ClusterRoleBindingV1;
/** `kubernetes`: `cluster-role-v1`. */
export const ClusterRoleV1 = literal(clusterRoleV1.ClusterRoleV1);
/** One of {@link ClusterRoleV1}. */
export type ClusterRoleV1 = clusterRoleV1.ClusterRoleV1;
/** `kubernetes`: `config-map-v1`. */
export const ConfigMapV1 = literal(configMapV1.ConfigMapV1);
/** One of {@link ConfigMapV1}. */
export type ConfigMapV1 = configMapV1.ConfigMapV1;
/** `gitlab`: `data-gitlab-group`. */
export const DataGitlabGroup = literal(dataGitlabGroup.DataGitlabGroup);
/** One of {@link DataGitlabGroup}. */
export type DataGitlabGroup = dataGitlabGroup.DataGitlabGroup;
/** `gitlab`: `data-gitlab-metadata`. */
export const DataGitlabMetadata = literal(dataGitlabMetadata.DataGitlabMetadata);
/** One of {@link DataGitlabMetadata}. */
export type DataGitlabMetadata = dataGitlabMetadata.DataGitlabMetadata;
/** `gitlab`: `provider`. */
export const GitlabProvider = literal(gitlabProvider.GitlabProvider);
/** One of {@link GitlabProvider}. */
export type GitlabProvider = gitlabProvider.GitlabProvider;
/** `helm`: `provider`. */
export const HelmProvider = literal(helmProvider.HelmProvider);
/** `kubernetes`: `provider`. */
export const KubernetesProvider = literal(kubernetesProvider.KubernetesProvider);
/** `kubernetes`: `namespace-v1`. */
export const NamespaceV1 = literal(namespaceV1.NamespaceV1);
/** One of {@link NamespaceV1}. */
export type NamespaceV1 = namespaceV1.NamespaceV1;
/** `gitlab`: `project`. */
export const Project = literal(project.Project);
/** One of {@link Project}. */
export type Project = project.Project;
/** `gitlab`: `project-access-token`. */
export const ProjectAccessToken = literal(projectAccessToken.ProjectAccessToken);
/** One of {@link ProjectAccessToken}. */
export type ProjectAccessToken = projectAccessToken.ProjectAccessToken;
/** `gitlab`: `project-deploy-token`. */
export const ProjectDeployToken = literal(projectDeployToken.ProjectDeployToken);
/** One of {@link ProjectDeployToken}. */
export type ProjectDeployToken = projectDeployToken.ProjectDeployToken;
/** `gitlab`: `project-environment`. */
export const ProjectEnvironment = literal(projectEnvironment.ProjectEnvironment);
/** One of {@link ProjectEnvironment}. */
export type ProjectEnvironment = projectEnvironment.ProjectEnvironment;
/** `gitlab`: `project-hook`. */
export const ProjectHook = literal(projectHook.ProjectHook);
/** `gitlab`: `project-variable`. */
export const ProjectVariable = literal(projectVariable.ProjectVariable);
/** One of {@link ProjectVariable}. */
export type ProjectVariable = projectVariable.ProjectVariable;
/** `helm`: `release`. */
export const Release = literal(release.Release);
/** One of {@link Release}. */
export type Release = release.Release;
/** `gitlab`: `repository-file`. */
export const RepositoryFile = literal(repositoryFile.RepositoryFile);
/** One of {@link RepositoryFile}. */
export type RepositoryFile = repositoryFile.RepositoryFile;
/** `kubernetes`: `role-binding-v1`. */
export const RoleBindingV1 = literal(roleBindingV1.RoleBindingV1);
/** One of {@link RoleBindingV1}. */
export type RoleBindingV1 = roleBindingV1.RoleBindingV1;
/** `kubernetes`: `role-v1`. */
export const RoleV1 = literal(roleV1.RoleV1);
/** One of {@link RoleV1}. */
export type RoleV1 = roleV1.RoleV1;
/** `kubernetes`: `secret-v1`. */
export const SecretV1 = literal(secretV1.SecretV1);
/** One of {@link SecretV1}. */
export type SecretV1 = secretV1.SecretV1;
/** `kubernetes`: `service-account-v1`. */
export const ServiceAccountV1 = literal(serviceAccountV1.ServiceAccountV1);
/** One of {@link ServiceAccountV1}. */
export type ServiceAccountV1 = serviceAccountV1.ServiceAccountV1;
