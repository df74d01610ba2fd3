import { App } from 'cdktf';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';

import { operatorChart } from '../../__tests__/support/operator-chart';
import {
  type ControlPlane,
  freePorts,
  type Kubelet,
  startControlPlane,
  startKubelet,
} from '../../__tests__/support/rig';
import { Cluster } from '../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../lib/model/cluster/cluster-connection';
import { SpokeAuthentication } from '../../lib/model/cluster/spoke-authentication';
import { Trigger } from '../../lib/model/cluster/trigger';
import { type Component } from '../../lib/model/component/component';
import { FluxPatch } from '../../lib/model/flux/flux-patch';
import { FluxInstallation } from '../../lib/model/installation/flux-installation';
import { type OperatorInstallationProps } from '../../lib/model/installation/installation-props';
import { type SpokeInstallationProps } from '../../lib/model/installation/spoke-installation';
import { FleetStacks } from '../../stacks';
import { inDirectory } from './fleet';
import { Terraform } from './terraform';
import { startWorld, type World } from './world';

/** A world whose cluster is a hub, and a second cluster. */
export interface HubWorld extends World {
  readonly spoke: ControlPlane;
  readonly spokeKubelet: Kubelet;
  /** Where the hub reaches the spoke: not on loopback. */
  readonly spokeServer: string;
  /** The spoke is gone, for the hub and for Terraform. */
  readonly loseSpoke: () => Promise<void>;
}

/** What a test's hub and spoke have. */
export interface HubOptions {
  readonly components?: readonly Component[];
  readonly onHub?: readonly Component[];
  readonly hub?: Partial<OperatorInstallationProps>;
  readonly spoke?: Partial<SpokeInstallationProps>;
  /** Whether there is a spoke at all. */
  readonly withoutSpoke?: boolean;
  /** How a push reaches hub and spoke; by default Flux asks every 3 s. */
  readonly trigger?: Trigger;
}

/** An address of this machine that is not loopback: the certificates of the rig hold it. */
export const ownAddress = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

/**
 * Starts everything (about 15 s).
 *
 * @param kubeletEnvironment - more environment of the hub's kubelet, such as `RIG_RECEIVER_PORT`
 */
export async function startHubWorld(kubeletEnvironment: Readonly<Record<string, string>> = {}): Promise<HubWorld> {
  const world = await startWorld(kubeletEnvironment);
  const spoke = await startControlPlane();
  const spokeKubelet = startKubelet(spoke);
  copyFileSync(spoke.kubeconfig, join(world.directory, 'spoke.kubeconfig'));
  const { server: spokeServer, close } = await reachFromPods(spoke);
  return {
    ...world,
    spoke,
    spokeKubelet,
    spokeServer,
    loseSpoke: async () => {
      close();
      await spokeKubelet.stop();
      await spoke.stop();
    },
  };
}

/**
 * Gives a control plane an address that is not loopback.
 *
 * @param controlPlane - the control plane
 */
export async function reachFromPods(
  controlPlane: ControlPlane,
): Promise<{ readonly server: string; readonly close: () => void }> {
  const port = await freePorts();
  const forwarder = createServer((socket) => {
    const upstream = connect(Number(new URL(controlPlane.url).port), '127.0.0.1');
    socket.pipe(upstream).pipe(socket);
    socket.on('error', () => upstream.destroy());
    upstream.on('error', () => socket.destroy());
  });
  await new Promise<void>((listening) => forwarder.listen(port, ownAddress, listening));
  forwarder.unref();
  return { server: `https://${ownAddress}:${port}`, close: () => forwarder.close() };
}

/** The certificate of a control plane's authority, in PEM. */
export function authorityOf({ kubeconfig }: ControlPlane): string {
  const certificate = /certificate-authority-data: ([^}\s]+)/.exec(readFileSync(kubeconfig, 'utf8'))?.[1] ?? '';
  return Buffer.from(certificate, 'base64').toString();
}

/** The stacks of a world with a hub. */
export function hubStacks(world: World): {
  readonly repository: Terraform;
  readonly hub: Terraform;
  readonly spoke: Terraform;
} {
  const stack = (name: string): Terraform =>
    new Terraform(
      join(world.directory, 'cdktf.out/stacks', name),
      join(world.directory, `terraform.${name}.tfstate`),
      world.environment,
    );
  return { repository: stack('repository'), hub: stack('dev-uni-hub'), spoke: stack('dev-uni-spoke') };
}

/** Flux asks and tries again more often than people would have it. */
const impatient = FluxPatch.custom({
  target: { kind: 'Deployment', name: 'kustomize-controller' },
  patch: '- op: add\n  path: /spec/template/spec/containers/0/args/-\n  value: --requeue-dependency=2s\n',
});

/** `cdktf synth` in the person's directory. */
export function synthHub(world: HubWorld, options: HubOptions = {}): void {
  const { gitlab, project, kubeconfig, directory } = world;
  const trigger = options.trigger ?? Trigger.interval({ every: '10s' });
  const hub = new Cluster({
    name: 'uni-hub',
    environment: 'dev',
    connection: ClusterConnection.kubeconfig({ path: kubeconfig, context: 'rig' }),
    trigger,
    components: options.onHub,
  });
  const spoke = new Cluster({
    name: 'uni-spoke',
    environment: 'dev',
    connection: ClusterConnection.kubeconfig({ path: join(directory, 'spoke.kubeconfig'), context: 'rig' }),
    trigger,
    components: options.components,
  });
  const authentication = SpokeAuthentication.serviceAccountToken({
    server: world.spokeServer,
    certificateAuthority: authorityOf(world.spoke),
  });
  inDirectory(directory, () => {
    const app = new App({ outdir: join(directory, 'cdktf.out') });
    const operator = operatorChart();
    const settings = { version: 'v2.9.4', interval: '10s', operator, patches: [impatient], ...options.hub };
    const onHub = { cluster: hub, flux: FluxInstallation.operator(settings) };
    const spokes = [{ cluster: spoke, flux: FluxInstallation.spoke({ hub: onHub, authentication, ...options.spoke }) }];
    new FleetStacks(app, {
      project: { url: gitlab.secureUrl, path: project.path, certificateAuthority: gitlab.certificate },
      clusters: [onHub, ...(options.withoutSpoke === true ? [] : spokes)],
    });
    app.synth();
  });
}

/** Takes the spoke out of Terraform's reach. */
export function hideSpoke(world: HubWorld): void {
  const text = readFileSync(world.spoke.kubeconfig, 'utf8');
  writeFileSync(join(world.directory, 'spoke.kubeconfig'), text.replace(world.spoke.url, 'https://127.0.0.1:1'));
}
