const brand = Symbol.for('cdktf-gitlab-flux.ValidationError');

/** What a {@link ValidationError} says. */
export interface ValidationErrorProps {
  /** The thing that is wrong: a construct path, or a value such as `component "fluentd"`. */
  readonly at: string;
  /**
   * The prop that is wrong, as a path from the thing: `source.ref.branch`, `components[2]`.
   *
   * @default - the thing as a whole
   */
  readonly prop?: string;
  /**
   * The value that was given.
   *
   * @default - nothing was given, or the value must not be shown
   */
  readonly got?: unknown;
  /** What would be right, as a phrase that can follow "want". */
  readonly want: string;
}

/**
 * Bad input, found before anything is written or reaches Terraform.
 *
 * The message names the thing, the prop, what was got and what would be right.
 */
export class ValidationError extends Error {
  /**
   * Whether a value is a `ValidationError`, also one of another copy of this package.
   *
   * @param value - anything, most often what a `catch` received
   */
  public static isValidationError(value: unknown): value is ValidationError {
    return typeof value === 'object' && value !== null && brand in value;
  }

  /** The thing that is wrong. */
  public readonly at: string;
  /** The prop that is wrong, as a path from the thing. */
  public readonly prop?: string;
  /** The value that was given. */
  public readonly got?: unknown;
  /** What would be right. */
  public readonly want: string;

  /**
   * @param props - the thing, the prop, what was got and what is wanted
   */
  constructor(props: ValidationErrorProps) {
    super(messageOf(props));
    this.name = 'ValidationError';
    this.at = props.at;
    this.prop = props.prop;
    this.got = props.got;
    this.want = props.want;
    Object.defineProperty(this, brand, { value: true });
  }
}

function messageOf({ at, prop, got, want }: ValidationErrorProps): string {
  const where = prop === undefined ? at : `${at}: ${prop}`;
  return got === undefined ? `${where}: want ${want}` : `${where}: got ${show(got)}, want ${want}`;
}

function show(value: unknown): string {
  // A function or a symbol is undefined in JSON, whatever the type of stringify says.
  const text = (JSON.stringify(value, withLargeIntegers) as string | undefined) ?? String(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function withLargeIntegers(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
