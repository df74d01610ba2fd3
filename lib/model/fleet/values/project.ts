import { readCertificateAuthority } from '../../manifest/certificate-authority';
import { checkProjectBranch, checkReadAddress } from '../../manifest/project-branch';
import { type ProjectDefinition } from '../definition/fleet-definition';
import { type FleetInput } from '../schema/fleet';
import { type LoadContext } from './load-context';

/**
 * The GitLab project with the GitOps repository.
 *
 * @throws ValidationError when it cannot be a project of GitLab, or the certificate cannot be read
 */
export function projectOf(context: LoadContext, input: FleetInput['project']): ProjectDefinition {
  const { certificateAuthorityFile: file, ...project } = input;
  checkProjectBranch('project', { ...project, branch: project.branch ?? 'main' });
  checkReadAddress('project', 'url', project.url);
  return file === undefined
    ? project
    : { ...project, certificateAuthority: readCertificateAuthority('project', file, context.directory) };
}
