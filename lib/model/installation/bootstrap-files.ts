import { type Cluster } from '../cluster/cluster';
import { type FluxBootstrapSettings } from '../flux/bootstrap-settings';
import { DEFAULT_CONTROLLERS } from '../flux/controller-settings';
import { FluxPatch } from '../flux/flux-patch';
import { gotkSync } from '../flux/gotk/gotk-sync';
import { checkGotkSettings, gotkFilesOf, installArguments } from '../flux/gotk-files';
import { type FluxInstallationSettings, sourceSecretNameOf } from '../flux/installation-settings';
import { FLUX_NAMESPACE, PRUNE_DISABLED } from '../flux/metadata';
import { rootKustomizationFiles } from '../flux/root-kustomization';
import { FileTree } from '../manifest/file-tree';
import { toYamlDocument } from '../manifest/yaml';
import { ValidationError } from '../validation-error';
import { type FluxTarget, type RepositoryAddress } from './flux-target';

/** Name of the Secret in `flux-system` from which Flux fills the components' Secrets. Terraform writes it. */
export const GIT_CREDENTIALS_SECRET = 'git-credentials';
/** Name of the Secret in `flux-system` from which the root fills in token and paths. Terraform writes it. */
export const WEBHOOK_SECRET = 'webhook-receiver';
/** The account that this library writes into each component's namespace when Flux is locked down. */
export const LOCKDOWN_ACCOUNT = 'flux-reconciler';

/**
 * Where the Flux objects of a cluster go whose Flux runs on the cluster itself.
 *
 * @throws ValidationError when Flux would not see the cluster's components
 */
export function bootstrapTarget(
  cluster: Cluster,
  settings: FluxInstallationSettings & { readonly version?: string },
): FluxTarget {
  const patches = FluxPatch.combine(settings.patches ?? []);
  checkCallers(cluster, settings);
  if (settings.watchAllNamespaces === false && cluster.trigger.layout === 'per-cluster') {
    throw new ValidationError({
      at: { cluster: cluster.name },
      prop: 'watchAllNamespaces',
      got: false,
      want: `true: with the trigger ${cluster.trigger.type} the Flux objects live in the components' namespaces`,
    });
  }
  return {
    directory: cluster.name,
    rootNamespace: FLUX_NAMESPACE,
    namespaceOf: (component) => component.namespace,
    sourceSecretName: sourceSecretNameOf(settings),
    serviceAccountName: patches.requiresServiceAccounts ? LOCKDOWN_ACCOUNT : undefined,
    shards: patches.shards,
    decrypts: patches.decrypts,
    restrictsReceivers: patches.restrictsReceivers,
    version: settings.version,
    controllers: settings.components ?? DEFAULT_CONTROLLERS,
  };
}

/**
 * The files of Flux itself below `clusters/<cluster>` that have to be in Git before Flux is installed. With `gotkFiles`
 * `flux` the CLI adds `gotk-components.yaml` and fills `gotk-sync.yaml`.
 *
 * @throws ValidationError when Terraform writes these files and the manifests of the release are not there, or altered
 */
export function bootstrapFiles(
  cluster: Cluster,
  settings: FluxBootstrapSettings,
  repository: RepositoryAddress,
): FileTree {
  const patches = patchesOf(cluster, settings);
  const path = `clusters/${cluster.name}`;
  const at = { cluster: cluster.name };
  checkGotkSettings(at, settings);
  const { httpUrl: url, branch } = repository;
  const gotk = settings.gotkFiles === 'terraform' ? gotkFilesOf(at, settings, { url, branch, path }) : undefined;
  return rootKustomizationFiles({ patches, gotk }).below(path);
}

/** The root and its source as Git has them, for a Job that writes them to the cluster. */
export interface GitRoot {
  /** Content of `gotk-sync.yaml`. */
  readonly sync: string;
  /** Content of `kustomization.yaml` beside it. */
  readonly kustomization: string;
  /** Path of the root. */
  readonly path: string;
  /** Arguments of `flux install --export`. */
  readonly arguments: readonly string[];
}

/** The root and its source as Git has them. */
export function gitRoot(
  cluster: Cluster,
  settings: FluxInstallationSettings,
  { httpUrl: url, branch }: RepositoryAddress,
): GitRoot {
  const path = `clusters/${cluster.name}`;
  const { interval, recurseSubmodules } = settings;
  const files = rootKustomizationFiles({ patches: patchesOf(cluster, settings) });
  return {
    sync: gotkSync({ url, branch, path, secretName: sourceSecretNameOf(settings), interval, recurseSubmodules }),
    kustomization: String(files.get(`${FLUX_NAMESPACE}/kustomization.yaml`)?.content),
    path: `./${path}`,
    // What a patch may name. Another setting of the controllers need not run the Job again.
    arguments: installArguments({ components: settings.components }),
  };
}

/** The paths of Flux's own files, whoever writes them. */
export function gotkPaths(cluster: Cluster): readonly string[] {
  return ['gotk-components.yaml', 'gotk-sync.yaml', 'kustomization.yaml'].map(
    (name) => `clusters/${cluster.name}/flux-system/${name}`,
  );
}

/** The files around Flux's own, where the Terraform provider of Flux writes these. */
export interface ProviderFiles {
  /** The directories of the patches. */
  readonly files: FileTree;
  /** Content of `flux-system/kustomization.yaml`; undefined for the provider's own. */
  readonly kustomization: string | undefined;
}

/** What the Terraform provider of Flux is given of the files below `clusters/<cluster>`, and what it is not. */
export function providerFiles(cluster: Cluster, settings: Pick<FluxInstallationSettings, 'patches'>): ProviderFiles {
  const patches = patchesOf(cluster, settings);
  const all = [...rootKustomizationFiles({ patches })];
  const kustomization = all.find(({ path }) => path === 'flux-system/kustomization.yaml')?.content;
  return {
    files: FileTree.of(all.filter(({ path }) => !path.startsWith('flux-system/'))).below(`clusters/${cluster.name}`),
    kustomization: patches.length === 0 ? undefined : String(kustomization),
  };
}

/**
 * The root and its source leave Git by mistake only, or for a moment: the Terraform provider of Flux pushes an empty
 * `gotk-sync.yaml` before the real one. Flux would prune its root, and with it all that it deployed.
 */
const ROOT_STAYS = FluxPatch.custom({
  target: { kind: 'GitRepository|Kustomization', name: FLUX_NAMESPACE },
  patch: toYamlDocument([{ op: 'add', path: '/metadata/annotations', value: PRUNE_DISABLED }]),
});

function patchesOf(cluster: Cluster, settings: Pick<FluxInstallationSettings, 'patches'>): readonly FluxPatch[] {
  const patches = withSubstitution(cluster, settings.patches);
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

/** Refuses callers of receivers where nothing would keep out the others. */
export function checkCallers(cluster: Cluster, { networkPolicy }: { readonly networkPolicy?: boolean }): void {
  if (networkPolicy === false && cluster.trigger.webhook?.callers !== undefined) {
    throw new ValidationError({
      at: { cluster: cluster.name },
      prop: ['trigger', 'webhook', 'callers'],
      want: 'nothing with `flux.networkPolicy: false`: Flux then has no NetworkPolicy that keeps others out',
    });
  }
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
