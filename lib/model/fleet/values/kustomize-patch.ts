import { type z } from 'zod';

import { type KustomizePatch } from '../../manifest/kustomize';
import { toYamlDocument } from '../../manifest/yaml';
import { type kustomizePatch } from '../schema/kubernetes';

/** A patch, as text. */
export function patchOf({ patch, target }: z.output<typeof kustomizePatch>): KustomizePatch {
  return { patch: typeof patch === 'string' ? patch : toYamlDocument(patch), ...(target && { target }) };
}
