import { type Command, InvalidArgumentError, Option } from 'commander';

import { OUTPUT, type Purpose } from '../../lib/model/pipeline/plan/parent-pipeline';
import { type PipelinePlan } from '../../lib/model/pipeline/plan/pipeline-plan';
import { CommandError } from '../command-error';
import { FLEET_FILE } from '../fleet-command';
import { run } from '../run';
import { type Terminal } from '../terminal';
import { withoutTokens } from '../tokens';
import { applyStack, type ApplyOptions } from './apply-stack';
import { decide } from './decide';
import { reportDrift } from './drift';
import { planStack, type StackOptions } from './plan-stack';
import { review, type ReviewOptions } from './review';
import { selectStacks } from './select';
import { synthesizeTarget } from './target';
import { writePipeline, type WritePipelineOptions } from './write-pipeline';

const help = `
Without a subcommand the pipeline is written: what 'planPipeline' in the fleet file says, with a job for each environment.
The subcommands are what its jobs call.

Examples:
  gitlab-flux pipeline --out .gitlab-ci.yml
  gitlab-flux pipeline --check .gitlab-ci.yml    is it what the fleet says?`;

/** Adds the command `pipeline`, and what its jobs call, to a program. */
export function registerPipeline(program: Command, terminal: Terminal, end: (code: number) => void): void {
  const environment = process.env;
  const redacted = terminal.redacted((text) => withoutTokens(text, environment));
  const say = (text: string): void => redacted.say(text);
  const attempted = async (action: () => unknown): Promise<void> => {
    end(await run(redacted, {}, action));
  };
  const pipeline = program
    .command('pipeline')
    .description('write the pipeline that plans, reviews and applies the stacks')
    .option('-f, --file <file>', 'the fleet file', FLEET_FILE)
    .option('--out <file>', 'write there, and not to the standard output')
    .option('--check <file>', 'fail unless this file is the pipeline')
    .addHelpText('after', help)
    .action((options: WritePipelineOptions) => attempted(() => writePipeline(terminal, options)));
  const settings = (command: Command): Command =>
    command.requiredOption('--settings <json>', 'settings, as the pipeline has them', settingsOf);
  const stack = (command: Command): Command =>
    command
      .argument('<stack>', 'name of the stack')
      .addOption(new Option('--tool <tool>', 'what plans').choices(['terraform', 'opentofu']).default('terraform'))
      .option('--refresh', 'ask what is there')
      .option('--output <directory>', 'what cdktf synth wrote', OUTPUT);

  settings(pipeline.command('target').description('synthesize where the merge request began')).action(
    (options: { readonly settings: PipelinePlan }) =>
      attempted(() => synthesizeTarget(options.settings, targetBranch(environment), say)),
  );
  settings(pipeline.command('select').description('find the stacks to plan, and write the pipelines that plan them'))
    .addOption(
      new Option('--purpose <purpose>', 'what for').choices(['review', 'deploy', 'drift']).makeOptionMandatory(),
    )
    .action((options: { readonly settings: PipelinePlan; readonly purpose: Purpose }) =>
      attempted(() => selectStacks(options.settings, options.purpose, environment, say)),
    );
  stack(pipeline.command('plan').description('plan a stack'))
    .option('--record', 'keep the plan as one that can be reviewed')
    .action((name: string, options: StackOptions) => attempted(() => planStack(name, options, environment, say)));
  pipeline
    .command('review')
    .description('say what the merge request changes')
    .requiredOption('--stacks <count>', 'how many stacks there are', countOf)
    .option('--part <number>', 'number of this review among those of the merge request', countOf, 1)
    .option('--removed <names>', 'stacks that are no longer in the program', (names: string) => names.split(','))
    .option('--note', 'write it as a note too, and update that later')
    .action((options: ReviewOptions) => attempted(() => review(options, environment, redacted)));
  settings(
    pipeline.command('decide').description('find what can be applied at once, and what waits for a person'),
  ).action((options: { readonly settings: PipelinePlan }) =>
    attempted(() => decide(options.settings, environment, say)),
  );
  stack(
    pipeline.command('apply').description('plan a stack again and apply exactly this plan, if it is the expected one'),
  )
    .requiredOption('--digest <digest>', 'digest of the expected plan')
    .option('--lock-timeout <duration>', 'how long to wait for the lock of the state', '5m')
    .action((name: string, options: ApplyOptions) => attempted(() => applyStack(name, options, environment, say)));
  pipeline
    .command('drift')
    .description('say where the world is no longer as it was applied; fails when there is such a place')
    .action(() =>
      attempted(() => {
        const drifted = reportDrift((text) => redacted.print(text));
        if (drifted.length > 0) throw new CommandError(`drift: ${drifted.join(', ')}`);
      }),
    );
}

function targetBranch(environment: NodeJS.ProcessEnv): string {
  const branch = environment['CI_MERGE_REQUEST_TARGET_BRANCH_NAME'];
  if (branch === undefined) {
    throw new CommandError('want CI_MERGE_REQUEST_TARGET_BRANCH_NAME: this is for pipelines of merge requests');
  }

  return branch;
}

/** What a pipeline of this package wrote into itself. */
function settingsOf(text: string): PipelinePlan {
  try {
    const plan = JSON.parse(text) as Partial<PipelinePlan>;
    if (Array.isArray(plan.groups) && Array.isArray(plan.setup)) return plan as PipelinePlan;
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError("Want the JSON that 'gitlab-flux pipeline' writes.");
}

function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0) throw new InvalidArgumentError('Want a whole number.');
  return count;
}
