// The program of a repository with infrastructure: a stack for each entry of stacks.json, with one resource.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { App, TerraformResource, TerraformStack } = require('cdktf');

const { GITLAB_FLUX_ROOT: root, GITLAB_FLUX_STATES: url } = process.env;
const { StateBackend } = require(join(root, 'dist/lib/constructs/terraform/state-backend.js'));

const app = new App();
for (const [name, { refuse, ...input }] of Object.entries(JSON.parse(readFileSync('stacks.json', 'utf8')))) {
  const stack = new TerraformStack(app, name);
  StateBackend.gitlab({ url, project: 'platform/infrastructure' }).bind(stack);
  const resource = new TerraformResource(stack, 'Release', { terraformResourceType: 'terraform_data' });
  resource.addOverride('input', input);
  if (refuse) resource.addOverride('input', '${file("no-such-file")}');
  if (input.password !== undefined) stack.addOverride('variable.password', { type: 'string', sensitive: true });
}
app.synth();
