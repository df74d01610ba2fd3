import { type ErrorPlace, type ErrorSubject, type PathStep, pathText, stepsOf, thingText } from './error-place';

const brand = Symbol.for('cdktf-gitlab-flux.ValidationError');

/** What a {@link ValidationError} says. */
export interface ValidationErrorProps extends ErrorPlace {
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

  /** Several mistakes as one error, whose message has a line for each. */
  public static all(errors: readonly ValidationError[]): ValidationError {
    const [first = new ValidationError({ at: '', want: '' }), ...others] = errors;
    return others.length === 0 ? first : new ValidationErrors(errors, first);
  }

  /** The mistakes, when it stands for several; otherwise itself. */
  public get mistakes(): readonly ValidationError[] {
    return [this];
  }

  /** The thing that is wrong, in words. */
  public readonly at: string;
  /** The component and the cluster that it is about; empty when it is about neither. */
  public readonly subject: ErrorSubject;
  /** The file beside it in which the mistake stands. */
  public readonly file?: string;
  /** The prop that is wrong, as a path from the thing, in words. */
  public readonly prop?: string;
  /** The prop that is wrong, step by step from the thing; no steps when it is the thing as a whole. */
  public readonly path: readonly PathStep[];
  /** The value that was given. */
  public readonly got?: unknown;
  /** What would be right. */
  public readonly want: string;

  /** @param props - the thing, the prop, what was got and what is wanted */
  constructor(props: ValidationErrorProps) {
    const { at, file, prop, got, want } = props;
    const path = prop === undefined ? [] : stepsOf(prop);
    const where = [thingText(at), pathText(path), file ?? ''].filter((part) => part !== '');
    super(`${where.join(': ')}: ${wish(got, want)}`);
    this.name = 'ValidationError';
    this.at = thingText(at);
    this.subject = typeof at === 'string' ? {} : at;
    this.file = file;
    this.prop = path.length === 0 ? undefined : pathText(path);
    this.path = path;
    this.got = got;
    this.want = want;
    Object.defineProperty(this, brand, { value: true });
  }

  /** What is wrong, without where: `got "5x", want a duration`. */
  public get wish(): string {
    return wish(this.got, this.want);
  }
}

class ValidationErrors extends ValidationError {
  constructor(
    private readonly all: readonly ValidationError[],
    { at, subject, file, path, got, want }: ValidationError,
  ) {
    super({ at: Object.keys(subject).length > 0 ? subject : at, file, prop: path, got, want });
    this.message = all.map(({ message }) => message).join('\n');
  }

  public override get mistakes(): readonly ValidationError[] {
    return this.all;
  }
}

function wish(got: unknown, want: string): string {
  return got === undefined ? `want ${want}` : `got ${show(got)}, want ${want}`;
}

function show(value: unknown): string {
  // A function or a symbol is undefined in JSON, whatever the type of stringify says.
  const text = (JSON.stringify(value, withLargeIntegers) as string | undefined) ?? String(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function withLargeIntegers(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
