import { FileTree, type RepositoryFile } from '../manifest/file-tree';
import { kustomizationFile } from '../manifest/kustomize';
import { toYamlDocument } from '../manifest/yaml';
import { FluxPatch } from './flux-patch';
import { type GotkFiles } from './gotk-files';

/** What the files around Flux's own depend on. */
export interface RootKustomizationProps {
  /** Changes to Flux, in their order. */
  readonly patches?: readonly FluxPatch[];
  /**
   * The files of Flux itself, where it is not the flux CLI that writes them.
   *
   * @default - the flux CLI writes them
   */
  readonly gotk?: GotkFiles;
}

/**
 * The files of Flux below `clusters/<cluster>`: `flux-system/kustomization.yaml`, the directories of the patches, and
 * `flux-system/gotk-sync.yaml` as a seed, or with `gotk-components.yaml` as it has to be.
 *
 * @param props - the patches, and the files of Flux itself
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
    ...gotkFiles(props.gotk),
    // Without patches that is, byte for byte, what `flux bootstrap` writes.
    { path: 'flux-system/kustomization.yaml', content: toYamlDocument(kustomizationFile(root)) },
    ...Object.entries(directories).map(([directory, file]) => ({
      path: `${directory}/kustomization.yaml`,
      objects: [kustomizationFile(file)],
    })),
  ]);
}

function gotkFiles(gotk: GotkFiles | undefined): readonly RepositoryFile[] {
  if (gotk === undefined) {
    // `flux bootstrap` builds an existing kustomization.yaml before it writes this file, so the file has to exist. It
    // writes gotk-components.yaml before.
    return [{ path: 'flux-system/gotk-sync.yaml', content: '# flux bootstrap writes this file\n', policy: 'seed' }];
  }
  const { components, sync, summary } = gotk;
  return [
    { path: 'flux-system/gotk-components.yaml', content: components, summary },
    { path: 'flux-system/gotk-sync.yaml', content: sync },
  ];
}
