import type { FormattedResponse, RequestHandlerFn, RequestOptions } from '@gitbeaker/requester-utils';
import type { Backoff } from './backoff';
import { checkList } from './answer';
import { GitLabError } from './gitlab-error';
import { noAnswer } from './no-answer';

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
        return await send(endpoint, options, backoff.requestLimit);
      } catch (error) {
        if (!(error instanceof GitLabError && error.transient && options['method'] === 'GET')) throw error;
        await backoff.wait(attempt, error);
      }
    }
  };
}

async function send(endpoint: string, options: RequestOptions, limit: number): Promise<FormattedResponse> {
  const url = new URL(endpoint, `${options.prefixUrl ?? ''}/`);
  url.search = options.searchParams ?? '';
  const { method, headers, body } = options;
  let response: Response;
  let text: string;
  try {
    // A redirect would turn a POST into a GET.
    response = await fetch(url, { method, headers, body, redirect: 'manual', signal: AbortSignal.timeout(limit) });
    text = await response.text();
  } catch (error) {
    throw noAnswer(error);
  }
  if (!response.ok) {
    const { status } = response;
    throw new GitLabError({ status, description: descriptionOf(response, text), retryAfter: retryAfterOf(response) });
  }
  const answer = parse(text, response);
  // Whoever asks for pages puts the lists together, and would take a text for a list of characters.
  if (url.searchParams.has('per_page')) checkList('a list', answer);
  return { status: response.status, headers: Object.fromEntries(response.headers), body: answer };
}

function parse(text: string, response: Response): Record<string, unknown> {
  const { status } = response;
  if (status === 204) return {};
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // Of JSON that begins well the rest was lost on the way, as a whole answer may be.
    if (/^\s*[[{]/.test(text)) throw new GitLabError({ description: `its answer ${status} was cut off` });
    throw new GitLabError({
      status,
      unexpected: true,
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
