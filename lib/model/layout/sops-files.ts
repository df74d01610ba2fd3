import { posix } from 'node:path';

import { type Component } from '../component/component';
import { type OverlayBuild } from '../component/component-build';
import { fieldsOf, generatorFiles, usedKustomizations } from '../component/kustomization-fields';
import { manifestsOf } from '../component/kustomize-references';
import { type ErrorPlace } from '../error-place';
import { FLUX_NAMESPACE } from '../flux/metadata';
import { FileTree } from '../manifest/file-tree';
import { isSopsFile } from '../manifest/secret';
import { mayDecrypt, sopsKeysOf } from '../manifest/sops-keys';
import { ValidationError } from '../validation-error';
import { type LayoutContext } from './layout-context';

/**
 * Refuses a component whose build holds a file of SOPS that none of the keys can decrypt which the cluster has. Where
 * nobody says which keys those are, nothing is refused.
 *
 * @throws ValidationError that names the file, its keys and those of the cluster
 */
export function checkSopsFiles(component: Component, context: LayoutContext): void {
  const { cluster } = context;
  const build = component.buildFor(cluster);
  if (build?.type !== 'overlay') return;
  const recipients = recipientsFor(component, build, context);
  if (recipients === undefined) return;
  const files = FileTree.merge([component.sharedFiles(), component.clusterFiles(cluster)]);
  const overlay = `overlays/${cluster.name}`;
  for (const path of filesOfBuild(files, overlay)) {
    const content = files.get(path)?.content;
    if (typeof content === 'string' && isSopsFile(content)) {
      checkKeys(placeOf(component, build, context, path), content, recipients);
    }
  }
}

/**
 * Refuses a file of SOPS that none of some keys can decrypt.
 *
 * @param recipients - public keys of age; undefined when nobody knows them
 */
export function checkKeys(place: ErrorPlace, content: string, recipients: readonly string[] | undefined): void {
  if (recipients === undefined) return;
  const keys = sopsKeysOf(place, content);
  if (mayDecrypt(keys, recipients)) return;
  const of = keys.groups.flatMap((group) => group.recipients).join(', ');
  throw new ValidationError({
    ...place,
    got: `a file of SOPS for ${of === '' ? 'no key of age' : of}`,
    want: `one that a key of the cluster decrypts, ${recipients.join(' or ')}: see "sops updatekeys"`,
  });
}

/** The public keys of those with which Flux decrypts a component. */
function recipientsFor(
  component: Component,
  { decryption }: OverlayBuild,
  { cluster, target }: LayoutContext,
): readonly string[] | undefined {
  if (decryption === undefined) return undefined;
  const { secretName, serviceAccountName, recipients } = decryption;
  if (recipients !== undefined) return recipients;
  if (secretName === undefined) return serviceAccountName === undefined ? target.componentRecipients : undefined;
  // Beside the root its Secret is the component's too.
  const namespace = cluster.trigger.layout === 'flux-common' ? FLUX_NAMESPACE : target.namespaceOf(component);
  const { decryption: ofRoot, rootNamespace } = target;
  return namespace === rootNamespace && secretName === ofRoot?.secretName ? ofRoot.recipients : undefined;
}

/** The files that a build reads, from its overlay on. */
function filesOfBuild(files: FileTree, overlay: string): readonly string[] {
  const kustomizations = usedKustomizations(files, { at: '', prop: [], directory: undefined }, overlay);
  return kustomizations.flatMap(({ path, fields }) => {
    const generators = [...fieldsOf(fields['secretGenerator']), ...fieldsOf(fields['configMapGenerator'])];
    return [...manifestsOf(fields), ...generators.flatMap(generatorFiles)].map((name) =>
      posix.join(posix.dirname(path), name),
    );
  });
}

/** The file as its user names it. */
function placeOf(component: Component, build: OverlayBuild, { cluster }: LayoutContext, path: string): ErrorPlace {
  const at = { component: component.name, cluster: cluster.name };
  const [directory, prop, prefix] = path.startsWith('base/')
    ? ([build.baseRoot, ['base', 'directory'], 'base'] as const)
    : ([build.overlayDirectory, ['overlay', 'directory'], `overlays/${cluster.name}`] as const);
  const file = directory === undefined ? path : posix.join(directory, posix.relative(prefix, path));
  return { at, prop: directory === undefined ? [prop[0]] : prop, file };
}
