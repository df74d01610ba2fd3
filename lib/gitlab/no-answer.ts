import { GitLabError } from './gitlab-error';

interface Cause {
  readonly message?: string;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

// A name may be new, and a resolver may start: longer than this it is a mistake.
const untilNamesAreKnown = 10_000;

/** What it means that `fetch` failed: an error that says why, and for how long another attempt is worth it. */
export function noAnswer(error: unknown): GitLabError {
  const { description, code } = causeOf(error);
  return new GitLabError({ description, patience: patienceOf(code, description) });
}

// fetch says 'fetch failed' and hides why in the causes.
function causeOf(error: unknown): { readonly description: string; readonly code: string } {
  const { message, code, cause, errors } = error as Cause;
  if (errors !== undefined && errors.length > 0) {
    const causes = errors.map(causeOf);
    return { description: causes.map(({ description }) => description).join(', '), code: causes[0]?.code ?? '' };
  }
  if (cause !== undefined) return causeOf(cause);
  return { description: message ?? String(error), code: typeof code === 'string' ? code : '' };
}

function patienceOf(code: string, description: string): number | undefined {
  if (code === 'ENOTFOUND') return untilNamesAreKnown;
  // A certificate, another protocol at this port, a port or scheme that fetch refuses: as wrong later as now.
  const isWrong = /^ERR_(SSL|TLS|INVALID)_|CERT|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH/.test(code);
  return isWrong || /^(bad port|unknown scheme)/.test(description) ? 0 : undefined;
}
