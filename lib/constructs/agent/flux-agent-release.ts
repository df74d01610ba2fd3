import { type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { WATCH_LABEL } from '../../model/flux/metadata';
import { type IFlux } from '../flux/i-flux';
import { localRelease } from '../terraform/local-release';
import { ConfigMapV1 } from '../terraform/resources';
import { type AgentReleaseProps, terraformValues } from './agent-release';
import { kasCondition } from './kas-address';

/** What describes a {@link FluxAgentRelease}. */
export interface FluxAgentReleaseProps extends AgentReleaseProps {
  /** The Flux that installs the agent. */
  readonly flux: IFlux;
}

const REMOVAL_SECONDS = 300;

/**
 * What Terraform adds to an agent that Flux installs: the values that only Terraform knows, when Flux is ready, and a Job
 * that has Flux uninstall the agent before Flux goes.
 */
export class FluxAgentRelease extends Construct {
  /** The values are there, so Flux installs the agent. */
  public readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: FluxAgentReleaseProps) {
    super(scope, id);
    const { access, names, kas, token, flux } = props;
    const { jobImage: image, imagePullSecrets, nodeSelector, tolerations } = props.settings;
    const values = new ConfigMapV1(this, 'Values', {
      provider: access.kubernetes,
      // agentk looks for Flux's CRDs only once, and the HelmRelease waits for this ConfigMap.
      dependsOn: [token.secret, flux.ready],
      metadata: { name: names.terraformConfigMap, namespace: names.namespace, labels: WATCH_LABEL },
      data: { 'values.yaml': terraformValues(props) },
      lifecycle: kasCondition(kas),
    });
    const removal = {
      image,
      imagePullSecrets,
      nodeSelector,
      tolerations,
      removeAgent: { helmRelease: names.namespace },
      deadlineSeconds: REMOVAL_SECONDS,
    };
    // It is made last, and so goes first.
    this.ready = localRelease(this, 'Removal', {
      provider: access.helm,
      name: `${names.namespace}-removal`,
      namespace: names.namespace,
      chart: 'flux-jobs',
      timeout: REMOVAL_SECONDS + 60,
      values: removal,
      dependsOn: [values, flux.ready, props.namespace],
    });
  }
}
