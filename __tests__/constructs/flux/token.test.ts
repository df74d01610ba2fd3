import { TerraformStack } from 'cdktf';

import { BootstrapToken } from '../../../lib/constructs/flux/bootstrap-token';
import { GitReadCredentialSource } from '../../../lib/constructs/flux/git-read-credential';
import { secretVariable } from '../../../lib/constructs/terraform/secret-variable';
import { TerraformData } from '../../../lib/constructs/terraform/terraform-data';
import { testApp } from '../../support/template';

describe.each([0, -1, 1.5, Number.NaN])('the revision %d', (revision) => {
  test('is none of a bootstrap token', () => {
    expect(() => BootstrapToken.variable({ revision })).toThrow(
      /^bootstrap token: revision: got .*, want a whole number/,
    );
  });
  test('is none of a credential', () => {
    expect(() => GitReadCredentialSource.variables({ revision })).toThrow(
      /^git credential: revision: got .*, want a whole number/,
    );
  });
});

test.each(['', 'soon', '2027-6-30', '2027-06-30T00:00:00Z', '2027-13-01', '2027-02-30'])(
  'a project access token cannot end on %j',
  (expiresAt) => {
    expect(() => BootstrapToken.projectAccessToken({ expiresAt })).toThrow(
      /^bootstrap token: expiresAt: got ".*", want a day/,
    );
  },
);

test.each(['', 'soon', '2027-06-30', '2027-06-30T00:00:00'])('a deploy token cannot end at %j', (expiresAt) => {
  expect(() => GitReadCredentialSource.deployToken({ expiresAt })).toThrow(
    /^git credential: expiresAt: got ".*", want a time/,
  );
});

describe('secretVariable', () => {
  test('is shared by constructs that ask for one name', () => {
    const stack = new TerraformStack(testApp(), 'stack');
    expect(secretVariable(stack, 'a', 'one')).toBe(secretVariable(stack, 'a', 'two'));
  });

  test('refuses a name that the stack has for something else, which would be an empty Secret', () => {
    const stack = new TerraformStack(testApp(), 'stack');
    new TerraformData(stack, 'git_password');
    expect(() => secretVariable(stack, 'git_password', 'x')).toThrow(
      /^stack: git_password: want a Terraform variable of this name/,
    );
  });
});
