import { type Command, Option } from 'commander';
import { statSync } from 'node:fs';

import { checkChartVersions } from '../../lib/model/changes/chart-changes';
import { type ComponentDeparture, componentDepartures } from '../../lib/model/changes/component-departures';
import { checkDepartures, checkEarlierState } from '../../lib/model/changes/departures';
import { checkFluxMoves } from '../../lib/model/changes/flux-moves';
import { checkTypeChanges } from '../../lib/model/changes/type-changes';
import { type HubSizing, hubSizings } from '../../lib/model/fleet/definition/hub-sizing';
import { stackNameOf } from '../../lib/model/layout/stack-name';
import { CommandError } from '../command-error';
import { FLEET_FILE, openFleet } from '../fleet-command';
import { textsIn, textsOf } from '../repository-texts';
import { type CommonOptions, run } from '../run';
import { type Terminal } from '../terminal';
import { BUILD_MODES, buildAndCheck, type BuildMode } from './build-and-check';

interface ValidateOptions extends CommonOptions {
  readonly against?: string;
  readonly build: BuildMode;
}

const help = `
Everything is checked that can be known without GitLab and without a cluster: the file itself, the directories that it
names, and the files that would be written. Each mistake is a line 'file:line:column: …'.

What Flux will make of the files, kustomize and Helm say: where they are in PATH, every overlay, every chart of yours and
the root of every cluster is built as Flux does, and judged. 'kubectl' is as good as 'kustomize'. With --build required it
is a mistake that one of them is not there; with --build never nothing is built. What was built before is remembered
below the directory for caches.

With --against, a chart of yours whose content has changed needs another version, because Flux installs it again only
then, and a cluster with Flux of 'flux bootstrap' in Git is not given to flux-operator in one deploy. Flux objects are not
moved, by another trigger or another name or namespace of a component, while Flux would delete with them what they
deployed. A cluster does not leave the file while its files are in Git: its stack is destroyed first. Components
that leave clusters are named, with how many. Only what changes is built. The directory is a clone of the GitOps repository, or what 'gitlab-flux render' wrote before.

Examples:
  gitlab-flux validate
  gitlab-flux validate fleets/eu/fleet.yaml --json
  gitlab-flux validate --build required         in a pipeline, which must not do without kustomize and Helm
  gitlab-flux validate --against ../fleet       with a clone of the repository as it is now`;

/** Adds the command `validate` to a program. */
export function registerValidate(program: Command, terminal: Terminal, end: (code: number) => void): void {
  program
    .command('validate')
    .description('check a fleet file, and everything that would be written for it')
    .argument('[file]', 'the fleet file', FLEET_FILE)
    .option(
      '--against <directory>',
      'an earlier state of the repository: find charts that changed without a new version, and unsafe moves',
    )
    .addOption(
      new Option('--build <when>', 'build what Flux would build, with kustomize and Helm of this machine')
        .choices(BUILD_MODES)
        .default('auto'),
    )
    .option('--json', 'print the result as JSON')
    .addHelpText('after', help)
    .action(async (file: string, options: ValidateOptions) =>
      end(await run(terminal, options, () => validate(terminal, file, options))),
    );
}

async function validate(terminal: Terminal, file: string, options: ValidateOptions): Promise<void> {
  const { fleet, stacks } = openFleet(terminal, file);
  const { against } = options;
  const names = fleet.clusters.map(({ cluster }) => cluster.name);
  let leaving: readonly ComponentDeparture[] = [];
  if (against !== undefined) {
    checkDirectory(against);
    checkEarlierState(against);
    const all = new Set(fleet.clusters.flatMap(({ cluster }) => cluster.components));
    fleet.locate(() => {
      checkDepartures(
        fleet.clusters.map(({ cluster }) => ({ name: cluster.name, stack: stackNameOf(cluster) })),
        against,
      );
      checkTypeChanges(fleet.clusters, against);
      checkChartVersions(all, against);
      const [before, after] = [textsIn(against), textsOf(stacks.flatMap(({ files }) => [...files]))];
      checkFluxMoves(before, after);
      leaving = componentDepartures(names, before, after);
    });
    leaving.forEach((each) => terminal.say(`${terminal.paint('note', 'warning:')} ${leavingText(each, names.length)}`));
  }
  const build = await buildAndCheck(terminal, { fleet, stacks, mode: options.build, against });
  const components = [
    ...new Set(fleet.clusters.flatMap(({ cluster }) => cluster.components.map(({ name }) => name))),
  ].sort();
  const files = stacks.reduce((sum, stack) => sum + stack.files.size, 0);
  const hubs = hubSizings(fleet, stacks);
  if (options.json === true) {
    const { warnings } = fleet;
    terminal.printJson({
      file,
      clusters: names,
      components,
      stacks: stacks.map(({ stack }) => stack),
      files,
      ...(hubs.length > 0 && { hubs }),
      ...(against !== undefined && { leaving }),
      warnings: [...warnings, ...build.warnings],
      build: build.summary,
    });
  } else {
    const counts = `${count(names, 'cluster')}, ${count(components, 'component')}, ${files} files`;
    terminal.print(`${terminal.paint('good', '✓')} ${file}: ${counts}`);
    if (build.text !== undefined) terminal.print(`  ${build.text}`);
    hubs.forEach((hub) => terminal.print(hubText(hub)));
  }
}

/** As many names as a line takes. */
const MOST_NAMES = 10;

function leavingText({ component, clusters }: ComponentDeparture, of: number): string {
  const named = clusters.slice(0, MOST_NAMES).join(', ');
  const all = clusters.length > MOST_NAMES ? `${named}, …` : named;
  return `component "${component}" leaves ${clusters.length} of ${count({ length: of }, 'cluster')}: ${all}`;
}

function hubText({ hub, spokes, components, fetchesPerSecond, size, shards, advice }: HubSizing): string {
  const fits = shards === 0 ? `size ${size}, no shards` : `size ${size}, ${shards} shards`;
  const load = `${spokes} spoke${spokes === 1 ? '' : 's'}, ${components} components, ${fetchesPerSecond.toFixed(1)} Git fetches a second`;
  return [`  hub ${hub}: ${load}; fits: ${fits}`, ...advice.map((each) => `    consider ${each}`)].join('\n');
}

function checkDirectory(directory: string): void {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CommandError(`--against: got "${directory}", want a directory that exists`);
  }
}

function count(things: { readonly length: number }, name: string): string {
  return `${things.length} ${name}${things.length === 1 ? '' : 's'}`;
}
