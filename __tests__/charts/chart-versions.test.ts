import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { readDirectory } from '../../lib/model/manifest/directory';

const CHARTS = join(__dirname, '../../charts');

// Terraform compares the version only: with another content under the same version, clusters keep the old chart.
// After a change: raise the version in Chart.yaml and write it here with the checksum from the message.
test.each([
  ['objects', { '0.1.0': '46251e6feb8aefaf' }],
  ['flux-jobs', { '0.5.0': 'c053067e963dd372' }],
])('the version of the chart %s stands for its content', (name, checksum) => {
  const hash = createHash('sha256');
  for (const { path, content } of readDirectory('chart', 'directory', join(CHARTS, name))) {
    hash.update(path).update('\0').update(content).update('\0');
  }

  const { version } = parse(readFileSync(join(CHARTS, name, 'Chart.yaml'), 'utf8')) as { version: string };
  expect({ [version]: hash.digest('hex').slice(0, 16) }).toEqual(checksum);
});

test('the chart objects takes no Secret: its values are in the release and in a plan', () => {
  const schema = JSON.parse(readFileSync(join(CHARTS, 'objects/values.schema.json'), 'utf8'));
  expect(schema.properties.objects.items.properties.kind.not).toEqual({ const: 'Secret' });
});
