/** How long the Jobs that install and remove Flux may run when nothing else is said, in seconds. */
export const JOB_DEADLINE = 900;
