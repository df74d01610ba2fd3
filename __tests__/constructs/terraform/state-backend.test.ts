import { TerraformStack } from 'cdktf';

import { escapeTerraform } from '../../../lib/constructs/terraform/literal';
import { StateBackend } from '../../../lib/constructs/terraform/state-backend';
import { Template, testApp } from '../../support/template';

const backendOf = (backend: { bind(stack: TerraformStack): void }) => {
  const stack = new TerraformStack(testApp(), 'dev-uni-dev');
  backend.bind(stack);
  return Template.of(stack).toJSON()['terraform'].backend;
};

describe('StateBackend', () => {
  test('local() names a file by a relative path', () => {
    const { path } = backendOf(StateBackend.local()).local;
    expect(path).toMatch(/^\.\.\/.*terraform\.dev-uni-dev\.tfstate$/);
    expect(backendOf(StateBackend.local({ directory: 'states' })).local.path).toMatch(
      /\/states\/terraform\.dev-uni-dev\.tfstate$/,
    );
  });

  test('gitlab() has lock and address, and no credentials', () => {
    const address = 'https://gitlab.example.com/api/v4/projects/platform%2Finfra/terraform/state/fleet-dev-uni-dev';
    const backend = StateBackend.gitlab({
      url: 'https://gitlab.example.com/',
      project: 'platform/infra',
      prefix: 'fleet-',
    });
    expect(backendOf(backend)).toEqual({
      http: {
        address,
        lock_address: `${address}/lock`,
        unlock_address: `${address}/lock`,
        lock_method: 'POST',
        unlock_method: 'DELETE',
        retry_wait_min: 5,
      },
    });
  });
});

test('escapeTerraform doubles what begins a template, and only that', () => {
  expect(escapeTerraform('${a} %{b} $${c} $ % { $$')).toBe('$${a} %%{b} $$${c} $ % { $$');
});
