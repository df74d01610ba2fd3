/** The kinds of tokens that may come next. */
export const Mode = { ident: 1, open: 2, close: 4, escape: 8 } as const;
/** The characters that may be escaped. */
export const Escape = { dollar: 1, backslash: 2, all: 3 } as const;

/** A token: a text, `${`, `}`, the end, or something that may not be here. */
export type Token = 'ident' | 'open' | 'close' | 'end' | 'illegal';

/** Whether a text may hold a character; `count` is its place in the text, from 1. */
export type Accept = (character: string, count: number) => boolean;

const END = '';

/**
 * Reads tokens of a text with shell variables, as the scanner of Flux does, escapes and all.
 *
 * @see https://github.com/fluxcd/pkg/blob/main/envsubst/parse/scan.go
 */
export class Scanner {
  /** What may come next. */
  public mode = 0;
  /** What may be escaped. */
  public escapes = 0;
  /** Which characters the next text may hold. */
  public accept: Accept = () => true;
  private readonly characters: string[];
  private start = 0;
  private position = 0;
  private width = 0;

  constructor(text: string) {
    this.characters = Array.from(text);
  }

  /** The text of the token that was read last. */
  public get text(): string {
    return this.characters.slice(this.start, this.position).join('');
  }

  /** Where the token begins that was read last. */
  public get tokenStart(): number {
    return this.start;
  }

  /** The text from a place up to what was read last, without the characters that escaped others. */
  public textFrom(start: number): string {
    return this.characters.slice(start, this.position).join('');
  }

  /** The next character; empty at the end. */
  public peek(): string {
    const character = this.read();
    this.unread();
    return character;
  }

  /** The character after the next; empty at the end. */
  public peekSecond(): string {
    return this.characters[this.position + 1] ?? END;
  }

  /** Reads the next token. */
  public scan(): Token {
    this.start = this.position;
    const character = this.read();
    if (character === END) return 'end';
    if (this.isOpen(character)) return 'open';
    if (this.isClose(character)) return 'close';
    return this.isText(character) ? 'ident' : 'illegal';
  }

  private read(): string {
    const character = this.characters[this.position];
    this.width = character === undefined ? 0 : 1;
    this.position += this.width;
    return character ?? END;
  }

  private unread(): void {
    this.position -= this.width;
  }

  private isText(first: string): boolean {
    if (!this.has(Mode.ident)) return false;
    if (this.isEscaped(first)) this.skip();
    else if (!this.accept(first, this.position - this.start)) return false;
    for (;;) {
      const character = this.read();
      if (character === END) return true;
      if (this.isOpen(character)) {
        this.position -= 2;
        return true;
      }
      if (this.isEscaped(character)) this.skip();
      else if (!this.accept(character, this.position - this.start)) {
        this.unread();
        return true;
      }
    }
  }

  private isOpen(character: string): boolean {
    if (!this.has(Mode.open) || character !== '$') return false;
    if (this.read() === '{') return true;
    this.unread();
    return false;
  }

  private isClose(character: string): boolean {
    return this.has(Mode.close) && character === '}';
  }

  private isEscaped(character: string): boolean {
    if (!this.has(Mode.escape)) return false;
    if (character === '$' && (this.escapes & Escape.dollar) !== 0 && this.peek() === '$') return true;
    return character === '\\' && (this.escapes & Escape.backslash) !== 0 && ['/', '\\'].includes(this.peek());
  }

  /** Takes the escaping character away; the one behind it is then read. */
  private skip(): void {
    this.characters.splice(this.position - 1, 1);
  }

  private has(mode: number): boolean {
    return (this.mode & mode) !== 0;
  }
}
