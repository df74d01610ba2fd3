import { checkAll } from '../check-all';
import { type ErrorThing } from '../error-place';
import { checkNamespaceLabels } from '../manifest/kubernetes-metadata';
import { checkDnsLabel } from '../manifest/kubernetes-name';
import { ValidationError } from '../validation-error';
import { checkClusterSelector, type ClusterSelector } from './cluster-selector';
import { type Component } from './component';
import { checkServiceAccount, type ComponentServiceAccount } from './service-account';

/** The props that components of every kind have. */
export interface CommonComponentProps {
  /** Name: a DNS label. */
  readonly name: string;
  /**
   * Namespace of the workload. The component brings it, with `kustomize.toolkit.fluxcd.io/prune: disabled`.
   *
   * @default - the name of the component
   */
  readonly namespace?: string;
  /**
   * The component whose namespace this one joins, in place of `namespace`.
   *
   * @default - none, the component brings its own namespace
   */
  readonly namespaceOwner?: Component;
  /** Labels of the namespace, for example those of Pod Security. */
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  /** Components of the same cluster that must be ready before this one is applied. */
  readonly dependsOn?: readonly Component[];
  /**
   * The clusters that the component comes to by itself, of those that have it in their catalog. Several selectors are
   * alternatives.
   *
   * @default - only those that name it
   */
  readonly on?: ClusterSelector | readonly ClusterSelector[];
  /**
   * The account with whose rights Flux applies the component.
   *
   * @default - as the Flux installation says: the controller's, or under lockdown one in the component's namespace
   */
  readonly serviceAccount?: ComponentServiceAccount;
  /**
   * The shard of Flux's controllers that serves the component.
   *
   * @default - the main controllers
   */
  readonly shard?: string;
}

/** Refuses names that are none, and a namespace with two owners. */
export function checkCommonProps(at: ErrorThing, props: CommonComponentProps): void {
  const { name, namespace, namespaceOwner, namespaceLabels } = props;
  checkAll(
    () => checkDnsLabel('component', 'name', name),
    () => namespace !== undefined && namespaceOwner === undefined && checkDnsLabel(at, 'namespace', namespace),
    () => checkServiceAccount(at, props.serviceAccount),
    () => checkNamespaceLabels(at, 'namespaceLabels', namespaceLabels),
    () => checkOn(at, props.on),
    () => {
      if (namespace !== undefined && namespaceOwner !== undefined) {
        throw new ValidationError({
          at,
          prop: 'namespace',
          got: namespace,
          want: 'either namespace or namespaceOwner',
        });
      }
    },
    () => {
      if (namespaceOwner !== undefined && namespaceLabels !== undefined) {
        throw new ValidationError({
          at,
          prop: 'namespaceLabels',
          got: namespaceLabels,
          want: 'nothing: the owner of the namespace labels it',
        });
      }
    },
  );
}

function checkOn(at: ErrorThing, on: CommonComponentProps['on']): void {
  if (on === undefined) return;
  if (!isList(on)) {
    checkClusterSelector(at, ['on'], on);
    return;
  }
  checkAll(...on.map((selector, index) => () => checkClusterSelector(at, ['on', index], selector)));
}

function isList(on: ClusterSelector | readonly ClusterSelector[]): on is readonly ClusterSelector[] {
  return Array.isArray(on);
}
