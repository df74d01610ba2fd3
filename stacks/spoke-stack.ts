import { TerraformStack } from 'cdktf';
import { type Construct } from 'constructs';

import { ClusterAccess } from '../lib/constructs/cluster/cluster-access';
import { ClusterComponents } from '../lib/constructs/flux/cluster-components';
import { FluxReceiver } from '../lib/constructs/flux/flux-receiver';
import { FluxSpoke } from '../lib/constructs/flux/flux-spoke';
import { GitLabProject } from '../lib/constructs/repository/gitlab-project';
import { type Cluster } from '../lib/model/cluster/cluster';
import { type DeliveryDefinition, type FleetDefinition } from '../lib/model/fleet/definition/fleet-definition';
import { type SpokeInstallation } from '../lib/model/installation/spoke-installation';
import { deliveryOf } from './delivery';
import { readCredentialOf } from './read-credential';

/** What describes a {@link SpokeStack}. */
export interface SpokeStackProps extends Pick<FleetDefinition, 'project' | 'delivery'> {
  /** The spoke. */
  readonly cluster: Cluster;
  /** How its hub deploys to it. The stack of the hub does not know the spoke. */
  readonly flux: SpokeInstallation;
}

/** One spoke: what its hub needs to deploy to it, its components and their files in the GitOps repository. */
export class SpokeStack extends TerraformStack {
  /**
   * @param props - the spoke, its hub, the project and the delivery of files
   * @throws ValidationError when something about the spoke is wrong
   */
  constructor(scope: Construct, id: string, props: SpokeStackProps) {
    super(scope, id);
    const { cluster } = props;
    const { hub, settings } = props.flux;
    // The hub could not apply the spoke's file without the spoke's namespace, so the file never stays behind.
    const delivery = deliveryOf(removing(props.delivery));
    const project = GitLabProject.fromPath(this, 'Project', { ...props.project, delivery });
    const access = ClusterAccess.of(this, cluster.connection);
    const hubAccess = ClusterAccess.of(this, hub.cluster.connection, { alias: 'hub' });
    const readCredential = readCredentialOf(settings.readCredential);
    const flux = new FluxSpoke(this, 'Flux', { ...settings, cluster, hub, project, access, hubAccess, readCredential });
    new ClusterComponents(this, 'Components', { cluster, project, access: hubAccess, flux });
    // Without components there is nothing that a push could change.
    if (cluster.trigger.type === 'webhook' && cluster.components.length > 0) {
      new FluxReceiver(this, 'Receiver', { cluster, project, access: hubAccess, flux });
    }
  }
}

function removing(delivery: DeliveryDefinition | undefined): DeliveryDefinition | undefined {
  return delivery?.type === 'commit' ? { ...delivery, onDestroy: 'remove' } : delivery;
}
