/** A cluster as a component sees it: enough to choose what differs between clusters. */
export interface ClusterIdentity {
  /** Name of the cluster. */
  readonly name: string;
  /** Environment of the cluster, for example `dev`. */
  readonly environment: string;
  /**
   * Labels of the cluster, by which components choose it.
   *
   * @default - it has none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Values that components may ask for, by name.
   *
   * @default - only those that are there by themselves
   */
  readonly variables?: Readonly<Record<string, string>>;
}
