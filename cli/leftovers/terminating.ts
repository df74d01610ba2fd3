import { type ApiObject, type Kubectl } from './kubectl';

/** A namespace that is being removed, and what keeps it. */
export interface TerminatingNamespace {
  /** Its name. */
  readonly namespace: string;
  /** What Kubernetes says about it. */
  readonly reasons: readonly string[];
  /** Objects that are left in it, with the finalizers that somebody has to take off: `ConfigMap a (example.com/held)`. */
  readonly holds: readonly string[];
}

/** The namespaces of a cluster that are being removed. */
export async function terminatingNamespaces(kubectl: Kubectl): Promise<readonly TerminatingNamespace[]> {
  const namespaces = await kubectl.list('namespaces');
  const found: TerminatingNamespace[] = [];
  for (const { metadata, status } of namespaces.filter(({ status: its }) => its?.phase === 'Terminating')) {
    const reasons = (status?.conditions ?? []).filter((each) => each.status === 'True').map(({ message }) => message);
    const holds = await objectsIn(kubectl, metadata.name, remainingKinds(reasons));
    found.push({ namespace: metadata.name, reasons, holds });
  }
  return found;
}

/** `Some resources are remaining: configmaps. has 1 resource instances, widgets.example.com has 2 resource instances` */
function remainingKinds(reasons: readonly string[]): readonly string[] {
  const matches = reasons.flatMap((reason) => [...reason.matchAll(/([a-z0-9.-]+) has \d+ resource instances/g)]);
  return matches.map(([, kind = '']) => kind.replace(/\.$/, ''));
}

async function objectsIn(kubectl: Kubectl, namespace: string, kinds: readonly string[]): Promise<readonly string[]> {
  if (kinds.length === 0) return [];
  const objects = await kubectl.list(kinds.join(','), '--namespace', namespace);
  return objects.map(textOf).sort();
}

function textOf({ kind, metadata: { name, finalizers = [] } }: ApiObject): string {
  return finalizers.length === 0 ? `${kind} ${name}` : `${kind} ${name} (${finalizers.join(', ')})`;
}
