import { createHash } from 'node:crypto';

import { type ProjectBranch } from '../../model/manifest/project-branch';
import { RepositoryFile } from '../terraform/resources';
import { targetSlug } from './repository-target';

/** Name of the resource of a file: readable, and the same for a path whatever else the program does. */
export function fileResourceName(target: ProjectBranch, path: string): string {
  // The hash tells apart what reads the same.
  const hash = createHash('sha256')
    .update(`${targetSlug(target)}\0${path}`)
    .digest('hex')
    .slice(0, 12);
  return `${path.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z_]+/, '')}-${hash}`.replace(/^-/, 'file-');
}

/** Terraform's address of the resource of a file. */
export function fileAddress(target: ProjectBranch, path: string): string {
  return `${RepositoryFile.tfResourceType}.${fileResourceName(target, path)}`;
}
