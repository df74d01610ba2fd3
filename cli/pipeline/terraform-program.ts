import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { type Readable } from 'node:stream';

import { parseTerraformPlan, type TerraformPlan } from '../../lib/model/pipeline/plan/terraform-plan';
import { CommandError } from '../command-error';

/** What plans and applies a stack. */
export interface TerraformProgramProps {
  /** The program. */
  readonly tool: 'terraform' | 'opentofu';
  /** Directory of the stack. */
  readonly directory: string;
  /** Environment variables. */
  readonly environment: NodeJS.ProcessEnv;
  /** Is told each line that the program prints. */
  readonly onLine: (line: string) => void;
}

/** How a plan is made. */
export interface PlanOptions {
  /** Whether to ask what is there. */
  readonly refresh: boolean;
  /**
   * How long to wait for the lock of the state.
   *
   * @default - the state is read without a lock
   */
  readonly lockTimeout?: string;
}

/**
 * Terraform or OpenTofu in the directory of a stack. A plan file holds secrets, so it is outside of the job's directory,
 * where no artifact can take it along, and gone at the end.
 */
export class TerraformProgram {
  /**
   * Does something with a plan of a stack, then forgets the plan.
   *
   * @param action - gets the plan, and can apply exactly it
   * @throws CommandError when the program fails; why, it has said itself
   */
  public static async withPlan<T>(
    props: TerraformProgramProps,
    options: PlanOptions,
    action: (plan: TerraformPlan, apply: () => Promise<void>) => Promise<T>,
  ): Promise<T> {
    const workspace = mkdtempSync(join(tmpdir(), 'gitlab-flux-plan-'));
    try {
      const program = new TerraformProgram(props);
      const file = join(workspace, 'plan');
      const lock = options.lockTimeout === undefined ? '-lock=false' : `-lock-timeout=${options.lockTimeout}`;
      await program.run('init', '-input=false', '-no-color');
      await program.run('plan', '-input=false', '-no-color', lock, `-refresh=${options.refresh}`, `-out=${file}`);
      const plan = parseTerraformPlan(await program.read('show', '-json', file), `plan in ${props.directory}`);
      return await action(plan, () => program.run('apply', '-input=false', '-no-color', lock, file));
    } finally {
      rmSync(workspace, { recursive: true, force: true });
    }
  }

  private readonly program: string;

  private constructor(private readonly props: TerraformProgramProps) {
    this.program = props.tool === 'terraform' ? 'terraform' : 'tofu';
  }

  private async run(...args: readonly string[]): Promise<void> {
    const { onLine } = this.props;
    await this.spawn(args, async (stdout) => {
      for await (const line of createInterface({ input: stdout })) onLine(line);
    });
  }

  private async read(...args: readonly string[]): Promise<string> {
    let text = '';
    await this.spawn(args, async (stdout) => {
      for await (const chunk of stdout.setEncoding('utf8')) text += String(chunk);
    });
    return text;
  }

  private async spawn(args: readonly string[], read: (stdout: Readable) => Promise<void>): Promise<void> {
    const { directory, environment, onLine } = this.props;
    const child = spawn(this.program, args, {
      cwd: directory,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exit = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    const errors = createInterface({ input: child.stderr }).on('line', onLine);
    const code = await Promise.all([exit, read(child.stdout)]).then(
      ([each]) => each,
      (error: unknown) => {
        throw new CommandError(`${this.program}: cannot be run: ${String((error as NodeJS.ErrnoException).code)}`);
      },
    );
    errors.close();
    if (code !== 0) {
      throw new CommandError(
        `${this.program} ${args[0] ?? ''}: failed with exit code ${code ?? 'none'}; it says why above`,
      );
    }
  }
}
