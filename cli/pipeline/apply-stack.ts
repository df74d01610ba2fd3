import { describeChanges } from '../../lib/model/pipeline/plan/describe-changes';
import { CommandError } from '../command-error';
import { CdktfOutput } from './cdktf-output';
import { PlanRegistry } from './plan-registry';
import { reportedPlan, type StackOptions, programProps } from './plan-stack';
import { TerraformProgram } from './terraform-program';

/** Options of an apply. */
export interface ApplyOptions extends StackOptions {
  /** Digest that the plan must have. */
  readonly digest: string;
  /** How long to wait for the lock of the state. */
  readonly lockTimeout: string;
}

/**
 * Plans a stack once more, and applies exactly this plan if it does what it is expected to do.
 *
 * @throws CommandError when the plan does something else, and so nothing is applied, or the apply fails
 */
export async function applyStack(
  stack: string,
  options: ApplyOptions,
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<void> {
  const output = new CdktfOutput(options.output);
  const content = output.contentOf(stack);
  const { lockTimeout, refresh = false } = options;
  await TerraformProgram.withPlan(
    programProps(output, stack, options, environment, say),
    { refresh, lockTimeout },
    async (plan, apply) => {
      const { digest, changes } = reportedPlan(plan);
      if (digest !== options.digest) {
        say(`want a plan with digest ${options.digest}, got ${digest}:`);
        say(describeChanges(changes) || 'no changes');
        throw new CommandError(
          `${stack}: the plan is no longer the one that was shown, so nothing is applied; run a new pipeline for the branch`,
        );
      }
      await apply();
    },
  );
  await new PlanRegistry(environment).keepApplied({ stack, content });
}
