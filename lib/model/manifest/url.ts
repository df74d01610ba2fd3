import { type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';

/**
 * An address as a message may show it: without user and password.
 *
 * @param url - an address, or what somebody took for one
 */
export function withoutCredential(url: string): string {
  return url.replace(/\/\/.*@/, '//…@');
}

/**
 * Refuses what is no address of an API server, or has a credential in it.
 *
 * @param at - the thing that names the API server
 */
export function checkApiServerUrl(at: ErrorThing, prop: PropPath, url: string): void {
  if (/^https:\/\/[^\s/@?#]+(\/[^\s@?#]*)?$/.test(url)) return;
  const want = 'an address such as https://cluster.example.com:6443, without user and password';
  throw new ValidationError({ at, prop, got: withoutCredential(url), want });
}
