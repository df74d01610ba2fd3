import { renderCiFile } from '../../lib/model/pipeline/plan/ci-file';
import { fileChanges } from '../../lib/model/pipeline/plan/file-change';
import { numbers, OUTPUT, partFile, type Purpose, TARGET_OUTPUT } from '../../lib/model/pipeline/plan/parent-pipeline';
import { groupOf, type PipelinePlan } from '../../lib/model/pipeline/plan/pipeline-plan';
import { plansPipeline } from '../../lib/model/pipeline/plan/plans-pipeline';
import { differenceOf, type StackContents, type StackDifference } from '../../lib/model/pipeline/plan/stack-content';
import { ValidationError } from '../../lib/model/validation-error';
import { CdktfOutput } from './cdktf-output';
import { PlanRegistry } from './plan-registry';
import { writeChange, writeWorkFile } from './work-files';

const GENERATED = ['Generated for one pipeline by gitlab-flux pipeline select.'];

/**
 * Finds the stacks that a pipeline plans, and writes the pipelines that plan them.
 *
 * @param say - is told which stacks they are
 * @throws ValidationError when a stack cannot be planned by a job
 */
export async function selectStacks(
  plan: PipelinePlan,
  purpose: Purpose,
  environment: NodeJS.ProcessEnv,
  say: (sentence: string) => void,
): Promise<void> {
  const output = new CdktfOutput(OUTPUT);
  const { changed, removed } = await stacksFor(purpose, output, environment, say);
  checkBackends(output, changed);
  say(`${changed.length} of ${output.stacks.length} stacks: ${changed.join(', ') || 'none'}`);
  if (removed.length > 0) say(`no longer in the program: ${removed.join(', ')}`);
  const write = (part: number, stacks: readonly string[], group?: string): void => {
    const gone = part === 1 ? removed : [];
    const file = plansPipeline({ plan, purpose, stacks, part, total: output.stacks.length, removed: gone });
    writeWorkFile(partFile(purpose, part, group), renderCiFile(file, GENERATED));
  };
  if (purpose === 'deploy') {
    for (const { name, parts } of plan.groups) {
      const stacks = changed.filter((stack) => groupOf(plan.groups, stack).name === name);
      numbers(parts).forEach((part) => write(part, stacksOf(part, parts, stacks, plan), name));
    }
  } else numbers(plan.parts).forEach((part) => write(part, stacksOf(part, plan.parts, changed, plan)));
}

async function stacksFor(
  purpose: Purpose,
  output: CdktfOutput,
  environment: NodeJS.ProcessEnv,
  say: (sentence: string) => void,
): Promise<StackDifference> {
  const now = output.contents();
  if (purpose === 'review') {
    const target = new CdktfOutput(TARGET_OUTPUT);
    const difference = differenceOf(now, target.contents());
    difference.changed.forEach((stack) => writeChangeOf(stack, output, target));
    return difference;
  }
  const { changed } = differenceOf(now, await appliedContents(output.stacks, environment));
  if (purpose === 'deploy') return { changed, removed: [] };
  if (changed.length > 0) say(`not applied yet, so no drift: ${changed.join(', ')}`);
  return { changed: output.stacks.filter((stack) => !changed.includes(stack)), removed: [] };
}

function writeChangeOf(stack: string, output: CdktfOutput, target: CdktfOutput): void {
  const [before, after] = [target.fluxVersionOf(stack), output.fluxVersionOf(stack)];
  writeChange({
    stack,
    content: output.contentOf(stack),
    files: fileChanges(target.treeOf(stack), output.treeOf(stack)),
    ...(before === after ? {} : { flux: { before, after } }),
  });
}

async function appliedContents(stacks: readonly string[], environment: NodeJS.ProcessEnv): Promise<StackContents> {
  const plans = new PlanRegistry(environment);
  const contents: Record<string, string> = {};
  const waiting = [...stacks];
  const work = async (): Promise<void> => {
    for (let stack = waiting.shift(); stack !== undefined; stack = waiting.shift()) {
      const content = await plans.applied(stack);
      if (content !== undefined) contents[stack] = content;
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return contents;
}

/** Stacks in equal shares, so that all of them finish at about the same time. */
function stacksOf(part: number, parts: number, stacks: readonly string[], plan: PipelinePlan): readonly string[] {
  const share = Math.ceil(stacks.length / parts);
  if (share > plan.stacksPerPipeline) {
    throw new ValidationError({
      at: 'plan pipeline',
      prop: 'parts',
      got: parts,
      want: `more pipelines for ${stacks.length} stacks: write the pipeline anew with 'gitlab-flux pipeline'`,
    });
  }
  return stacks.slice((part - 1) * share, part * share);
}

function checkBackends(output: CdktfOutput, stacks: readonly string[]): void {
  for (const stack of stacks) {
    const { backend = {} } = output.jsonOf(stack).terraform ?? {};
    if (Object.keys(backend).every((kind) => kind === 'local')) {
      throw new ValidationError({
        at: `stack "${stack}"`,
        prop: 'state',
        got: 'local',
        want: 'a state that outlives the job: state: { type: gitlab, … } in fleet.yaml, or StateBackend.gitlab()',
      });
    }
  }
}
