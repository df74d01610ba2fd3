import { RepositoryFile } from '@cdktf/provider-gitlab/lib/repository-file/index.js';
import { App, TerraformResource } from 'cdktf';

test('in this project cdktf is cdktn, for the code and for the providers', () => {
  expect(require.resolve('cdktf')).toContain('/node_modules/cdktn/');
  expect(require.resolve('cdktf/lib/app')).toContain('/node_modules/cdktn/');
  expect(App.name).toBe('App');
  // One core: what a provider extends is what the code imports.
  expect(RepositoryFile.prototype).toBeInstanceOf(TerraformResource);
});
