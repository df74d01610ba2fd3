import { FileTree } from '../manifest/file-tree';
import { kustomizationFile } from '../manifest/kustomize';
import { toYaml } from '../manifest/yaml';
import { FluxPatch } from './flux-patch';

/** What the files around Flux's own depend on. */
export interface RootKustomizationProps {
  /**
   * Changes to Flux, in their order.
   *
   * @default - none
   */
  readonly patches?: readonly FluxPatch[];
}

/**
 * The files that must be there before Flux is bootstrapped, by their path below `clusters/<cluster>`:
 * `flux-system/kustomization.yaml`, `flux-system/gotk-sync.yaml` as a seed, and the directories of the patches.
 *
 * `gotk-components.yaml` is not among them: `flux bootstrap` writes it before it builds `kustomization.yaml`.
 *
 * @param props - the patches
 * @throws ValidationError when two patches settle one thing
 * @see https://fluxcd.io/flux/installation/configuration/bootstrap-customization/
 */
export function rootKustomizationFiles(props: RootKustomizationProps = {}): FileTree {
  const { patches, directories } = FluxPatch.combine(props.patches ?? []);
  const root = {
    resources: ['gotk-components.yaml', 'gotk-sync.yaml'],
    ...(patches.length === 0 ? {} : { patches }),
  };
  return FileTree.of([
    // `flux bootstrap` builds an existing kustomization.yaml before it writes this file, so the file has to exist.
    { path: 'flux-system/gotk-sync.yaml', content: '# flux bootstrap writes this file\n', policy: 'seed' },
    ...Object.entries({ 'flux-system': root, ...directories }).map(([directory, file]) => ({
      path: `${directory}/kustomization.yaml`,
      content: toYaml([kustomizationFile(file)]),
    })),
  ]);
}
