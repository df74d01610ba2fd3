import { checkAll } from '../check-all';
import { type Cluster } from '../cluster/cluster';
import { checkSpokeSettings, type FluxSpokeSettings } from '../cluster/spoke-settings';
import { checkSettings } from '../flux/setting';
import { type FileTree } from '../manifest/file-tree';
import { type ProjectBranch } from '../manifest/project-branch';
import { checkSpokeOnHub, type FluxHub } from './flux-hub';
import { type FluxTarget } from './flux-target';
import { READ_CREDENTIAL, type ReadCredentialSettings } from './read-credential';
import { spokeFiles, spokeTarget } from './spoke-files';

/** How the Flux of a hub deploys to a cluster. */
export interface SpokeInstallationProps extends FluxSpokeSettings, ReadCredentialSettings {
  /** The cluster whose Flux deploys to the spoke. */
  readonly hub: FluxHub;
}

/** Flux on another cluster, the hub. */
export class SpokeInstallation {
  /** The way to run Flux. */
  public readonly type = 'spoke';
  /** The hub. */
  public readonly hub: FluxHub;
  /** How it deploys to the spoke. */
  public readonly settings: Omit<SpokeInstallationProps, 'hub'>;

  /** @throws ValidationError when Kubernetes or Flux would refuse it */
  constructor({ hub, ...settings }: SpokeInstallationProps) {
    checkAll(
      () => checkSettings('spoke', READ_CREDENTIAL, settings),
      () => checkSpokeSettings('spoke', settings),
    );
    this.hub = hub;
    this.settings = settings;
  }

  /**
   * Where the Flux objects of the spoke's components go.
   *
   * @throws ValidationError when the hub could not serve the spoke
   */
  public targetFor(cluster: Cluster): FluxTarget {
    checkSpokeOnHub(cluster, this.settings, this.hub);
    return spokeTarget({ cluster, spoke: this.settings, hub: this.hub });
  }

  /** The files of the spoke itself: on the hub what applies its components, and what comes to the spoke before them. */
  public filesFor(cluster: Cluster, repository: ProjectBranch): FileTree {
    return spokeFiles({ cluster, spoke: this.settings, hub: this.hub }, repository);
  }
}
