import { type FormattedResponse, type RequestHandlerFn, type RequestOptions } from '@gitbeaker/requester-utils';

import { checkList } from './answer';
import { type Backoff } from './backoff';
import { GitLabError } from './gitlab-error';
import { type GitLabResponse, send } from './send';

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
        return await sendFor(endpoint, options, backoff.requestLimit);
      } catch (error) {
        if (!(error instanceof GitLabError && error.transient && options['method'] === 'GET')) throw error;
        await backoff.wait(attempt, error);
      }
    }
  };
}

async function sendFor(endpoint: string, options: RequestOptions, limit: number): Promise<FormattedResponse> {
  const url = new URL(endpoint, options.prefixUrl?.replace(/\/*$/, '/'));
  url.search = options.searchParams ?? '';
  const { method, headers, body } = options;
  // A redirect would turn a POST into a GET.
  const response = await send(url, { method, headers, body, redirect: 'manual', limit });
  const answer = parse(response);
  // Whoever asks for pages puts the lists together, and would take a text for a list of characters.
  if (url.searchParams.has('per_page')) checkList('a list', answer);
  return { status: response.status, headers: Object.fromEntries(response.headers), body: answer };
}

function parse({ text, status }: GitLabResponse): Record<string, unknown> {
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
