import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { writeWholeFile } from '../../lib/model/manifest/whole-file';
import { WORK_DIRECTORY } from '../../lib/model/pipeline/plan/parent-pipeline';
import { REPORTS } from '../../lib/model/pipeline/plan/plans-pipeline';
import {
  formatReport,
  parseReport,
  type StackChange,
  type StackReport,
} from '../../lib/model/pipeline/plan/stack-report';

const CHANGES = `${WORK_DIRECTORY}/changes`;

/** Writes a file that a job hands on. */
export function writeWorkFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeWholeFile(path, text);
}

/** Hands on what changes about a stack. */
export function writeChange(change: StackChange): void {
  writeWorkFile(join(CHANGES, `${change.stack}.json`), formatReport(change));
}

/**
 * What changes about a stack, as far as it was handed on.
 *
 * @param content - digest of what it is synthesized to
 */
export function readChange(stack: string, content: string): StackChange {
  const file = join(CHANGES, `${stack}.json`);
  return existsSync(file)
    ? (parseReport(readFileSync(file, 'utf8'), file) as StackChange)
    : { stack, content, files: [] };
}

/** Hands on the report of a plan job. */
export function writeReport(report: StackReport): void {
  writeWorkFile(join(REPORTS, `${report.stack}.json`), formatReport(report));
}

/** The reports of all plan jobs, in the order of their stacks. */
export function readReports(): readonly StackReport[] {
  const names = existsSync(REPORTS) ? readdirSync(REPORTS).sort() : [];
  return names.map((name) => parseReport(readFileSync(join(REPORTS, name), 'utf8'), name) as StackReport);
}
