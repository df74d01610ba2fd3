import { CommandError } from './command-error';

/** Variables whose values no command ever shows. */
const secret = ['GITLAB_TOKEN', 'GITLAB_FLUX_NOTE_TOKEN', 'CI_JOB_TOKEN'] as const;

/** Where a text would hide more than it should, because half of a shorter token's base64 is found anywhere. */
const shortest = 8;

/**
 * The token that a push uses.
 *
 * @throws CommandError when there is none, or one that cannot be a token
 */
export function tokenFromEnvironment(env: NodeJS.ProcessEnv): string {
  const token = env['GITLAB_TOKEN']?.trim() ?? '';
  if (token === '') {
    const sentences = [
      'GITLAB_TOKEN is not set: a push needs a token with scope api whose owner may push to the branch, such as an access token of the project.',
      ...(env['CI_JOB_TOKEN'] === undefined ? [] : ['CI_JOB_TOKEN is not enough: GitLab lets it write no files.']),
    ];
    throw new CommandError(sentences.join('\n'));
  }
  // fetch repeats a header that it refuses in its error.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new CommandError('GITLAB_TOKEN is no token: it holds spaces or control characters.');
  }
  return token;
}

/**
 * A text in which tokens are blacked out, whoever put them there and in whatever form: as they are, escaped for an
 * address, or as base64, also behind a user name as in the header of basic authentication.
 *
 * @param text - for example what a server answered
 */
export function withoutTokens(text: string, env: NodeJS.ProcessEnv): string {
  const forms = secret.flatMap((name) => formsOf(env[name]?.trim() ?? ''));
  return forms.reduce<string>((left, form) => left.replaceAll(form, '[token]'), text);
}

function formsOf(token: string): readonly (string | RegExp)[] {
  if (token === '') return [];
  const plain = [token, encodeURIComponent(token)];
  return token.length < shortest ? plain : [...plain, ...[0, 1, 2].map((before) => base64Of(token, before))];
}

/** Finds base64 that holds a token behind some other bytes, whose number modulo 3 decides how the token looks in it. */
function base64Of(token: string, before: number): RegExp {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(token)]);
  // A character for 6 bits: only those that belong to the token alone are known.
  const known = bytes
    .toString('base64url')
    .slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6))
    .replaceAll('-', '[-+]')
    .replaceAll('_', '[_/]');
  return new RegExp(`[\\w+/-]*${known}[\\w+/-]*={0,2}`, 'g');
}
