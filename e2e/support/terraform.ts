import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { findProgram } from '../../__tests__/support/rig';

/** What a call of Terraform did. */
export interface TerraformResult {
  readonly code: number;
  readonly output: string;
}

/** Terraform in the directory of one synthesized stack. */
export class Terraform {
  /** Everything that Terraform printed. */
  public printed = '';

  constructor(
    /** Directory of the synthesized stack. */
    public readonly directory: string,
    private readonly stateFile: string,
    private readonly environment: () => NodeJS.ProcessEnv,
    private readonly timeout = 400_000,
  ) {}

  /** Runs a command of Terraform. */
  public async run(...args: string[]): Promise<TerraformResult> {
    const options = {
      cwd: this.directory,
      env: this.environment(),
      timeout: this.timeout,
      killSignal: 'SIGINT' as const,
      maxBuffer: 1 << 28,
    };
    const result = await new Promise<TerraformResult>((done) => {
      execFile(findProgram('terraform')!, [...args, '-no-color'], options, (error, out, err) =>
        done({ code: error === null ? 0 : Number(error.code ?? -1), output: out + err }),
      );
    });
    this.printed += result.output;
    return result;
  }

  /** Makes providers available, once. */
  public async init(): Promise<void> {
    if (!existsSync(join(this.directory, '.terraform'))) await this.succeed('init', '-input=false');
  }

  /** A plan that finds nothing to do. */
  public planNothing(...args: string[]): Promise<string> {
    return this.plan(0, ...args);
  }

  /** A plan that finds something to do. */
  public planChanges(...args: string[]): Promise<string> {
    return this.plan(2, ...args);
  }

  private async plan(expected: number, ...args: string[]): Promise<string> {
    const { code, output } = await this.run('plan', '-input=false', '-detailed-exitcode', ...args);
    if (code !== expected) throw new Error(`terraform plan: exit code ${code}, not ${expected}\n${output}`);
    return output;
  }

  /** Applies without asking, whatever comes of it. */
  public tryApply(): Promise<TerraformResult> {
    return this.run('apply', '-input=false', '-auto-approve');
  }

  /** Applies without asking. */
  public apply(): Promise<string> {
    return this.succeed('apply', '-input=false', '-auto-approve');
  }

  /** Destroys without asking. */
  public destroy(): Promise<string> {
    return this.succeed('destroy', '-input=false', '-auto-approve');
  }

  /** Runs a command that must succeed. */
  public async succeed(...args: string[]): Promise<string> {
    const { code, output } = await this.run(...args);
    if (code !== 0) throw new Error(`terraform ${args.join(' ')}: exit code ${code}\n${output}`);
    return output;
  }

  /** The state, as text. */
  public state(): string {
    return readFileSync(this.stateFile, 'utf8');
  }

  /** Addresses in the state. */
  public async addresses(): Promise<readonly string[]> {
    return (await this.succeed('state', 'list')).split('\n').filter((line) => line !== '');
  }
}
