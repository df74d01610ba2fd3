/**
 * Quantities of resources. What is not given stays as it is without them.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export interface ResourceQuantities {
  /** CPU, in cores (`2`) or thousandths of one (`500m`). */
  readonly cpu?: string;
  /** Memory, for example `512Mi`. */
  readonly memory?: string;
  /** Space on the node's disk, for example `1Gi`. */
  readonly ephemeralStorage?: string;
}

/** Powers of ten by suffix; what is not here is a power of two. */
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/**
 * The number that a quantity of Kubernetes is: `500m` is 0.5, `1Ki` is 1024, `2e3` is 2000.
 *
 * @returns undefined when Kubernetes does not read it, or it is negative
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function amountOf(quantity: string): number | undefined {
  const [, digits, suffix = ''] =
    /^\+?([0-9]+\.?[0-9]*|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][-+]?[0-9]{1,9})?$/.exec(quantity) ?? [];
  if (digits === undefined) return undefined;
  const exponent = DECIMAL[suffix] ?? (/^[eE][-+0-9]/.test(suffix) ? Number(suffix.slice(1)) : 0);
  // Read as a whole, because 2300 * 0.001 is not 2.3.
  return Number(`${digits}e${String(exponent)}`) * 1024 ** (BINARY.indexOf(suffix) + 1);
}
