import type { FormattedResponse, RequestHandlerFn, RequestOptions } from '@gitbeaker/requester-utils';
import type { Backoff } from './backoff';
import { GitLabError } from './gitlab-error';

// A commit of ten thousand files takes GitLab a while.
const longest = 300_000;

/** Sends one request of gitbeaker and gives its answer back. */
export type RequestSender = RequestHandlerFn;

/**
 * Sends the requests of gitbeaker.
 *
 * Its own sender repeats 429 and 502 ten times within a third of a second, whatever `Retry-After` says, and repeats a
 * commit whose answer was lost. This one waits as it is asked to, and repeats only what reads.
 *
 * @param backoff - how long to wait between attempts
 */
export function patientSender(backoff: Backoff): RequestSender {
  return async (endpoint, options = {}) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await send(endpoint, options);
      } catch (error) {
        if (!(error instanceof GitLabError && error.transient && options['method'] === 'GET')) throw error;
        await backoff.wait(attempt, error);
      }
    }
  };
}

async function send(endpoint: string, options: RequestOptions): Promise<FormattedResponse> {
  const url = new URL(endpoint, `${options.prefixUrl ?? ''}/`);
  url.search = options.searchParams ?? '';
  const { method, headers, body } = options;
  let response: Response;
  let text: string;
  try {
    // A redirect would turn a POST into a GET.
    response = await fetch(url, { method, headers, body, redirect: 'manual', signal: AbortSignal.timeout(longest) });
    text = await response.text();
  } catch (error) {
    throw new GitLabError({ description: reasonOf(error) });
  }
  if (!response.ok) {
    const { status } = response;
    throw new GitLabError({ status, description: descriptionOf(response, text), retryAfter: retryAfterOf(response) });
  }
  return { status: response.status, headers: Object.fromEntries(response.headers), body: parse(text, response) };
}

function parse(text: string, response: Response): Record<string, unknown> {
  if (response.status === 204) return {};
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new GitLabError({
      status: response.status,
      description: 'something that is not JSON. Is the URL the one of GitLab?',
    });
  }
}

function descriptionOf(response: Response, text: string): string {
  const location = response.headers.get('location');
  if (location !== null)
    return `it is at ${new URL(location, response.url || undefined).origin} now. Is the URL right?`;
  try {
    const { message, error, error_description: detail } = JSON.parse(text) as Record<string, unknown>;
    const said = detail ?? message ?? error;
    return typeof said === 'string' ? said : JSON.stringify(said);
  } catch {
    return response.statusText || 'without a reason';
  }
}

function retryAfterOf(response: Response): number | undefined {
  const value = response.headers.get('retry-after');
  if (value === null) return undefined;
  const seconds = Number(value);
  const wait = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

// fetch says 'fetch failed' and hides why in the causes.
function reasonOf(error: unknown): string {
  const { message, cause, errors } = error as { message?: string; cause?: unknown; errors?: readonly unknown[] };
  if (errors !== undefined) return errors.map(reasonOf).join(', ');
  return cause === undefined ? (message ?? String(error)) : reasonOf(cause);
}
