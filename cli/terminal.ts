import { createInterface, type Interface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { styleText } from 'node:util';

/** A stream that a terminal may be behind. */
export interface TerminalStream {
  /**
   * Whether a terminal is behind the stream.
   *
   * @default false
   */
  readonly isTTY?: boolean;
  /** Writes text. */
  write(text: string): unknown;
}

/** A stream of what somebody types, where a terminal is behind it. */
export type TerminalInput = NodeJS.ReadableStream & {
  /**
   * Whether a terminal is behind the stream.
   *
   * @default false
   */
  readonly isTTY?: boolean;
};

/** How a text is meant: what is good, bad, to be noted, of less importance, or a heading. */
export type Tone = 'good' | 'bad' | 'note' | 'quiet' | 'heading';

const FORMATS = { good: 'green', bad: 'red', note: 'yellow', quiet: 'dim', heading: 'bold' } as const;

/** Where a command writes: results to one stream, everything about them to another. */
export class Terminal {
  private readonly colours: boolean;

  /**
   * @param environment - `NO_COLOR` and `TERM` are read from it
   * @see https://no-color.org
   */
  constructor(
    private readonly stdout: TerminalStream,
    private readonly stderr: TerminalStream,
    /** Environment variables. */
    public readonly environment: Readonly<Record<string, string | undefined>>,
    private readonly stdin?: TerminalInput,
  ) {
    const { NO_COLOR = '', TERM } = environment;
    this.colours = stdout.isTTY === true && stderr.isTTY === true && NO_COLOR === '' && TERM !== 'dumb';
  }

  /**
   * The same terminal, on which something is never shown.
   *
   * @param redact - blacks out what must not be shown
   */
  public redacted(redact: (text: string) => string): Terminal {
    const behind = (stream: TerminalStream): TerminalStream => ({
      isTTY: stream.isTTY,
      write: (text) => stream.write(redact(text)),
    });
    return new Terminal(behind(this.stdout), behind(this.stderr), this.environment, this.stdin);
  }

  /** Writes a line of the result. */
  public print(text: string): void {
    this.stdout.write(`${text}\n`);
  }

  /** Writes the result for programs. */
  public printJson(value: unknown): void {
    this.print(JSON.stringify(value, undefined, 2));
  }

  /** Writes a line about the result. */
  public say(text: string): void {
    this.stderr.write(`${text}\n`);
  }

  /**
   * Says how far something is, in a line that the next one replaces; nothing on anything but a terminal.
   *
   * @param text - the line; empty to take it away
   */
  public progress(text: string): void {
    if (this.stderr.isTTY === true && this.environment.TERM !== 'dumb') this.stderr.write(`\r\u001b[K${text}`);
  }

  /** Where questions can be asked; undefined when nobody is there to answer. Whoever takes it closes it. */
  public questions(): Interface | undefined {
    if (this.stdin?.isTTY !== true || this.stderr.isTTY !== true) return undefined;
    const write = (text: Buffer, _: unknown, done: () => void): void => {
      this.stderr.write(text.toString());
      done();
    };
    return createInterface({ input: this.stdin, output: new Writable({ write }), terminal: true });
  }

  /** A text in the colour of its tone; on anything but a terminal the text itself. */
  public paint(tone: Tone, text: string): string {
    return this.colours && text !== '' ? styleText(FORMATS[tone], text, { validateStream: false }) : text;
  }
}
