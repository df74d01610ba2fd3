import { type ErrorThing, type PropPath } from '../error-place';
import { checkDuration, nanosecondsOf } from '../manifest/duration';
import { ValidationError } from '../validation-error';
import { type SettingOf } from './setting';

/** How long the Jobs that install and remove Flux may run when nothing else is said. */
export const JOB_DEADLINE = '15m';

/** How long Jobs may run. */
export const DEADLINE: SettingOf<string> = {
  doc: 'How long the bootstrap, the removal, and Flux may take: at least 2m.',
  type: 'duration',
  default: JOB_DEADLINE,
  check: (at, prop, deadline) => checkDeadline(at, prop, deadline, '2m'),
};

/** Helm and Kubernetes count nanoseconds in 64 bits, and Terraform waits a little longer than the Job. */
const LONGEST = '2562047h';

/**
 * Refuses a time in which nothing can be done, and one beyond what Kubernetes can count: the Job would end at once.
 *
 * @param at - the thing that has the time
 * @param least - the least that it may be
 */
export function checkDeadline(at: ErrorThing, prop: PropPath, deadline: string | undefined, least: string): void {
  checkDuration(at, prop, deadline);
  if (deadline === undefined) return;
  const [time, shortest, longest] = [deadline, least, LONGEST].map(nanosecondsOf) as [bigint, bigint, bigint];
  if (time < shortest || time > longest) {
    throw new ValidationError({ at, prop, got: deadline, want: `at least ${least} and at most ${LONGEST}` });
  }
}
