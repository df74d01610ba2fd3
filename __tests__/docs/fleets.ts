import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

import { type FleetFile, loadFleet, parseFleet } from '../../lib/model/fleet';
import { type Block, pageOf, root } from './markdown';

/** Where relative paths of the fleets on the pages start from. */
export const fixtures = join(__dirname, 'fixtures');

type Fields = Record<string, any>;

/** The example fleet, which pages show parts of. */
export const example = loadFleet(join(root, 'fleet.yaml'));

/** The fleet of a block: a whole file (`yaml fleet`), or a part of one that says what the page is about (`yaml part`). */
export function fleetOf(block: Block): FleetFile {
  const text = 'fleet' in block.attributes ? block.text : stringify(completed(parse(block.text) as Fields));
  return parseFleet(text, { file: join(fixtures, 'fleet.yaml') });
}

/** The fleet that a block with generated content is about: the nearest one above it, or the example. */
export function fleetFor(block: Block): FleetFile {
  return 'above' in block.attributes ? fleetOf(fleetAbove(block)) : example;
}

/** The nearest fleet above a block on its page. */
export function fleetAbove(block: Block): Block {
  const { blocks } = pageOf(block);
  const above = blocks
    .slice(0, blocks.indexOf(block))
    .findLast(({ language, attributes }) => language === 'yaml' && ('fleet' in attributes || 'part' in attributes));
  if (above === undefined) throw new Error(`${block.at}: there is no fleet above`);
  return above;
}

/** The files of a fleet by path. */
export function filesOf(fleet: FleetFile): ReadonlyMap<string, string> {
  return new Map(
    fleet.files().flatMap(({ files }) => [...files].map(({ path, content }) => [path, String(content)] as const)),
  );
}

const rest: Fields = parse(readFileSync(join(fixtures, 'rest.yaml'), 'utf8')) as Fields;

/** What a part leaves out: project, version, connections, and bases of components that it is not about. */
function completed(part: Fields): Fields {
  const fleet: Fields = { ...rest, ...part };
  fleet['environments'] = { ...rest['environments'], ...part['environments'] };
  fleet['defaults'] = { ...part['defaults'], flux: { ...rest['defaults'].flux, ...part['defaults']?.flux } };
  const components: Fields = {};
  const add = (name: string, given: Fields = {}): void => {
    const kustomize: Fields = { base: { directory: 'components/fluentd/base' }, ...given['kustomize'] };
    components[name] = 'helm' in given ? given : { kustomize };
    const said: Fields = 'helm' in given ? given['helm'] : kustomize;
    const needed = [...(said['dependsOn'] ?? []), said['namespaceOwner'] ?? []].flat() as string[];
    for (const other of needed) if (!(other in components)) add(other, part['components']?.[other]);
  };
  for (const [name, given] of Object.entries<Fields>(part['components'] ?? {})) add(name, given);
  const chosen = Object.values<Fields>(part['clusters'] ?? {}).flatMap((cluster) => cluster['components'] ?? []);
  for (const name of chosen as string[]) if (!(name in components)) add(name);
  fleet['components'] = components;
  const clusters: Fields = part['clusters'] ?? rest['clusters'];
  fleet['clusters'] = Object.fromEntries(
    Object.entries<Fields>(clusters).map(([name, cluster]) => [
      name,
      {
        environment: name.endsWith('-prod') ? 'prod' : 'dev',
        ...(hasConnection(part, cluster) ? {} : { connection: { kubeconfig: { context: name } } }),
        components: Object.keys(components),
        ...cluster,
      },
    ]),
  );
  // An environment that the part does not say is there when a cluster is in it.
  const used = new Set(
    Object.values<Fields>(fleet['clusters'] as Fields).map((cluster) => cluster['environment'] as string),
  );
  const said = part['environments'] ?? {};
  fleet['environments'] = Object.fromEntries(
    Object.entries<Fields>(fleet['environments'] as Fields).filter(([name]) => name in said || used.has(name)),
  );
  return fleet;
}

function hasConnection(part: Fields, cluster: Fields): boolean {
  const layers: Fields[] = [part['defaults'] ?? {}, ...Object.values<Fields>(part['environments'] ?? {}), cluster];
  return layers.some((layer) => layer['connection'] !== undefined);
}
