/** What the command's exit code means. */
export const ExitCode = {
  /** Everything went well. */
  OK: 0,
  /** The input is wrong, or something could not be done; the output says what. */
  FAILED: 1,
  /** The command was called wrongly: an unknown command or option, a missing argument. */
  USAGE: 2,
} as const;

/** Text for `--help`. */
export const EXIT_CODE_HELP = `
Exit codes:
  0  everything went well
  1  the input is wrong, or something could not be done; the output says what
  2  the command was called wrongly`;
