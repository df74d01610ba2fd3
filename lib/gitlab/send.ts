import { GitLabError } from './gitlab-error';
import { noAnswer } from './no-answer';

/** A request. */
export interface GitLabRequest extends Pick<RequestInit, 'method' | 'headers' | 'body' | 'redirect'> {
  /** How long it may take, in milliseconds. */
  readonly limit: number;
}

/** What came back, when it was no failure. */
export interface GitLabResponse {
  /** Status. */
  readonly status: number;
  /** Headers. */
  readonly headers: Headers;
  /** The whole body. */
  readonly text: string;
}

/**
 * Sends one request, once.
 *
 * @throws GitLabError when there is no answer, or one that is a failure
 */
export async function send(url: string | URL, { limit, ...request }: GitLabRequest): Promise<GitLabResponse> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { ...request, signal: AbortSignal.timeout(limit) });
    text = await response.text();
  } catch (error) {
    throw noAnswer(error);
  }
  const { status, headers } = response;
  if (response.ok) return { status, headers, text };
  throw new GitLabError({ status, description: descriptionOf(response, text), retryAfter: retryAfterOf(response) });
}

function descriptionOf(response: Response, text: string): string {
  const location = response.headers.get('location');
  if (location !== null) {
    return `it is at ${new URL(location, response.url || undefined).origin} now. Is the URL right?`;
  }
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
