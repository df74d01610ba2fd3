import { type BuildProblem } from '../../lib/build/built';
import { thingText } from '../../lib/model/error-place';
import { type FleetFile, FleetFileError, type FleetProblem } from '../../lib/model/fleet';
import { ValidationError } from '../../lib/model/validation-error';

/**
 * Problems of builds as lines of the fleet file. What several clusters have alike is one line.
 *
 * @param problems - what is wrong, for each cluster
 */
export function fleetProblems(fleet: FleetFile, problems: readonly BuildProblem[]): readonly FleetProblem[] {
  const alike = new Map<string, BuildProblem[]>();
  for (const problem of problems) {
    const { component, prop, place, message } = problem;
    const key = JSON.stringify([component, prop, place, message]);
    alike.set(key, [...(alike.get(key) ?? []), problem]);
  }
  return [...alike.values()].flatMap((group) => lineOf(fleet, group));
}

function lineOf(fleet: FleetFile, group: readonly BuildProblem[]): readonly FleetProblem[] {
  const [first] = group;
  if (first === undefined) return [];
  const { cluster, component, prop, place, message } = first;
  const at = { ...(component !== undefined && { component }), cluster };
  const others = new Set(group.map((problem) => problem.cluster)).size - 1;
  const more = others === 0 ? '' : ` and ${others} more cluster${others === 1 ? '' : 's'}`;
  const text = [`${thingText(at)}${more}`, place, message].filter((part) => part !== '').join(': ');
  return placesOf(fleet, new ValidationError({ at, prop, want: message })).map((problem) => ({
    ...problem,
    message: text,
  }));
}

/** The model knows where in the file things are described. */
function placesOf(fleet: FleetFile, error: ValidationError): readonly FleetProblem[] {
  try {
    return fleet.locate(() => {
      throw error;
    });
  } catch (located) {
    if (located instanceof FleetFileError) return located.problems;
    throw located;
  }
}
