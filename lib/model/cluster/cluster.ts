import { checkAll, mapAll } from '../check-all';
import { type ClusterIdentity } from '../component/cluster-identity';
import { selects } from '../component/cluster-selector';
import { checkClusterVariables } from '../component/cluster-variables';
import { type Component } from '../component/component';
import { gateName } from '../component/dependency-gate';
import { inDependencyOrder } from '../component/dependency-order';
import { type ErrorThing } from '../error-place';
import { FLUX_NAMESPACE } from '../flux/metadata';
import { checkLabels } from '../manifest/kubernetes-metadata';
import { checkDnsLabel } from '../manifest/kubernetes-name';
import { ValidationError } from '../validation-error';
import { type ClusterConnection } from './cluster-connection';
import { Trigger } from './trigger';

/** What describes a {@link Cluster}. */
export interface ClusterProps {
  /** Name: a DNS label, unique in the fleet. */
  readonly name: string;
  /** Environment, for example `dev`: a DNS label. */
  readonly environment: string;
  /** How Terraform reaches the cluster. */
  readonly connection: ClusterConnection;
  /**
   * How a push reaches the cluster.
   *
   * @default Trigger.interval()
   */
  readonly trigger?: Trigger;
  /**
   * What the cluster is, for components that choose their clusters or differ between them. Labels of Kubernetes by form;
   * no object on the cluster gets them.
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Values that components may ask for, by name, beside `CLUSTER_NAME`, `ENVIRONMENT` and `LABEL_…`. They are in Git: no
   * secrets.
   */
  readonly variables?: Readonly<Record<string, string>>;
  /** Components that come by themselves when their `on` fits the cluster. */
  readonly catalog?: readonly Component[];
  /** What Flux deploys to the cluster, beside what comes from the catalog. */
  readonly components?: readonly Component[];
  /**
   * Whether the cluster serves `ExternalSecret` before Flux comes.
   *
   * @default false
   */
  readonly externalSecrets?: boolean;
  /**
   * Whether Flux leaves all components alone, as before a move: what is deployed then stays when their Flux objects go.
   *
   * @default false
   */
  readonly suspend?: boolean;
}

/** Names below `clusters/<cluster>` that mean something else. */
export const RESERVED_COMPONENTS: readonly string[] = [FLUX_NAMESPACE, `${FLUX_NAMESPACE}-namespaces`, 'spokes'];
const RESERVED_CLUSTER = 'flux-common';

/** A Kubernetes cluster and what is deployed to it: an immutable value. */
export class Cluster implements ClusterIdentity {
  /** Name of the cluster. */
  public readonly name: string;
  /** Environment of the cluster. */
  public readonly environment: string;
  /** How Terraform reaches the cluster. */
  public readonly connection: ClusterConnection;
  /** How a push reaches the cluster. */
  public readonly trigger: Trigger;
  /** What the cluster is. */
  public readonly labels: Readonly<Record<string, string>>;
  /** Values that components may ask for. */
  public readonly variables: Readonly<Record<string, string>>;
  /** What Flux deploys to the cluster, each component after those that it depends on. */
  public readonly components: readonly Component[];
  /** Whether the cluster serves `ExternalSecret` before Flux comes. */
  public readonly externalSecrets: boolean;
  /** Whether Flux leaves all components alone. */
  public readonly suspend: boolean;

  /**
   * @throws ValidationError when a name is no DNS label, is reserved or stands there twice, a dependency is missing or
   * part of a cycle, or a namespace or a service account has two owners
   */
  constructor(props: ClusterProps) {
    const at = { cluster: props.name };
    const components = [...(props.components ?? []), ...comingTo(props)];
    checkAll(
      () => checkName(props.name),
      () => checkDnsLabel(at, 'environment', props.environment),
      () => checkLabels(at, 'labels', props.labels),
      () => checkClusterVariables(at, props),
      () => checkNames(at, components),
      () => checkNamespaces(at, components),
      () => checkServiceAccounts(at, components),
      () => inDependencyOrder(at, components),
    );
    this.name = props.name;
    this.environment = props.environment;
    this.connection = props.connection;
    this.trigger = props.trigger ?? Trigger.interval();
    this.labels = { ...props.labels };
    this.variables = { ...props.variables };
    this.components = inDependencyOrder(at, components);
    this.externalSecrets = props.externalSecrets ?? false;
    this.suspend = props.suspend ?? false;
  }
}

