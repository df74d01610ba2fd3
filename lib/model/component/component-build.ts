import { type Decryption } from '../flux/decryption';
import { type PostBuild } from '../flux/kustomization';
import { type KustomizationChanges } from '../flux/kustomization-changes';
import { type KustomizePatch } from '../manifest/kustomize';
import { type OwnChart } from './chart/own-chart';
import { type HelmPostRender } from './helm-post-render';
import { type HelmValues } from './helm-values';

/** What Flux builds of a component on a cluster: an overlay, or a chart. */
export type ComponentBuild = OverlayBuild | ChartBuild;

/** What Flux changes about a directory before it builds it. */
export interface FluxChanges extends Omit<KustomizationChanges, 'ignore'> {
  /** Patches. */
  readonly patches: readonly KustomizePatch[];
  /** Images to replace. */
  readonly images?: readonly object[];
}

/** The overlay of a kustomize component. */
export interface OverlayBuild {
  /** Flux builds it with kustomize. */
  readonly type: 'overlay';
  /** The base as the component names its directory; undefined for one that is no directory of yours. */
  readonly baseDirectory: string | undefined;
  /** The directory of yours that the files of the base lie below; undefined as above. */
  readonly baseRoot: string | undefined;
  /** The overlay as the component names its directory; undefined for typed values. */
  readonly overlayDirectory: string | undefined;
  /** Whether this library delivers the base. Otherwise it is in the repository already. */
  readonly hasBase: boolean;
  /** What Flux changes about the overlay before it builds it. */
  readonly changes: Omit<FluxChanges, 'images'>;
  /** Values that Flux fills in after the build; undefined for none, which leaves `${…}` as it is. */
  readonly postBuild: PostBuild | undefined;
  /** How Flux decrypts what SOPS encrypted; undefined when it does not. */
  readonly decryption: Decryption | undefined;
}

/** A chart of yours. */
export interface ChartBuild {
  /** Flux installs it with Helm. */
  readonly type: 'chart';
  /** The chart. */
  readonly chart: OwnChart;
  /** The values that the fleet says for the cluster. */
  readonly values: HelmValues;
  /** Whether there are values beside them that only the cluster knows. */
  readonly hasOtherValues: boolean;
  /** Whether Helm does not check the values by the schema of the chart. */
  readonly skipsSchema: boolean;
  /** Name of the release. */
  readonly releaseName: string;
  /** Namespace that the chart is installed into. */
  readonly namespace: string;
  /** What kustomize changes about what the chart renders. */
  readonly postRender: HelmPostRender | undefined;
}
