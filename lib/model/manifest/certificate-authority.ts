import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';
import { scanForSecrets } from './secret-scan/secret-scan';

/** The prop of a fleet file that names the file. */
const FILE = 'certificateAuthorityFile';
const BLOCK = /-----BEGIN ([^-]+)-----[^]*?(?:-----END \1-----|$)/g;

/**
 * Refuses what is not one certificate in PEM, or several: the whole text gets into Git and onto clusters, so nothing may
 * stand beside them but comments.
 *
 * @param at - the thing that has the certificate
 * @param pem - the certificate of an authority, or several of them
 */
export function checkCertificateAuthority(
  at: ErrorThing,
  pem: string | undefined,
  prop: PropPath = 'certificateAuthority',
): void {
  if (pem === undefined) return;
  const blocks = [...pem.matchAll(BLOCK)];
  const refuse = (want: string): never => {
    throw new ValidationError({ at, prop, want });
  };
  if (blocks.length === 0) refuse('a certificate in PEM');
  blocks.forEach(([block, label = ''], index) => {
    if (label !== 'CERTIFICATE') refuse(`certificates in PEM and nothing else, but block ${index + 1} is a ${label}`);
    if (!isCertificate(block)) refuse(`certificates in PEM, but block ${index + 1} cannot be read`);
  });
  if (scanForSecrets('certificate.pem', pem).secrets.length > 0) {
    refuse('certificates in PEM and no secret beside them');
  }
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).raw.length > 0;
  } catch {
    return false;
  }
}

/**
 * Reads the certificate of an authority.
 *
 * @param at - the thing that names the file
 * @param file - path, absolute or from `relativeTo`
 * @param relativeTo - the directory that relative paths start from
 * @throws ValidationError when the file cannot be read or holds no certificate in PEM
 */
export function readCertificateAuthority(at: ErrorThing, file: string, relativeTo: string): string {
  const pem = textOf(at, file, resolve(relativeTo, file));
  checkCertificateAuthority(at, pem, FILE);
  return pem;
}

function textOf(at: ErrorThing, file: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new ValidationError({ at, prop: FILE, got: file, want: 'a file that can be read' });
  }
}
