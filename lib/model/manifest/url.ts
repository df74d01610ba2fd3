/**
 * An address as a message may show it: without user and password.
 *
 * @param url - an address, or what somebody took for one
 */
export function withoutCredential(url: string): string {
  return url.replace(/\/\/.*@/, '//…@');
}

/** Whether something is the address of an API server, without a credential in it. */
export function isApiServerUrl(url: string): boolean {
  return /^https:\/\/[^\s/@?#]+(\/[^\s@?#]*)?$/.test(url);
}
