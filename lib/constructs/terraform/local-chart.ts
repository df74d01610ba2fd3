import { AssetType, TerraformAsset, type TerraformStack } from 'cdktf';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { readDirectory } from '../../model/manifest/directory';

/** A Helm chart that comes with this package. */
export interface LocalChart {
  /** Path of the chart, from where Terraform runs. */
  readonly path: string;
  /** Version of the chart. Without it Terraform would ask the cluster during a plan. */
  readonly version: string;
}

/** The package's folder is three levels up from the sources, and four from what they are built into. */
const CHARTS = join(
  __dirname,
  existsSync(join(__dirname, '../../../charts')) ? '../../../charts' : '../../../../charts',
);

/**
 * Makes a chart of this package available to a stack. The stacks' folders hold a copy each, so that they can be moved
 * to where Terraform runs.
 *
 * @param name - folder of the chart in `charts/`
 */
export function localChart(stack: TerraformStack, name: string): LocalChart {
  const source = join(CHARTS, name);
  const id = `Chart-${name}`;
  const { version, assetHash } = describe(source);
  const asset =
    (stack.node.tryFindChild(id) as TerraformAsset | undefined) ??
    new TerraformAsset(stack, id, { path: source, type: AssetType.DIRECTORY, assetHash });
  return { path: `./${asset.path}`, version };
}

interface ChartDescription {
  readonly version: string;
  readonly assetHash: string;
}

/** The charts of a package do not change while it runs, and every stack of a fleet asks. */
const descriptions = new Map<string, ChartDescription>();

function describe(directory: string): ChartDescription {
  const known = descriptions.get(directory);
  if (known !== undefined) return known;
  const { version } = parse(readFileSync(join(directory, 'Chart.yaml'), 'utf8')) as { version: string };
  const description = { version, assetHash: hashOf(directory) };
  descriptions.set(directory, description);
  return description;
}

/** The hash of cdktf and that of its successor differ, so the path of the copy would too. */
function hashOf(directory: string): string {
  const hash = createHash('sha256');
  for (const { path, content } of readDirectory('chart', 'directory', directory)) {
    hash.update(path).update('\0').update(content).update('\0');
  }

  return hash.digest('hex').slice(0, 32);
}
