// The thin classes of the provider fluxcd/flux against the schema that the provider itself tells.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type AttributeSchema, terraformName } from '../../../../lib/constructs/flux/provider/attributes';
import { BootstrapGit } from '../../../../lib/constructs/flux/provider/bootstrap-git';
import { FluxProvider } from '../../../../lib/constructs/flux/provider/flux-provider';
import { sharedDirectory } from '../../../support/rig';

const FILE = join(sharedDirectory, 'data/provider-flux-1.8.5.schema.json');
const isThere = existsSync(FILE);

/** Type and flags of every attribute, by its path. */
function told(attributes: Record<string, any>, prefix = ''): Record<string, object> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(
      ([name, { description: _, description_kind: _kind, nested_type: nested, ...facts }]) => [
        [prefix + name, facts],
        ...Object.entries(nested === undefined ? {} : toldNested(nested, `${prefix}${name}.`)),
      ],
    ),
  );
}

function toldNested(nested: Record<string, any>, prefix: string): Record<string, object> {
  // An object, and no list or map of them.
  expect(nested).toEqual({ attributes: expect.any(Object), nesting_mode: 'single' });
  return told(nested['attributes'], prefix);
}

function ours(schemas: Readonly<Record<string, AttributeSchema>>, prefix = ''): Record<string, object> {
  return Object.fromEntries(
    Object.entries(schemas).flatMap(([key, { attributes, ...facts }]) => [
      [prefix + terraformName(key), facts],
      ...Object.entries(attributes === undefined ? {} : ours(attributes, `${prefix}${terraformName(key)}.`)),
    ]),
  );
}

(isThere ? describe : describe.skip)(
  `fluxcd/flux 1.8.5${isThere ? '' : ` (skipped, data: there is no ${FILE})`}`,
  () => {
    const schema = isThere
      ? JSON.parse(readFileSync(FILE, 'utf8')).provider_schemas['registry.terraform.io/fluxcd/flux']
      : undefined;

    test('the provider has every argument, with its type and flags', () => {
      expect(ours(FluxProvider.schema)).toEqual(told(schema.provider.block.attributes));
      expect(schema.provider.block.block_types).toBeUndefined();
    });

    test('flux_bootstrap_git has every attribute, with its type and flags', () => {
      expect(Object.keys(schema.resource_schemas)).toEqual(['flux_bootstrap_git']);
      const { block } = schema.resource_schemas.flux_bootstrap_git;
      expect(ours(BootstrapGit.schema)).toEqual(told(block.attributes));
      expect(block.block_types).toBeUndefined();
    });
  },
);