/** Those of the catalog whose `on` fits, but for what is named already. */
function comingTo({ name, environment, labels, catalog = [], components = [] }: ClusterProps): readonly Component[] {
  const cluster = { name, environment, labels };
  return catalog.filter(
    (component) => !components.includes(component) && component.on.some((selector) => selects(selector, cluster)),
  );
}

function checkName(name: string): void {
  checkDnsLabel('cluster', 'name', name);
  if (name === RESERVED_CLUSTER) {
    const want = 'another name: clusters/flux-common belongs to all clusters with the trigger pipeline';
    throw new ValidationError({ at: 'cluster', prop: 'name', got: name, want });
  }
}

function checkNames(at: ErrorThing, components: readonly Component[]): void {
  const names = new Set<string>();
  mapAll(components, ({ name }, index) => {
    const prop = ['components', index];
    if (RESERVED_COMPONENTS.includes(name)) {
      throw new ValidationError({
        at,
        prop,
        got: name,
        want: `another name: clusters/<cluster>/${name} has a meaning of its own`,
      });
    }
    const waiting = components.find((other) => name === gateName(other));
    if (waiting !== undefined) {
      const want = `another name: Flux objects of "${waiting.name}" have this one`;
      throw new ValidationError({ at, prop, got: name, want });
    }
    if (names.has(name)) throw new ValidationError({ at, prop, got: name, want: 'each component once' });
    names.add(name);
  });
}

/** Two Namespace objects of one name break everything that Flux applies to the cluster. */
function checkNamespaces(at: ErrorThing, components: readonly Component[]): void {
  const owners = new Map<string, Component>();
  mapAll(components, (component, index) => {
    const { name, namespace, namespaceOwner } = component;
    const prop = ['components', index];
    if (namespace === FLUX_NAMESPACE) {
      throw new ValidationError({
        at,
        prop,
        got: `"${name}" in namespace ${namespace}`,
        want: 'another namespace: this one belongs to Flux',
      });
    }
    if (!components.includes(namespaceOwner)) {
      throw new ValidationError({
        at,
        prop,
        got: `"${name}" in the namespace of "${namespaceOwner.name}"`,
        want: `"${namespaceOwner.name}" among the components too, because it brings the namespace`,
      });
    }
    const owner = owners.get(namespace);
    if (owner !== undefined && owner !== namespaceOwner) {
      throw new ValidationError({
        at,
        prop,
        got: `"${name}" with the namespace "${namespace}", which "${owner.name}" brings`,
        want: `namespaceOwner: "${owner.name}", or another namespace`,
      });
    }
    owners.set(namespace, namespaceOwner);
  });
}

/** The same holds for two ServiceAccounts. */
function checkServiceAccounts(at: ErrorThing, components: readonly Component[]): void {
  const owners = new Map<string, Component>();
  mapAll(components, (component, index) => {
    const { name, namespace, serviceAccount } = component;
    if (serviceAccount === undefined || serviceAccount.create === false) return;
    const account = `${namespace}/${serviceAccount.name}`;
    const owner = owners.get(account);
    if (owner !== undefined) {
      throw new ValidationError({
        at,
        prop: ['components', index],
        got: `"${name}" with the service account ${account}, which "${owner.name}" brings`,
        want: 'serviceAccount.create: false, or an account of another name',
      });
    }
    owners.set(account, component);
  });
}
