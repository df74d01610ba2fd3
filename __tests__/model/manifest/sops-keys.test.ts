import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkRecipients, mayDecrypt, sopsKeysOf } from '../../../lib/model/manifest/sops-keys';
import { ValidationError } from '../../../lib/model/validation-error';
import { AGE_DEV, AGE_PROD } from '../../support/sops';

/** A file as SOPS 3.11 wrote it. */
const keysOf = (name: string) =>
  sopsKeysOf({ at: name }, readFileSync(join(__dirname, '../../support/fixtures/sops', name), 'utf8'));

describe('files of SOPS', () => {
  it.each([
    ['dev.yaml', [AGE_DEV]],
    ['both.yaml', [AGE_DEV, AGE_PROD]],
    ['prod.env', [AGE_PROD]],
    ['prod.ini', [AGE_PROD]],
    ['prod.json', [AGE_PROD]],
    ['prod.bin.json', [AGE_PROD]],
  ])('%s is for the keys that it was encrypted for', (name, recipients) => {
    expect(keysOf(name)).toEqual({ groups: [{ recipients, hasOthers: false }], needed: 1 });
    expect(mayDecrypt(keysOf(name), [AGE_DEV])).toBe(recipients.includes(AGE_DEV));
    expect(mayDecrypt(keysOf(name), [AGE_PROD, 'age1other'])).toBe(recipients.includes(AGE_PROD));
    expect(mayDecrypt(keysOf(name), [])).toBe(false);
  });

  it('with several groups need a key of as many as they say', () => {
    const keys = keysOf('shamir.yaml');
    expect(keys).toEqual({
      groups: [
        { recipients: [AGE_DEV], hasOthers: false },
        { recipients: [AGE_PROD], hasOthers: false },
      ],
      needed: 2,
    });
    expect(mayDecrypt(keys, [AGE_DEV])).toBe(false);
    expect(mayDecrypt(keys, [AGE_DEV, AGE_PROD])).toBe(true);
  });

  it.each([
    ['PGP beside age', `sops: { age: [{ recipient: ${AGE_PROD} }], pgp: [{ fp: ABCD }], mac: 'ENC[x]' }`],
    ['a cloud alone', 'sops: { kms: [{ arn: "arn:aws:kms:x" }], mac: "ENC[x]" }'],
    ['a cloud in dotenv', 'A=ENC[x]\nsops_gcp_kms__list_0__map_resource_id=projects/x\nsops_mac=ENC[x]\n'],
  ])('with %s may be decrypted by somebody whose keys are not known here', (_, text) => {
    expect(mayDecrypt(sopsKeysOf({ at: 'it' }, text), [AGE_DEV])).toBe(true);
  });

  it('of several documents have the keys of all', () => {
    const document = `a: ENC[x]\nsops: { age: [{ recipient: ${AGE_PROD} }], mac: 'ENC[x]' }\n`;
    expect(sopsKeysOf({ at: 'it' }, `---\n${document}---\n${document}`).groups).toEqual([
      { recipients: [AGE_PROD], hasOthers: false },
    ]);
  });
});

describe('recipients', () => {
  it.each([[[AGE_DEV]], [[AGE_DEV, AGE_PROD]], [['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ5bUt0bm9yZWFsa2V5 someone']]])(
    'may be %j',
    (recipients) => {
      expect(() => checkRecipients('it', 'recipients', recipients)).not.toThrow();
    },
  );

  it.each([
    [[], 'it: recipients: got [], want public keys of age, age1…, as age-keygen -y prints them'],
    [[AGE_DEV.toUpperCase()], `it: recipients: got "${AGE_DEV.toUpperCase()}", want public keys of age`],
    [[AGE_DEV, 'dev.agekey'], 'it: recipients: got "dev.agekey", want public keys of age'],
  ])('are refused when they are %j', (recipients, message) => {
    expect(() => checkRecipients('it', 'recipients', recipients)).toThrow(message);
  });

  it('are no private keys, of which nothing is said', () => {
    const secret = ['AGE', 'SECRET', 'KEY', '1QQPQYQSZQGPQYQSZQ'].join('-');
    const refused = () => checkRecipients('it', 'recipients', [secret]);
    expect(refused).toThrow('it: recipients: got "a private key", want public keys of age');
    expect(refused).not.toThrow(secret);
    expect(refused).toThrow(ValidationError);
  });
});
