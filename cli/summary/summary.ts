import { type Command } from 'commander';

import { type CommonOptions, run } from '../run';
import { type Terminal } from '../terminal';
import { bootstrapFilesOf, WRITTEN_BY_BOOTSTRAP } from '../tree/bootstrap-file';
import { drawTree } from '../tree/draw-tree';
import { type SynthesizedProject, synthesizedProjects, type SynthesizedStack, synthesizedStacks } from './synthesized';

const help = `
Examples:
  npx cdktf synth && gitlab-flux summary
  gitlab-flux summary cdktf.out --json`;

/**
 * Adds the command `summary` to a program.
 *
 * @param program - the program
 * @param terminal - where to write
 * @param end - is told the exit code
 */
export function registerSummary(program: Command, terminal: Terminal, end: (code: number) => void): void {
  program
    .command('summary')
    .description("show what 'cdktf synth' wrote: Terraform resources by stack, files by project, and what to do next")
    .argument('[directory]', 'what cdktf synth wrote', 'cdktf.out')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', help)
    .action(async (directory: string, options: CommonOptions) =>
      end(await run(terminal, options, () => summary(terminal, directory, options))),
    );
}

function summary(terminal: Terminal, directory: string, options: CommonOptions): void {
  const stacks = synthesizedStacks(directory);
  const projects = synthesizedProjects(directory).map((project) => ({
    ...project,
    writtenByBootstrap: bootstrapFilesOf(project.files),
  }));
  if (options.json === true) {
    terminal.printJson({ stacks, projects });
    return;
  }
  stacks.forEach((stack) => printStack(terminal, stack));
  projects.forEach((project) => printProject(terminal, directory, project));
  printNext(terminal, stacks, projects);
}

function printStack(terminal: Terminal, { name, resources }: SynthesizedStack): void {
  const types = Object.entries(resources);
  const count = types.reduce((sum, [, names]) => sum + names.length, 0);
  terminal.print(`${terminal.paint('heading', name)}  ${terminal.paint('quiet', `${count} Terraform resources`)}`);
  const width = Math.max(0, ...types.map(([type]) => type.length));
  for (const [type, names] of types) {
    terminal.print(
      `  ${String(names.length).padStart(3)} ${type.padEnd(width)}  ${terminal.paint('quiet', shortened(names))}`,
    );
  }
  terminal.print('');
}

function shortened(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

function printProject(terminal: Terminal, directory: string, { path, files }: SynthesizedProject): void {
  const place = `${directory}/repository/${path}, ${files.length} ${files.length === 1 ? 'file' : 'files'}`;
  terminal.print(`${terminal.paint('heading', path)}  ${terminal.paint('quiet', place)}`);
  const lines = drawTree(
    [
      ...files.map((file) => ({ path: file, note: '' })),
      ...bootstrapFilesOf(files).map((file) => ({ path: file, note: '', mark: WRITTEN_BY_BOOTSTRAP })),
    ],
    (note) => terminal.paint('note', note),
  );
  lines.forEach((line) => terminal.print(line));
  terminal.print('');
}

/** Stacks of clusters are `<environment>-<cluster>`; both may hold hyphens, and directories tell the clusters' names. */
function environmentsOf(
  stacks: readonly SynthesizedStack[],
  projects: readonly SynthesizedProject[],
): readonly string[] {
  const clusters = projects.flatMap(({ files }) =>
    files.flatMap((file) => /^clusters\/([^/]+)\//.exec(file)?.[1] ?? []),
  );
  const environments = stacks.flatMap(({ name }) => {
    const suffixes = clusters.map((cluster) => `-${cluster}`).filter((suffix) => name.endsWith(suffix));
    const [longest] = suffixes.sort((a, b) => b.length - a.length);
    return longest === undefined ? [] : [name.slice(0, -longest.length)];
  });
  return [...new Set(environments)].sort();
}

function printNext(
  terminal: Terminal,
  stacks: readonly SynthesizedStack[],
  projects: readonly SynthesizedProject[],
): void {
  const variables = new Map(
    stacks.flatMap((stack) => stack.variables.map(({ name, description }) => [name, description])),
  );
  const environments = environmentsOf(stacks, projects);
  terminal.print(terminal.paint('heading', 'What to do next'));
  const steps = [
    ['export GITLAB_TOKEN=…', 'a token with scope api, for Terraform and the commits'],
    ...[...variables].map(([name, description]) => [`export TF_VAR_${name}=…`, description]),
    ['npx cdktf deploy repository', 'first, the files that clusters share'],
    ...environments.map((name) => [`npx cdktf deploy '${name}-*'`, `the clusters of ${name}`]),
  ];
  const width = Math.max(...steps.map(([command = '']) => command.length));
  for (const [command = '', reason = ''] of steps) {
    terminal.print(
      `  ${command.padEnd(width)}  ${terminal.paint('quiet', reason === '' ? '' : `# ${reason}`)}`.trimEnd(),
    );
  }
}
