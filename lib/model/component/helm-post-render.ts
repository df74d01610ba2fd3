import { type KustomizePatch } from '../manifest/kustomize';
import { type KustomizeImage } from './kustomize-overlay-props';

/** What kustomize changes about what a chart renders. */
export interface HelmPostRender {
  /** Strategic merge patches and JSON 6902 patches. */
  readonly patches?: readonly KustomizePatch[];
  /** Images to replace. */
  readonly images?: readonly KustomizeImage[];
}
