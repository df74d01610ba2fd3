import { type Command } from 'commander';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { packageManifest } from '../package-manifest';
import { pipelineText } from '../pipeline/write-pipeline';
import { type CommonOptions, run } from '../run';
import { type Terminal } from '../terminal';
import { interview } from './interview';
import { PIPELINE_FILE, PROJECT_PATHS, projectFiles } from './project-files';
import { type Given, QUESTIONS } from './questions';
import { checkFree, writeNewFiles } from './write-new-files';

interface InitOptions extends CommonOptions, Given {
  readonly image?: string;
  readonly personal?: boolean;
  readonly cdktn?: boolean;
  readonly package?: string;
  readonly yes?: boolean;
}

const help = `
Asks on a terminal for what no flag says; elsewhere, and with --yes, it takes what stands in brackets there. Nothing is
overwritten: where a file is in the way, nothing is written. What was written is checked as 'gitlab-flux validate' does.

Examples:
  gitlab-flux init my-fleet
  gitlab-flux init my-fleet --project platform/fleet --cluster uni-dev --yes
  gitlab-flux init . --url https://gitlab.example.com --project platform/fleet --cluster uni-dev --trigger agent`;

/** Adds the command `init` to a program. */
export function registerInit(program: Command, terminal: Terminal, end: (code: number) => void): void {
  const command = program
    .command('init')
    .description('write a first project: a cluster, a component, and the pipeline that plans and applies')
    .argument('[directory]', 'where to write', '.');
  for (const { flag, text } of QUESTIONS) command.option(flag, text);
  command
    .option('--image <image>', 'image of the jobs that plan and apply (default: one of the project of this program)')
    .option('--personal', 'the project that Flux follows belongs to a user and not to a group')
    .option('--cdktn', 'use CDK Terrain, the successor of CDKTF')
    .option('--package <source>', 'where this package comes from: a version, or the path of an archive')
    .option('-y, --yes', 'ask nothing')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', help)
    .action(async (directory: string, options: InitOptions) =>
      end(await run(terminal, options, () => init(terminal, directory, options))),
    );
}

async function init(terminal: Terminal, directory: string, options: InitOptions): Promise<void> {
  checkFree(directory, PROJECT_PATHS);
  const manifest = packageManifest();
  const given = Object.fromEntries(QUESTIONS.map(({ name }) => [name, options[name]])) as Given;
  const answers = await interview(terminal, given, options.yes !== true && options.json !== true);
  const settings = {
    ...answers,
    image: options.image ?? `registry.${new URL(answers.url).hostname}/${answers.program}/ci`.toLowerCase(),
    personal: options.personal === true,
    cdktn: options.cdktn === true,
    package: options.package ?? manifest.version,
  };
  writeNewFiles(directory, projectFiles(settings, manifest), () => {
    const pipeline = pipelineText(terminal, join(directory, 'fleet.yaml'));
    writeFileSync(join(directory, PIPELINE_FILE), pipeline, { flag: 'wx' });
  });
  if (options.json === true) {
    terminal.printJson({ directory, files: PROJECT_PATHS });
    return;
  }
  PROJECT_PATHS.forEach((path) => terminal.print(`${terminal.paint('good', '✓')} ${join(directory, path)}`));
  const next = [...(directory === '.' ? [] : [`cd ${directory}`]), 'npm install', 'npx gitlab-flux validate'];
  terminal.say(`Next: ${next.join(' && ')}; then as ${join(directory, 'README.md')} says.`);
}
