import type { WriteStream } from 'node:tty';

const colours = { '+': 32, '~': 33, '-': 31, error: 31, quiet: 2 } as const;

/** Tells people on a stream how a push goes; with colours on a terminal only. */
export class Progress {
  private readonly coloured: boolean;

  /**
   * Progress on a stream.
   *
   * @param stream - most often stderr
   * @param redact - blacks out what must not be shown
   */
  constructor(
    private readonly stream: Pick<WriteStream, 'write'> & { readonly isTTY?: boolean },
    private readonly redact: (text: string) => string,
  ) {
    this.coloured = stream.isTTY === true && (process.env['NO_COLOR'] ?? '') === '';
  }

  /**
   * Something begins.
   *
   * @param what - what begins
   */
  public start(what: string): void {
    this.line(`push ${what}`);
  }

  /**
   * Something happens on the way.
   *
   * @param sentence - what happens now
   */
  public step(sentence: string): void {
    this.line(this.paint('quiet', `  ${sentence}`));
  }

  /**
   * A file changes.
   *
   * @param sign - what the file goes through
   * @param path - the file
   */
  public change(sign: '+' | '~' | '-', path: string): void {
    this.line(this.paint(sign, `  ${sign} ${path}`));
  }

  /**
   * It ended well.
   *
   * @param result - how it ended
   */
  public done(result: string): void {
    this.line(result);
  }

  /**
   * It failed.
   *
   * @param message - why it failed
   */
  public fail(message: string): void {
    this.line(`${this.paint('error', 'error:')} ${message}`);
  }

  private line(text: string): void {
    this.stream.write(`${this.redact(text)}\n`);
  }

  private paint(colour: keyof typeof colours, text: string): string {
    return this.coloured ? `\u001b[${colours[colour]}m${text}\u001b[0m` : text;
  }
}
