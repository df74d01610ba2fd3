import { ValidationError } from '../../validation-error';
import { type FileChange } from './file-change';
import { type ResourceChange } from './resource-change';

/** A stack, as it is or was synthesized. */
export interface SynthesizedStack {
  /** Name of the stack. */
  readonly stack: string;
  /** Digest of what it was synthesized to. */
  readonly content: string;
}

/** What changes about a stack between two states of the program, before it is planned. */
export interface StackChange extends SynthesizedStack {
  /** Files of the GitOps repository. */
  readonly files: readonly FileChange[];
  /**
   * Version of Flux before and after.
   *
   * @default - it stays
   */
  readonly flux?: {
    /** Before. */
    readonly before?: string;
    /** After. */
    readonly after?: string;
  };
}

/** What a plan job says about a stack. It holds no secret, and not the plan. */
export interface StackReport extends StackChange {
  /**
   * The plan.
   *
   * @default - there is none, because it failed
   */
  readonly plan?: ReportedPlan;
  /** Where the log of the job is. */
  readonly job?: string;
}

/** What a plan does. */
export interface ReportedPlan {
  /** Digest of the changes. */
  readonly digest: string;
  /** The changes. */
  readonly changes: readonly ResourceChange[];
  /** Whether there is anything to apply, if only in the state. */
  readonly applyable: boolean;
  /** Addresses of what changed outside of Terraform, when the plan looked for it. */
  readonly outside?: readonly string[];
}

/** What somebody could review: kept until the same content reaches the default branch. */
export interface ReviewedPlan extends SynthesizedStack, Pick<ReportedPlan, 'digest' | 'changes'> {
  /** The merge request, as its address. */
  readonly mergeRequest?: string;
}

/** The text of a report, or of anything else that jobs hand on. */
export function formatReport(value: SynthesizedStack): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/**
 * Reads what {@link formatReport} wrote.
 *
 * @param at - where it comes from, for messages
 * @throws ValidationError when it is something else
 */
export function parseReport(text: string, at: string): SynthesizedStack {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const { stack, content } = (value ?? {}) as Partial<SynthesizedStack>;
  if (typeof stack !== 'string' || typeof content !== 'string') {
    throw new ValidationError({ at, want: "what 'gitlab-flux pipeline' wrote, of the same version" });
  }

  return value as SynthesizedStack;
}
