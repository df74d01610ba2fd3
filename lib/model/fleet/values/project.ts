import { type ProjectDefinition } from '../../layout/fleet-definition';
import { readCertificateAuthority } from '../../manifest/certificate-authority';
import { type FleetInput } from '../schema/fleet';
import { type Construction } from './construction';

/**
 * The GitLab project with the GitOps repository.
 *
 * @param construction - the fleet in the making
 * @param input - what the file says
 * @throws ValidationError when the certificate cannot be read
 */
export function projectOf(construction: Construction, input: FleetInput['project']): ProjectDefinition {
  const { certificateAuthority: file, ...project } = input;
  return file === undefined
    ? project
    : { ...project, certificateAuthority: readCertificateAuthority('project', file, construction.directory) };
}
