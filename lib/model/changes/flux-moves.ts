import { ValidationError } from '../validation-error';
import { type FluxDeployment, fluxDeployments, type RepositoryTexts, unitOf } from './flux-deployments';
import { objectsBelow } from './objects-below';

/** A Flux object that goes, and one that comes for the same workloads. */
interface FluxMove {
  readonly from: FluxDeployment;
  readonly to: FluxDeployment;
}

/**
 * Refuses to move Flux objects while Flux would delete with them what they deployed: when a cluster gets another
 * trigger, or a component another name or namespace. A component that only goes is not refused.
 *
 * @param before - an earlier state of the repository
 * @throws ValidationError for the first cluster with such objects
 */
export function checkFluxMoves(before: RepositoryTexts, after: RepositoryTexts): void {
  const refused = movesBetween(before, after).filter((move) => !move.from.letsGo || leavesPipeline(move));
  const [first] = refused;
  if (first === undefined) return;
  const { cluster, title } = first.from;
  const others = refused.filter(({ from }) => from.cluster === cluster).length - 1;
  const got = `${title} goes, ${first.to.title} comes${others > 0 ? `, and ${others} more` : ''}`;
  throw new ValidationError({ at: { cluster }, got, ...remedyFor(first) });
}

function remedyFor(move: FluxMove): { readonly prop: string; readonly want: string } {
  if (!leavesPipeline(move)) {
    const want =
      'a deploy with `suspend: true` before this one, for the cluster or for each component that moves: only then Flux keeps what its objects deployed when they go. What may be deleted leaves in a deploy of its own';
    return { prop: 'suspend', want };
  }
  const without =
    'without the components, in which GitLab CI deletes their Flux objects: its job goes with the trigger';
  const want = move.from.letsGo
    ? `a deploy before this one ${without}`
    : `two deploys before this one: with \`suspend: true\`, so that Flux keeps what is deployed, and then ${without}`;
  return { prop: 'trigger', want };
}

/** GitLab CI deletes what leaves `clusters/flux-common`, as long as it has a job for the cluster. */
function leavesPipeline({ from, to }: FluxMove): boolean {
  return isCommon(from) && !isCommon(to);
}

function isCommon({ path }: FluxDeployment): boolean {
  return path.startsWith('clusters/flux-common/');
}

function movesBetween(before: RepositoryTexts, after: RepositoryTexts): readonly FluxMove[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  const changed = new Set([...paths].filter((path) => before.get(path) !== after.get(path)).map(unitOf));
  const was = fluxDeployments(before, changed);
  const is = fluxDeployments(after, changed);
  const gone = without(was, is);
  const come = without(is, was);
  // Bases of somebody else are not among what is written.
  const all = new Map([...before, ...after]);
  return gone.flatMap((from) => {
    const to = come.find(
      (other) =>
        other.cluster === from.cluster &&
        (shares(from.contents, other.contents) || isRenamed(objectsOf(from, before), objectsOf(other, all))),
    );
    return to === undefined ? [] : [{ from, to }];
  });
}

function without(deployments: readonly FluxDeployment[], others: readonly FluxDeployment[]): readonly FluxDeployment[] {
  const ids = new Set(others.map(({ id }) => id));
  return deployments.filter(({ id }) => !ids.has(id));
}

function shares(some: readonly string[], others: readonly string[]): boolean {
  return some.some((each) => others.includes(each));
}

function objectsOf({ directory }: FluxDeployment, texts: RepositoryTexts): ReadonlySet<string> {
  return directory === undefined ? new Set() : objectsBelow(directory, texts);
}

/** A component that is renamed deploys what it did, perhaps a little more or less. */
function isRenamed(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  const [fewer, more] = some.size < others.size ? [some, others] : [others, some];
  return fewer.size > 0 && [...fewer].every((each) => more.has(each));
}
