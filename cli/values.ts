import { type Command } from 'commander';

import { HelmComponent } from '../lib/model/component/helm-component';
import { type HelmValuesFrom } from '../lib/model/component/helm-component-props';
import { type ValueOrigin } from '../lib/model/component/helm-values';
import { CommandError } from './command-error';
import { FLEET_FILE, openFleet } from './fleet-command';
import { type CommonOptions, run } from './run';
import { type Terminal } from './terminal';

interface ValuesOptions extends CommonOptions {
  readonly file: string;
}

const help = `
Each line is one value, after the chart (when it is one of yours), the component, its environment and the cluster have
been merged, and who says it. 'null' takes away what the chart says. Values in Secrets are named and not shown; they
count before all others.

Examples:
  gitlab-flux values uni-dev portal
  gitlab-flux values uni-prod portal --json | jq .values`;

/** Adds the command `values` to a program. */
export function registerValues(program: Command, terminal: Terminal, end: (code: number) => void): void {
  program
    .command('values')
    .description('show the values that a chart gets on a cluster, and where each comes from')
    .argument('<cluster>', 'name of the cluster')
    .argument('<component>', 'name of a helm component on it')
    .option('-f, --file <file>', 'the fleet file', FLEET_FILE)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', help)
    .action(async (cluster: string, component: string, options: ValuesOptions) =>
      end(await run(terminal, options, () => showValues(terminal, cluster, component, options))),
    );
}

function showValues(terminal: Terminal, clusterName: string, name: string, options: ValuesOptions): void {
  const { fleet } = openFleet(terminal, options.file);
  const clusters = fleet.clusters.map(({ cluster }) => cluster);
  const cluster = clusters.find((each) => each.name === clusterName);
  if (cluster === undefined) throw new CommandError(`cluster: got "${clusterName}", want one of ${namesOf(clusters)}`);
  const charts = cluster.components.filter((each) => HelmComponent.isHelmComponent(each));
  const component = charts.find((each) => each.name === name);
  if (component === undefined) {
    const isOther = cluster.components.some((each) => each.name === name);
    const there = charts.length === 0 ? `there is none on "${clusterName}"` : `there are ${namesOf(charts)}`;
    const want = isOther
      ? `a helm component, for one of kustomize has no values: see 'gitlab-flux show ${clusterName} ${name}'`
      : `a helm component: ${there}`;
    throw new CommandError(`component: got "${name}", want ${want}`);
  }
  const { values, origins } = component.valuesFor(cluster);
  const references = component.valuesFromFor(cluster).map(referenceText);
  if (options.json === true) {
    terminal.printJson({ values, origins, references });
    return;
  }
  printOrigins(terminal, origins);
  references.forEach((reference) => terminal.print(reference));
  if (origins.length + references.length === 0) terminal.print(`nobody says a value: ${name} gets what its chart says`);
}

function namesOf(things: readonly { readonly name: string }[]): string {
  return things
    .map(({ name }) => name)
    .sort()
    .join(', ');
}

function printOrigins(terminal: Terminal, origins: readonly ValueOrigin[]): void {
  const lines = origins.map(
    ({ path, value, origin }) => [`${pathText(path)}: ${JSON.stringify(value)}`, origin] as const,
  );
  const width = Math.min(72, Math.max(0, ...lines.map(([text]) => text.length)));
  for (const [text, origin] of lines) {
    terminal.print(`${text.padEnd(width)}  ${terminal.paint('quiet', `# ${origin}`)}`);
  }
}

/** As in `--set` of Helm: a key may hold dots itself. */
function pathText(path: readonly string[]): string {
  return path.map((key) => key.replaceAll('.', '\\.')).join('.');
}

function referenceText({ secret, configMap, key = 'values.yaml', targetPath }: HelmValuesFrom): string {
  const target = targetPath ?? 'more values';
  if (secret === undefined) return `${target}: ConfigMap ${configMap ?? ''}, key ${key}`;
  const { data } = secret;
  const where = 'secretName' in data ? `Secret ${data.secretName}` : 'a Secret that Terraform fills';
  return `${target}: ${where}, key ${key}`;
}
