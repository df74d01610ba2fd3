import { type Cluster } from '../cluster/cluster';
import { FluxPatch } from '../flux/flux-patch';
import { FLUX_NAMESPACE, PRUNE_DISABLED } from '../flux/metadata';
import { toYamlDocument } from '../manifest/yaml';

/** Name of the Secret in `flux-system` from which Flux fills the components' Secrets. Terraform writes it. */
export const GIT_CREDENTIALS_SECRET = 'git-credentials';
/** Name of the Secret in `flux-system` from which the root fills in token and paths. Terraform writes it. */
export const WEBHOOK_SECRET = 'webhook-receiver';

/**
 * The root and its source leave Git by mistake only, or for a moment: the Terraform provider of Flux pushes an empty
 * `gotk-sync.yaml` before the real one. Flux would prune its root, and with it all that it deployed.
 */
const ROOT_STAYS = FluxPatch.custom({
  target: { kind: 'GitRepository|Kustomization', name: FLUX_NAMESPACE },
  patch: toYamlDocument([{ op: 'add', path: '/metadata/annotations', value: PRUNE_DISABLED }]),
});

/** Changes to a Flux whose own files are in Git. */
export function rootPatches(cluster: Cluster, given: readonly FluxPatch[] | undefined): readonly FluxPatch[] {
  const patches = withSubstitution(cluster, given);
  return patches.length === 0 ? [] : [...patches, ROOT_STAYS];
}

/**
 * Changes to Flux, with those that let it fill Secrets and that its receivers need.
 *
 * The root reads a revision with the settings that it has from an earlier one, and applies nothing of it when a value is
 * missing, new settings neither. So the Secrets that this library writes are among its settings before a file needs them,
 * and they are optional, because Terraform removes them before the root has read that nothing needs them any more.
 */
export function withSubstitution(cluster: Cluster, patches: readonly FluxPatch[] = []): readonly FluxPatch[] {
  const { type, layout, webhook } = cluster.trigger;
  const hasComponents = layout === 'per-cluster' && cluster.components.length > 0;
  // Otherwise the root is, byte for byte, what `flux bootstrap` writes.
  if (patches.length === 0 && !hasComponents && type !== 'webhook') return [];
  const from = (secret: string, strict: boolean): FluxPatch =>
    FluxPatch.rootSubstitution(secret, { optional: true, strict });
  return [
    ...patches,
    from(GIT_CREDENTIALS_SECRET, needsGitCredentials(cluster)),
    from(WEBHOOK_SECRET, type === 'webhook'),
    ...(webhook?.callers === undefined ? [] : [FluxPatch.receiverAccess(webhook.callers)]),
  ];
}

/** Whether Flux has to fill Secrets of the cluster's components. */
export function needsGitCredentials(cluster: Cluster): boolean {
  return (
    cluster.trigger.layout === 'per-cluster' &&
    cluster.components.some((component) =>
      component.secretsFor(cluster).some(({ credential }) => credential.data.type === 'terraform'),
    )
  );
}
