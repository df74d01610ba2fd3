import { ValidationError } from '../../validation-error';

/** What `terraform show -json` and `tofu show -json` say about a plan, as far as it is read here. */
export interface TerraformPlan {
  /** What happens to each resource, also to those to which nothing happens. */
  readonly resource_changes: readonly PlannedResource[];
  /** What has changed outside of Terraform since its last run. */
  readonly resource_drift: readonly PlannedResource[];
  /** Values of variables that are secrets: wherever they come again, they are secrets too. */
  readonly secrets: readonly string[];
  /** Whether applying the plan would change anything: resources, outputs or the state alone. */
  readonly applyable: boolean;
}

/** One resource of a {@link TerraformPlan}. */
export interface PlannedResource {
  /** Address, such as `helm_release.Flux_2595E608`. */
  readonly address: string;
  /**
   * Address before a move.
   *
   * @default - the same
   */
  readonly previous_address?: string;
  /**
   * Key of an object that an earlier replacement left behind.
   *
   * @default - the resource itself
   */
  readonly deposed?: string;
  /** `managed`, or `data` for what is only read. */
  readonly mode: string;
  /** What happens. */
  readonly change: PlannedChange;
}

/** What happens to a resource. */
export interface PlannedChange {
  /** `no-op`, `read`, `create`, `update`, `delete`, `forget`; two of them for a replacement. */
  readonly actions: readonly string[];
  /** Attributes before; null when there is nothing. */
  readonly before: unknown;
  /** Attributes after, as far as they are known. */
  readonly after: unknown;
  /**
   * `true` where a value is only known after the apply.
   *
   * @default - everything is known
   */
  readonly after_unknown?: unknown;
  /** `true` where the value before is a secret. */
  readonly before_sensitive?: unknown;
  /** `true` where the value after is a secret. */
  readonly after_sensitive?: unknown;
  /**
   * Set when an existing object is taken over.
   *
   * @default - none is
   */
  readonly importing?: unknown;
}

/**
 * Reads a plan.
 *
 * @param text - what `show -json` printed
 * @param at - what the plan is of, for messages, which never show the plan: it may hold secrets
 * @throws ValidationError when it is no plan of a format that is known
 */
export function parseTerraformPlan(text: string, at: string): TerraformPlan {
  let plan: PlanJson;
  try {
    plan = JSON.parse(text) as PlanJson;
  } catch {
    throw new ValidationError({ at, want: 'the JSON of a plan' });
  }
  const version = String(plan.format_version);
  if (!version.startsWith('1.')) {
    throw new ValidationError({ at, prop: 'format_version', got: version, want: 'a plan of format 1' });
  }

  const { resource_changes = [], resource_drift = [], applyable = false } = plan;
  return { resource_changes, resource_drift, secrets: secretsOf(plan), applyable };
}

interface PlanJson extends Partial<Omit<TerraformPlan, 'secrets'>> {
  readonly format_version?: unknown;
  readonly variables?: Readonly<Record<string, { readonly value?: unknown }>>;
  readonly configuration?: {
    readonly root_module?: { readonly variables?: Readonly<Record<string, { readonly sensitive?: boolean }>> };
  };
}

function secretsOf({ variables = {}, configuration }: PlanJson): readonly string[] {
  const declared = configuration?.root_module?.variables ?? {};
  return Object.entries(variables).flatMap(([name, { value }]) =>
    declared[name]?.sensitive === true && typeof value === 'string' ? [value] : [],
  );
}
