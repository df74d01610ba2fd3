import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { type ControlPlane, type Kubelet } from '../../__tests__/support/rig';

/** An object of the API. */
type ApiObject = Record<string, any>;

/** Reads an object; undefined when there is none, or no such kind. */
export async function read(
  cluster: ControlPlane,
  kind: string,
  name: string,
  namespace?: string,
): Promise<ApiObject | undefined> {
  const where = namespace === undefined ? [] : ['--namespace', namespace];
  const text = await cluster.kubectl(['get', kind, name, ...where, '--ignore-not-found', '--output', 'json']);
  return text.trim() === '' ? undefined : (JSON.parse(text) as ApiObject);
}

/** Names of a kind's objects, as `namespace/name`. */
export async function list(cluster: ControlPlane, kinds: string, ...args: string[]): Promise<readonly string[]> {
  const { items } = JSON.parse(await cluster.kubectl(['get', kinds, ...args, '--output', 'json'])) as ApiObject;
  return (items as ApiObject[]).map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort();
}

/** What an object of Flux says about itself. */
export async function readiness(
  cluster: ControlPlane,
  kind: string,
  name: string,
  namespace: string,
): Promise<{ readonly ready: boolean; readonly message: string }> {
  const object = await read(cluster, kind, name, namespace);
  const condition = ((object?.['status']?.conditions ?? []) as ApiObject[]).find(({ type }) => type === 'Ready');
  const current = object !== undefined && object['status']?.observedGeneration === object['metadata'].generation;
  return { ready: current && condition?.['status'] === 'True', message: condition?.['message'] ?? 'not there' };
}

/** Waits until Kustomizations are ready: `name` or `namespace/name`. */
export async function untilReady(cluster: ControlPlane, ...names: string[]): Promise<void> {
  for (const name of names) {
    const [namespace, own] = name.includes('/') ? (name.split('/') as [string, string]) : [name, name];
    await eventually(async () => {
      const state = await readiness(cluster, 'kustomization', own, namespace);
      if (!state.ready) throw new Error(`Kustomization ${name}: ${state.message}`);
    });
  }
}

/** Repeats an assertion until it holds. */
export async function eventually(assertion: () => Promise<void>, milliseconds = 90_000): Promise<void> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    try {
      await assertion();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(500);
    }
  }
}

/** What the pods whose names begin so have printed. */
export function podLog(kubelet: Kubelet, pod: string): string {
  return readdirSync(kubelet.directory)
    .filter((name) => name.startsWith(pod) && name.endsWith('.log'))
    .map((name) => readFileSync(join(kubelet.directory, name), 'utf8'))
    .join('\n');
}
