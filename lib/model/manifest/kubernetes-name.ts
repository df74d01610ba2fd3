import { type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';

/** How long the value of a label may be. Flux puts the name of a `Kustomization` into one. */
export const LONGEST_LABEL = 63;

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * Refuses what is not a DNS label (RFC 1123), the form of names of namespaces, clusters and components.
 *
 * @param at - the thing that has the name
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
 */
export function checkDnsLabel(at: ErrorThing, prop: PropPath, name: string): void {
  if (typeof name !== 'string' || !LABEL.test(name)) {
    throw new ValidationError({
      at,
      prop,
      got: name,
      want: 'a DNS label: 1 to 63 lower case letters, digits and hyphens, with a letter or digit at both ends',
    });
  }
}

/**
 * Refuses what is not a DNS subdomain (RFC 1123), the form of most object names.
 *
 * @param at - the thing that has the name
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names
 */
export function checkDnsSubdomain(at: ErrorThing, prop: PropPath, name: string): void {
  if (typeof name !== 'string' || name.length > 253 || !SUBDOMAIN.test(name)) {
    throw new ValidationError({
      at,
      prop,
      got: name,
      want: 'a DNS subdomain: up to 253 lower case letters, digits, hyphens and dots, with a letter or digit at both ends of each part',
    });
  }
}
