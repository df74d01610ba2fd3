import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { type ErrorThing } from '../error-place';
import { ValidationError } from '../validation-error';

/**
 * Refuses what is no certificate in PEM.
 *
 * @param at - the thing that has the certificate
 * @param pem - the certificate of an authority, or several of them
 * @throws ValidationError
 */
export function checkCertificateAuthority(at: ErrorThing, pem: string | undefined): void {
  if (pem !== undefined && !/^-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/m.test(pem)) {
    throw new ValidationError({ at, prop: 'certificateAuthority', want: 'a certificate in PEM' });
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
  checkCertificateAuthority(at, pem);
  return pem;
}

function textOf(at: ErrorThing, file: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new ValidationError({ at, prop: 'certificateAuthority', got: file, want: 'a file that can be read' });
  }
}
