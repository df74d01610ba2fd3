import fc from 'fast-check';

import { withoutTokens } from '../../cli/tokens';

const token = 'glpat-c4n4ry_0123-~?456';
const hidden = (text: string) => withoutTokens(text, { GITLAB_TOKEN: token, CI_JOB_TOKEN: 'glcbt-other-canary' });

test('a token is blacked out as it is, escaped, and of jobs too', () => {
  expect(hidden(`a ${token} b ${encodeURIComponent(token)} c glcbt-other-canary`)).toBe(
    'a [token] b [token] c [token]',
  );
});

test('a token is blacked out in base64, whatever stands before and behind it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, behind) => {
      for (const encoding of ['base64', 'base64url'] as const) {
        const encoded = Buffer.from(`${before}${token}${behind}`).toString(encoding);
        expect(hidden(`Basic ${encoded}, or not`)).toBe('Basic [token], or not');
      }
    }),
  );
});

test('nothing else is blacked out', () => {
  const text = `sha ${'0123456789abcdef'.repeat(2)} ${Buffer.from('user:another-token-of-others').toString('base64')}`;
  expect(hidden(text)).toBe(text);
  expect(withoutTokens(text, {})).toBe(text);
});
