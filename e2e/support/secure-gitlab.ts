import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { freePorts, type GitLab, rig, startGitLab, startNode, temporaryDirectory } from '../../__tests__/support/rig';

/** The GitLab stand-in behind TLS, with a certificate that nobody trusts unless told. */
export interface SecureGitLab extends GitLab {
  /** Its address for Flux and Terraform: `https://127.0.0.1:<port>`. */
  readonly secureUrl: string;
  /** Path of the certificate. */
  readonly certificateFile: string;
  /** The certificate, in PEM. */
  readonly certificate: string;
}

/** Starts it. flux refuses to send credentials over plain HTTP. */
export async function startSecureGitLab(): Promise<SecureGitLab> {
  const directory = temporaryDirectory('tls');
  const [certificateFile, key] = [join(directory, 'certificate.pem'), join(directory, 'key.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', key, '-out', certificateFile];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files], {
    stdio: 'ignore',
  });
  const port = await freePorts();
  const secureUrl = `https://127.0.0.1:${port}`;
  const gitlab = await startGitLab(['--url', secureUrl]);
  startNode([join(rig.directory, 'tls-proxy.mjs'), String(port), new URL(gitlab.url).port, certificateFile, key]);
  return { ...gitlab, secureUrl, certificateFile, certificate: readFileSync(certificateFile, 'utf8') };
}
