import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Terraform } from './terraform';

/**
 * Lets a stack run with a provider of GitLab before 17, which has one commit message for all that happens to a file.
 * With a newer one nothing changes.
 *
 * @param stack - synthesized and with its providers
 * @returns whether the provider is an older one
 */
export async function allowOlderProvider(stack: Terraform): Promise<boolean> {
  const schemas = JSON.parse(await stack.succeed('providers', 'schema', '-json')).provider_schemas;
  const provider = schemas['registry.terraform.io/gitlabhq/gitlab'].resource_schemas['gitlab_repository_file'];
  if ('create_commit_message' in provider.block.attributes) return false;
  const path = join(stack.directory, 'cdk.tf.json');
  const json = JSON.parse(readFileSync(path, 'utf8'));
  for (const file of Object.values<any>(json.resource['gitlab_repository_file'])) {
    file.commit_message = file.create_commit_message;
    for (const verb of ['create', 'update', 'delete']) Reflect.deleteProperty(file, `${verb}_commit_message`);
  }
  writeFileSync(path, JSON.stringify(json));
  return true;
}

/**
 * Lets a stack run with a provider that does not know every attribute of a kind yet: what it does not know is left out.
 *
 * @param stack - synthesized and with its providers
 * @param type - kind of resource
 */
export async function leaveOutUnknown(stack: Terraform, type: string): Promise<void> {
  const schemas = JSON.parse(await stack.succeed('providers', 'schema', '-json')).provider_schemas;
  const { attributes } = schemas['registry.terraform.io/gitlabhq/gitlab'].resource_schemas[type].block;
  const path = join(stack.directory, 'cdk.tf.json');
  const json = JSON.parse(readFileSync(path, 'utf8'));
  const meta = ['provider', 'depends_on', 'lifecycle', '//'];
  for (const resource of Object.values<any>(json.resource[type] ?? {})) {
    for (const key of Object.keys(resource)) {
      if (!(key in attributes) && !meta.includes(key)) Reflect.deleteProperty(resource, key);
    }
  }
  writeFileSync(path, JSON.stringify(json));
}
