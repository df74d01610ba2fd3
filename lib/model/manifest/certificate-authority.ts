import { ValidationError } from '../validation-error';

/**
 * Refuses what is no certificate in PEM.
 *
 * @param at - the thing that has the certificate
 * @param pem - the certificate of an authority, or several of them
 * @throws ValidationError
 */
export function checkCertificateAuthority(at: string, pem: string | undefined): void {
  if (pem !== undefined && !/^-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/m.test(pem)) {
    throw new ValidationError({ at, prop: 'certificateAuthority', want: 'a certificate in PEM' });
  }
}
