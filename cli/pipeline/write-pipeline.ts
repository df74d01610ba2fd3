import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { stacksOfFleet } from '../../lib/model/pipeline/plan/fleet-stacks';
import { planPipelineFile } from '../../lib/model/pipeline/plan/pipeline-file';
import { ValidationError } from '../../lib/model/validation-error';
import { CommandError } from '../command-error';
import { FLEET_FILE, openFleet } from '../fleet-command';
import { type Terminal } from '../terminal';

/** Options of {@link writePipeline}. */
export interface WritePipelineOptions {
  /** The fleet file. */
  readonly file: string;
  /**
   * Where to write.
   *
   * @default - to the standard output
   */
  readonly out?: string;
  /** A file that has to be right already. */
  readonly check?: string;
}

/**
 * Writes the pipeline of a fleet.
 *
 * @param options - the fleet file, and where the pipeline goes
 * @throws ValidationError when the fleet has none
 * @throws CommandError when the file that is checked is another
 */
export function writePipeline(terminal: Terminal, options: WritePipelineOptions): void {
  const text = pipelineText(terminal, options.file);
  const { out, check } = options;
  if (check !== undefined) {
    if (!existsSync(check) || readFileSync(check, 'utf8') !== text) {
      const file = options.file === FLEET_FILE ? '' : ` --file ${options.file}`;
      throw new CommandError(
        `${check}: is not what the fleet says; write it with 'gitlab-flux pipeline${file} --out ${check}'`,
      );
    }
    terminal.print(`${terminal.paint('good', '✓')} ${check}`);
  } else if (out === undefined) terminal.print(text.trimEnd());
  else {
    writeFileSync(out, text);
    terminal.print(`${terminal.paint('good', '✓')} ${out}`);
  }
}

/**
 * The pipeline of a fleet.
 *
 * @param file - the fleet file
 * @throws ValidationError when the fleet has none
 */
export function pipelineText(terminal: Terminal, file: string): string {
  const { fleet } = openFleet(terminal, file);
  return fleet.locate(() => {
    const { planPipeline, clusters } = fleet;
    if (planPipeline === undefined) {
      throw new ValidationError({
        at: 'fleet',
        prop: 'planPipeline',
        want: 'the settings of the pipeline, at least its image',
      });
    }
    return planPipelineFile(planPipeline, stacksOfFleet(clusters));
  });
}
