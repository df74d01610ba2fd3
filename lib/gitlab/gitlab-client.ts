import type { Gitlab } from '@gitbeaker/rest' with { 'resolution-mode': 'import' };

import { type RequestSender } from './request';

/** A client of GitLab's API. */
export type GitLabClient = InstanceType<typeof Gitlab<false>>;

/**
 * Connects to GitLab. The client is loaded here, because no other command shall wait for it.
 *
 * @param oauthToken - token with scope `api`
 */
export async function gitLabClient(host: string, oauthToken: string, send: RequestSender): Promise<GitLabClient> {
  const [{ Gitlab }, { createRequesterFn }] = await Promise.all([
    import('@gitbeaker/rest'),
    import('@gitbeaker/requester-utils'),
  ]);
  const requesterFn = createRequesterFn((_, options) => Promise.resolve(options), send);
  // As a bearer: GitLab takes access tokens and OAuth tokens there. Time limits are up to the sender.
  return new Gitlab<false>({ host, oauthToken, requesterFn, queryTimeout: null });
}
