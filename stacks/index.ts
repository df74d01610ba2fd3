/**
 * Ready stacks for a whole fleet.
 *
 * @packageDocumentation
 */
export { ClusterStack, type ClusterStackProps } from './cluster-stack';
export { FleetStacks } from './fleet-stacks';
export { RepositoryStack, type RepositoryStackProps } from './repository-stack';
export { SpokeStack, type SpokeStackProps } from './spoke-stack';
