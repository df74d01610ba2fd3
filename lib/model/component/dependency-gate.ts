import { gitRepository } from '../flux/git-repository';
import { kustomization, type KustomizationProps } from '../flux/kustomization';
import { WATCH_LABEL } from '../flux/metadata';
import { FileTree } from '../manifest/file-tree';
import { type KubernetesObject } from '../manifest/kubernetes-object';
import { withKustomization } from '../manifest/kustomize';
import { ValidationError } from '../validation-error';
import { type Component, type ComponentPlacement, type FluxManifest } from './component';
import { type ComponentSecret } from './component-secret';

/** How the names of objects end that only make a component wait. */
export const GATE_SUFFIX = '-dependencies';

/** The Flux objects of the components of one kind that a component depends on. */
export function dependenciesOfKind(
  component: Component,
  placement: ComponentPlacement,
  type: Component['type'],
): readonly { readonly name: string; readonly namespace: string }[] {
  return component.dependsOn
    .filter((other) => other.type === type)
    .map((other) => ({ name: other.name, namespace: placement.namespaceOf(other) }));
}

/** Name of the objects that stand between components of different kinds: `dependsOn` of Flux knows one kind only. */
export function gateName(component: Component): string {
  return `${component.name}${GATE_SUFFIX}`;
}

/**
 * What a `Kustomization` waits for when its component depends on helm components: another `Kustomization`, which applies
 * nothing and is ready when their `HelmRelease`s are.
 *
 * The component's own `Kustomization` could not have their health checks: Flux then would look at those alone, and call
 * the component ready whatever its own workload does.
 *
 * @param source - its source, and any directory in it that kustomize can build
 * @throws ValidationError when the account of the component could not read the `HelmRelease`s
 */
export function gateAfterHelm(
  component: Component,
  placement: ComponentPlacement,
  source: Pick<KustomizationProps, 'path' | 'sourceKind'>,
): KubernetesObject | undefined {
  const releases = dependenciesOfKind(component, placement, 'helm');
  const { namespace, labels, annotations, serviceAccountName } = placement;
  if (releases.length === 0) return undefined;
  const elsewhere = releases.find((release) => release.namespace !== namespace);
  if (placement.accountIsNamespaced && elsewhere !== undefined) {
    throw new ValidationError({
      at: { component: component.name, cluster: placement.cluster.name },
      prop: 'dependsOn',
      got: elsewhere.name,
      want: `a service account with \`clusterWide: true\`, or the namespace of "${elsewhere.name}": with the rights of the account "${serviceAccountName ?? ''}" Flux cannot see whether the HelmRelease in the namespace "${elsewhere.namespace}" is ready`,
    });
  }
  return kustomization({
    name: gateName(component),
    namespace,
    labels,
    annotations,
    serviceAccountName,
    ...source,
    sourceName: component.name,
    retryInterval: '30s',
    timeout: '5m',
    prune: false,
    patches: [
      {
        patch: '$patch: delete\napiVersion: v1\nkind: Any\nmetadata:\n  name: any\n',
        target: { kind: '.*' },
      },
    ],
    healthChecks: releases.map((release) => ({
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      ...release,
    })),
  });
}

/**
 * What a `HelmRelease` waits for when its component depends on kustomize components: a ConfigMap with values, which
 * a `Kustomization` brings that depends on theirs. Flux installs nothing while values are missing, and looks again as
 * soon as the ConfigMap is there, because it is watched.
 *
 * @param secret - with what Flux reads the GitOps repository
 */
export function gateAfterKustomize(
  component: Component,
  placement: ComponentPlacement,
  secret: ComponentSecret,
): readonly FluxManifest[] {
  const dependsOn = dependenciesOfKind(component, placement, 'kustomize');
  const { cluster, namespace, labels, annotations, serviceAccountName } = placement;
  if (dependsOn.length === 0) return [];
  const metadata = { name: gateName(component), namespace, labels, annotations };
  const directory = `systems/${component.name}/overlays/${cluster.name}`;
  const source = gitRepository({
    ...metadata,
    url: placement.repositoryUrl,
    ref: { branch: placement.branch },
    interval: placement.sourceInterval,
    secretName: placement.secretNameOf(secret),
    sparseCheckout: [directory],
  });
  const gate = kustomization({
    ...metadata,
    path: `./${directory}`,
    sourceName: metadata.name,
    targetNamespace: namespace,
    dependsOn,
    serviceAccountName,
  });
  return [
    { role: 'git-repository', object: source },
    { role: 'kustomization', object: gate },
  ];
}

/** The directory `overlays/<cluster>` with the ConfigMap of {@link gateAfterKustomize}. It says no value. */
export function gateFiles(component: Component, cluster: string): FileTree {
  if (!component.dependsOn.some(({ type }) => type === 'kustomize')) return FileTree.EMPTY;
  const configMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: gateName(component), labels: WATCH_LABEL },
    data: { 'values.yaml': '{}\n' },
  };
  return FileTree.of(withKustomization([{ path: 'dependencies.yaml', objects: [configMap] }])).below(
    `overlays/${cluster}`,
  );
}
