import { type Command } from 'commander';

import { type ClusterIdentity } from '../lib/model/component/cluster-identity';
import { type Component } from '../lib/model/component/component';
import { type FleetFile } from '../lib/model/fleet';
import { type ClusterDefinition } from '../lib/model/fleet/definition/fleet-definition';
import { bootstrapArguments } from '../lib/model/flux/bootstrap-settings';
import { stackNameOf } from '../lib/model/layout/stack-name';
import { type FileTree } from '../lib/model/manifest/file-tree';
import { parseYamlDocuments, toYamlDocument } from '../lib/model/manifest/yaml';
import { CommandError } from './command-error';
import { FLEET_FILE, openFleet } from './fleet-command';
import { type CommonOptions, run } from './run';
import { type Terminal } from './terminal';

interface ShowOptions extends CommonOptions {
  readonly file: string;
}

const help = `
Settings are shown as they are after fleet, environment and cluster have been merged, and of each component
who put it on the cluster ('by'; 'on' is the component itself) and what differs there, with the layer that says it. Of a component, the files that are written for this cluster alone are shown.

Examples:
  gitlab-flux show uni-dev
  gitlab-flux show uni-dev fluentd
  gitlab-flux show uni-prod --json | jq .flux.version`;

/** Adds the command `show` to a program. */
export function registerShow(program: Command, terminal: Terminal, end: (code: number) => void): void {
  program
    .command('show')
    .description('show what a cluster, or a component on it, really gets')
    .argument('<cluster>', 'name of the cluster')
    .argument('[component]', 'name of a component on it')
    .option('-f, --file <file>', 'the fleet file', FLEET_FILE)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', help)
    .action(async (cluster: string, component: string | undefined, options: ShowOptions) =>
      end(await run(terminal, options, () => show(terminal, cluster, component, options))),
    );
}

function show(terminal: Terminal, name: string, component: string | undefined, options: ShowOptions): void {
  const { fleet, stacks } = openFleet(terminal, options.file);
  const definition = named('cluster', name, fleet.clusters, ({ cluster }) => cluster.name);
  const stack = stackNameOf(definition.cluster);
  if (component === undefined) {
    const description = describe(fleet, definition);
    if (options.json === true) terminal.printJson(description);
    else terminal.print(toYamlDocument(description).trimEnd());
    return;
  }
  named('component', component, definition.cluster.components, (each) => each.name);
  const files = stacks.find((each) => each.stack === stack)?.files;
  showFiles(terminal, options, filesOf(files, name, component));
}

function named<T>(kind: string, name: string, things: readonly T[], nameOf: (thing: T) => string): T {
  const found = things.find((thing) => nameOf(thing) === name);
  if (found === undefined) {
    throw new CommandError(
      `${kind}: got "${name}", want ${things.length === 0 ? `one, but there is no ${kind}` : `one of ${things.map(nameOf).sort().join(', ')}`}`,
    );
  }
  return found;
}

function describe(fleet: FleetFile, { cluster, flux }: ClusterDefinition): object {
  const { branch = 'main', ...project } = fleet.project;
  const placements = fleet.placementsOn(cluster.name);
  return {
    name: cluster.name,
    environment: cluster.environment,
    stack: stackNameOf(cluster),
    connection: cluster.connection.data,
    trigger: cluster.trigger.type,
    layout: cluster.trigger.layout,
    suspend: cluster.suspend,
    ...(Object.keys(cluster.labels).length > 0 && { labels: cluster.labels }),
    ...(Object.keys(cluster.variables).length > 0 && { variables: cluster.variables }),
    flux: describeFlux(flux),
    ...(flux.type === 'bootstrap' &&
      flux.pushes && {
        bootstrap: `flux bootstrap gitlab ${bootstrapArguments(flux.settings, flux.cliTarget(cluster, { ...project, branch })).join(' ')}`,
      }),
    components: cluster.components.map((component) => ({
      ...describeComponent(component, cluster),
      by: placements.get(component.name),
    })),
  };
}

function describeComponent(component: Component, cluster: ClusterIdentity): object {
  const { type, name, namespace, dependsOn } = component;
  const [, ...nearer] = component.layersFor(cluster);
  const origins = nearer.flatMap(({ origin, settings }) => Object.keys(settings).map((key) => [key, origin] as const));
  return {
    name,
    type,
    namespace,
    dependsOn: dependsOn.map((other) => other.name),
    ...(origins.length > 0 && { differs: Object.fromEntries(origins) }),
  };
}

function describeFlux(flux: ClusterDefinition['flux']): object {
  const { type } = flux;
  if (type === 'spoke') {
    const { hub, settings } = flux;
    return { type, hub: hub.cluster.name, ...settings, authentication: settings.authentication.data };
  }
  const { patches, ...settings } = flux.settings;
  return { type, ...settings, patches: patches?.flatMap((patch) => patch.patches) };
}

/** The files for one component on one cluster: their paths name both. */
function filesOf(
  files: FileTree | undefined,
  cluster: string,
  component: string,
): readonly (readonly [string, string | Uint8Array])[] {
  const directories = [`clusters/${cluster}/${component}/`, `systems/${component}/overlays/${cluster}/`];
  const isOfComponent = (path: string): boolean =>
    directories.some((directory) => path.startsWith(directory)) ||
    path === `clusters/flux-common/${cluster}-${component}.yaml`;
  return [...(files ?? [])].filter(({ path }) => isOfComponent(path)).map(({ path, content }) => [path, content]);
}

function showFiles(
  terminal: Terminal,
  options: CommonOptions,
  files: readonly (readonly [string, string | Uint8Array])[],
): void {
  if (options.json === true) {
    const entries = files.map(([path, content]) => [
      path,
      /\.ya?ml$/.test(path) && typeof content === 'string' ? parseYamlDocuments(content, path) : String(content),
    ]);
    terminal.printJson(Object.fromEntries(entries));
    return;
  }
  for (const [path, content] of files) {
    terminal.print(terminal.paint('heading', `# ${path}`));
    terminal.print(typeof content === 'string' ? content.trimEnd() : `# ${content.length} bytes`);
  }
}
