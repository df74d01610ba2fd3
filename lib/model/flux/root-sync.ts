/** What the root of a cluster follows. */
export interface RootSync {
  /** Address to clone from: `https://gitlab.example.com/platform/fleet.git`. */
  readonly url: string;
  /** Branch. */
  readonly branch: string;
  /** Directory of the cluster: `clusters/uni-dev`. */
  readonly path: string;
}
