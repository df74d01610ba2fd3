/**
 * An address as a message may show it: without user and password.
 *
 * @param url - an address, or what somebody took for one
 */
export function withoutCredential(url: string): string {
  return url.replace(/\/\/.*@/, '//…@');
}
