import { App } from 'cdktf';
import { join } from 'node:path';

import { operatorChart } from '../../__tests__/support/operator-chart';
import { Cluster } from '../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../lib/model/cluster/cluster-connection';
import { Trigger } from '../../lib/model/cluster/trigger';
import { type Component } from '../../lib/model/component/component';
import { type DeliveryDefinition } from '../../lib/model/fleet/definition/fleet-definition';
import { FluxPatch } from '../../lib/model/flux/flux-patch';
import { FluxInstallation } from '../../lib/model/installation/flux-installation';
import {
  type BootstrapInstallationProps,
  type OperatorInstallationProps,
  type ProviderInstallationProps,
} from '../../lib/model/installation/installation-props';
import { FleetStacks } from '../../stacks';
import { Terraform } from './terraform';
import { type World } from './world';

type FluxOptions =
  | ({ readonly type?: 'bootstrap' } & Partial<BootstrapInstallationProps>)
  | ({ readonly type: 'provider' } & ProviderInstallationProps)
  | ({ readonly type: 'operator' } & OperatorInstallationProps);

/** What a test's fleet of one cluster has. */
export interface FleetOptions {
  readonly components?: readonly Component[];
  /** Without `patches` Flux is made impatient; an empty list leaves it as it is. */
  readonly flux?: FluxOptions;
  readonly delivery?: DeliveryDefinition;
  /** How a push reaches the cluster; by default Flux asks every 3 s. */
  readonly trigger?: Trigger;
  /** Whether Flux leaves the components alone. */
  readonly suspend?: boolean;
}

/** What Terraform is called for. */
export interface Stacks {
  readonly repository: Terraform;
  readonly cluster: Terraform;
}

/** Flux asks and tries again more often than people would have it. */
const impatient = FluxPatch.custom({
  target: { kind: 'Deployment', name: 'kustomize-controller' },
  patch: '- op: add\n  path: /spec/template/spec/containers/0/args/-\n  value: --requeue-dependency=2s\n',
});

/** The stacks of a world's fleet; they are synthesized before. */
export function stacksOf(world: World): Stacks {
  const stack = (name: string): Terraform =>
    new Terraform(
      join(world.directory, 'cdktf.out/stacks', name),
      join(world.directory, `terraform.${name}.tfstate`),
      world.environment,
    );
  return { repository: stack('repository'), cluster: stack('dev-uni-dev') };
}

/** `cdktf synth` in the person's directory. */
export function synth(world: World, { components, flux, delivery, trigger, suspend }: FleetOptions = {}): void {
  const { gitlab, project, kubeconfig } = world;
  inDirectory(world.directory, () => {
    const app = new App({ outdir: join(world.directory, 'cdktf.out') });
    const cluster = new Cluster({
      name: 'uni-dev',
      environment: 'dev',
      connection: ClusterConnection.kubeconfig({ path: kubeconfig, context: 'rig' }),
      trigger: trigger ?? Trigger.interval({ every: '10s' }),
      components,
      suspend,
    });
    new FleetStacks(app, {
      project: { url: gitlab.secureUrl, path: project.path, certificateAuthority: gitlab.certificate },
      delivery,
      clusters: [{ cluster, flux: installationOf(flux) }],
    });
    app.synth();
  });
}

function installationOf({ type, ...settings }: FluxOptions = {}): FluxInstallation {
  const common = { interval: '10s', ...settings };
  if (type === 'operator') {
    // Of the rig's controllers only one may start anew: source-controller would come back under another address.
    return FluxInstallation.operator({ version: 'v2.9.4', operator: operatorChart(), ...common });
  }
  const patches = settings.patches?.length === 0 ? [] : [impatient, ...(settings.patches ?? [])];
  return type === 'provider'
    ? FluxInstallation.provider({ ...common, patches })
    : FluxInstallation.bootstrap({ version: 'v2.9.4', ...common, patches });
}

/** `cdktf deploy repository` and `cdktf deploy 'dev-*'`. */
export async function deploy(world: World, options: FleetOptions = {}): Promise<Stacks> {
  synth(world, options);
  const stacks = stacksOf(world);
  for (const stack of [stacks.repository, stacks.cluster]) {
    await stack.init();
    await stack.apply();
  }
  return stacks;
}

/** Does something in a directory. */
export function inDirectory(directory: string, action: () => void): void {
  const before = process.cwd();
  process.chdir(directory);
  try {
    action();
  } finally {
    process.chdir(before);
  }
}
