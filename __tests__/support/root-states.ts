import fc from 'fast-check';

import { FluxPatch } from '../../lib/model/flux/flux-patch';
import { FluxInstallation } from '../../lib/model/installation/flux-installation';
import { ClusterLayout } from '../../lib/model/layout/cluster-layout';
import { clusterReceivers } from '../../lib/model/layout/cluster-receivers';
import { secretVariables } from '../../lib/model/layout/component-secrets';
import { receiverFiles } from '../../lib/model/layout/receiver-files';
import { FileTree } from '../../lib/model/manifest/file-tree';
import { fleetPlans } from './arbitrary-fleet';
import { type ClusterPlan, type ComponentPlan, fleetOf } from './fleets';
import { type RootSettings, rootOf, type Secrets } from './root';

/** What a deploy brings: files to Git, Secrets to the cluster. */
export interface RootState {
  readonly files: FileTree;
  readonly secrets: Secrets;
  readonly root: RootSettings;
}

const repository = { url: 'https://gitlab.example.com', path: 'platform/fleet', branch: 'main' };
const patches = {
  concurrency: FluxPatch.concurrency({ kustomize: 10 }),
  substitution: FluxPatch.rootSubstitution('fleet-variables'),
  decryption: FluxPatch.rootDecryption({ secretName: 'sops-age' }),
};
/** A patch of Flux that a state may have. */
export type RootPatch = keyof typeof patches;

/** A state of one cluster. */
export function stateOf(
  components: readonly ComponentPlan[],
  plan: ClusterPlan,
  names: readonly RootPatch[],
): RootState {
  const { cluster } = fleetOf({ components, clusters: [plan] }).clusters[0]!;
  const flux = FluxInstallation.bootstrap({ version: 'v2.9.4', patches: names.map((name) => patches[name]) });
  const layout = new ClusterLayout({ cluster, target: flux.targetFor(cluster), repository });
  const files = FileTree.merge([
    flux.filesFor(cluster, repository),
    layout.files,
    receiverFiles(layout),
    names.includes('substitution')
      ? FileTree.of([{ path: `clusters/${plan.name}/own.yaml`, content: 'data: {region: "${REGION}"}\n' }])
      : FileTree.EMPTY,
  ]);
  const credentials = cluster.components.flatMap((component) =>
    component
      .secretsFor(cluster)
      .filter(({ credential }) => credential.data.type === 'terraform')
      .flatMap((secret) => secretVariables(component, secret).map(({ name }) => name)),
  );
  const paths = clusterReceivers(layout).map(({ pathVariable }) => pathVariable);
  const webhook = plan.trigger === 'webhook' ? ['WEBHOOK_TOKEN', 'WEBHOOK_REVISION', ...paths] : [];
  const valuesOf = (variables: readonly string[]) => Object.fromEntries(variables.map((name) => [name, `"<${name}>"`]));
  const secrets = {
    ...(credentials.length > 0 && plan.trigger !== 'pipeline' && { 'git-credentials': valuesOf(credentials) }),
    ...(webhook.length > 0 && { 'webhook-receiver': valuesOf(webhook) }),
    // Not Terraform's, so they are there before and after.
    'fleet-variables': { REGION: 'eu' },
    'sops-age': {},
  };
  return { files, secrets, root: rootOf(files, plan.name) };
}

/** Two states of one cluster, with the same components to choose from. */
export const pairsOfStates = fc
  .tuple(fleetPlans, fleetPlans, fc.subarray<RootPatch>(['concurrency', 'substitution', 'decryption']), fc.boolean())
  .map(([before, after, names, more]) => {
    const [first, second] = [before.clusters[0]!, { ...after.clusters[0]!, name: before.clusters[0]!.name }];
    // A change of the user's own substitution is another matter: see below.
    const later = more ? names : names.filter((name) => name === 'substitution');
    return [stateOf(before.components, first, names), stateOf(after.components, second, later)] as const;
  });
