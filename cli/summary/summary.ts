import { type Command } from 'commander';

import { REPOSITORY_STACK } from '../../lib/model/layout/stack-name';
import { type CommonOptions, run } from '../run';
import { type Terminal } from '../terminal';
import { bootstrapFilesOf, WRITTEN_BY_BOOTSTRAP } from '../tree/bootstrap-file';
import { drawTree } from '../tree/draw-tree';
import { type SynthesizedProject, synthesizedProjects, type SynthesizedStack, synthesizedStacks } from './synthesized';

const help = `
Examples:
  npx cdktf synth && gitlab-flux summary
  gitlab-flux summary cdktf.out --json`;

/** Adds the command `summary` to a program. */
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
  printNext(terminal, stacks);
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

/** `cdktf deploy` takes a pattern; where another environment begins with the same words it would take too many. */
function stepsOf(stacks: readonly SynthesizedStack[]): readonly (readonly [string, string])[] {
  const environments = [...new Set(stacks.flatMap(({ environment }) => environment ?? []))];
  const isShared = ({ name }: SynthesizedStack): boolean => name === REPOSITORY_STACK;
  return [
    ...stacks
      .filter(isShared)
      .map(({ name }) => [`npx cdktf deploy ${name}`, 'first, the files that clusters share'] as const),
    ...environments.map((environment) => {
      const own = stacks.filter((stack) => stack.environment === environment).map(({ name }) => name);
      const matched = stacks.filter(({ name }) => name.startsWith(`${environment}-`));
      const targets = matched.length === own.length ? `'${environment}-*'` : own.join(' ');
      return [`npx cdktf deploy ${targets}`, `the clusters of ${environment}`] as const;
    }),
    ...stacks
      .filter((stack) => !isShared(stack) && stack.environment === undefined)
      .map(({ name }) => [`npx cdktf deploy ${name}`, 'a stack of your own'] as const),
  ];
}

/** GitLab's state asks for a login of its own. */
const STATE_LOGIN = [
  ['export TF_HTTP_USERNAME=…', "your name in GitLab, for Terraform's state there"],
  ['export TF_HTTP_PASSWORD=…', 'a token with scope api'],
] as const;

function printNext(terminal: Terminal, stacks: readonly SynthesizedStack[]): void {
  const variables = new Map(
    stacks.flatMap((stack) => stack.variables.map(({ name, description }) => [name, description])),
  );
  terminal.print(terminal.paint('heading', 'What to do next'));
  const steps = [
    ['export GITLAB_TOKEN=…', 'a token with scope api, for Terraform and the commits'],
    ...(stacks.some(({ backend }) => backend === 'http') ? STATE_LOGIN : []),
    ...[...variables].map(([name, description]) => [`export TF_VAR_${name}=…`, description] as const),
    ...stepsOf(stacks),
  ] as const;
  const width = Math.max(...steps.map(([command]) => command.length));
  for (const [command, reason] of steps) {
    terminal.print(
      `  ${command.padEnd(width)}  ${terminal.paint('quiet', reason === '' ? '' : `# ${reason}`)}`.trimEnd(),
    );
  }
}
