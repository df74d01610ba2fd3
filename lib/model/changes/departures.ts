import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { mapAll } from '../check-all';
import { parseInventory } from '../delivery/inventory';
import { ValidationError } from '../validation-error';

/** What each stack wrote is there: see `inventoryPath`. */
const INVENTORIES = '.gitlab/gitops';
/** What this project writes at the top of a repository. */
const TOP = ['clusters', 'systems', INVENTORIES];
/** It belongs to all clusters with the trigger `pipeline`. */
const COMMON = 'flux-common';

/** A cluster of a fleet, as far as this rule looks at it. */
export interface PresentCluster {
  /** Name of the cluster. */
  readonly name: string;
  /** Name of its stack. */
  readonly stack: string;
}

/** Refuses a directory that is no earlier state of the GitOps repository. */
export function checkEarlierState(directory: string): void {
  const entries = readdirSync(directory).filter((name) => name !== '.git');
  // Nothing has been delivered to an empty repository.
  if (entries.length > 0 && !TOP.some((name) => existsSync(join(directory, name)))) {
    const want = `a clone of the GitOps repository, or what 'gitlab-flux render' wrote: none of ${TOP.join(', ')} is there`;
    throw new ValidationError({ at: '--against', got: directory, want });
  }
}

/**
 * Refuses to drop a cluster whose files are in the repository still: without its stack nothing removes it any more.
 *
 * @param directory - an earlier state of the GitOps repository
 * @throws ValidationError that names each, with the command that removes it
 */
export function checkDepartures(clusters: readonly PresentCluster[], directory: string): void {
  const stacks = stacksIn(directory).filter(({ name }) => !clusters.some(({ stack }) => stack === name));
  const writersOf = (cluster: string): readonly string[] =>
    stacks.filter((each) => each.clusters.has(cluster)).map(({ name }) => name);
  // Other stacks may write files for a cluster too.
  const stackOf = (cluster: string): string | undefined =>
    writersOf(cluster).find((each) => each.endsWith(`-${cluster}`));
  const gone = clusterNames(directory).filter((name) => !clusters.some((cluster) => cluster.name === name));
  const ofGone = gone.map((name) => ({
    got: `no "${name}", and clusters/${name} is still in the repository`,
    stack: stackOf(name) ?? writersOf(name)[0] ?? `<environment>-${name}`,
  }));
  const moved = clusters.flatMap(({ name, stack }) => {
    const before = stackOf(name);
    return before === undefined
      ? []
      : [{ got: `"${name}" with the stack ${stack}, and the stack ${before} is still there`, stack: before }];
  });
  mapAll([...ofGone, ...moved], ({ got, stack }) => {
    const want = `its stack destroyed first, with the file as it was: npx cdktf destroy ${stack}`;
    throw new ValidationError({ at: 'fleet', prop: 'clusters', got, want });
  });
}

/** The stacks that delivered to the repository, with the clusters that they wrote files of. */
function stacksIn(
  directory: string,
): readonly { readonly name: string; readonly clusters: ReadonlySet<string | undefined> }[] {
  const names = namesIn(join(directory, INVENTORIES)).filter((name) => name.endsWith('.json'));
  return names.map((file) => {
    const name = file.slice(0, -'.json'.length);
    const { files } = parseInventory(readFileSync(join(directory, INVENTORIES, file), 'utf8'), name);
    return { name, clusters: new Set([...files.keys()].map(clusterOf)) };
  });
}

/** The cluster that a path belongs to; a spoke's in its hub's directory belongs to the spoke. */
function clusterOf(path: string): string | undefined {
  const [, cluster, spoke] = /^clusters\/([^/]+)\/(?:spokes\/([^/]+)\.yaml$)?/.exec(path) ?? [];
  return cluster === COMMON ? undefined : (spoke ?? cluster);
}

/** Clusters with a Flux, spokes, and those that GitLab CI applies to. Other directories may be somebody's own. */
function clusterNames(directory: string): readonly string[] {
  const clusters = namesIn(join(directory, 'clusters')).filter((name) => name !== COMMON);
  const own = clusters.filter((name) => existsSync(join(directory, 'clusters', name, 'flux-system')));
  const spokes = clusters
    .flatMap((name) => namesIn(join(directory, 'clusters', name, 'spokes')))
    .filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
    .map((name) => name.slice(0, -'.yaml'.length));
  return [...new Set([...own, ...spokes])].sort();
}

function namesIn(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}
