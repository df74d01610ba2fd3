import { createHash } from 'node:crypto';

import { RepositoryFile } from '../terraform/resources';
import { targetSlug, type RepositoryTarget } from './repository-target';

/** Name of the resource of a file: readable, and the same for a path whatever else the program does. */
export function fileResourceName(target: RepositoryTarget, path: string): string {
  // The hash tells apart what reads the same.
  const hash = createHash('sha256')
    .update(`${targetSlug(target)}\0${path}`)
    .digest('hex')
    .slice(0, 12);
  return `${path.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z_]+/, '')}-${hash}`.replace(/^-/, 'file-');
}

/** Terraform's address of the resource of a file. */
export function fileAddress(target: RepositoryTarget, path: string): string {
  return `${RepositoryFile.tfResourceType}.${fileResourceName(target, path)}`;
}
