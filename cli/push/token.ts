import { ValidationError } from '../../lib/model/validation-error';

/**
 * The token that a push uses.
 *
 * @param env - the environment
 * @throws ValidationError when there is none, or one that cannot be a token
 */
export function tokenFromEnvironment(env: NodeJS.ProcessEnv): string {
  const token = env['GITLAB_TOKEN']?.trim() ?? '';
  if (token === '') {
    const job = env['CI_JOB_TOKEN'] === undefined ? '' : ' CI_JOB_TOKEN is not enough: GitLab lets it write no files.';
    throw new ValidationError({
      at: 'environment',
      prop: 'GITLAB_TOKEN',
      want: `a token with scope api whose owner may push to the branch.${job}`,
    });
  }
  // fetch repeats a header that it refuses in its error.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new ValidationError({
      at: 'environment',
      prop: 'GITLAB_TOKEN',
      want: 'a token: it holds spaces or control characters',
    });
  }
  return token;
}

/**
 * A text in which the token is blacked out, whoever put it there.
 *
 * @param text - for example what a server answered
 * @param env - the environment
 */
export function withoutToken(text: string, env: NodeJS.ProcessEnv): string {
  const token = env['GITLAB_TOKEN']?.trim() ?? '';
  return token === '' ? text : text.replaceAll(token, '[token]');
}
