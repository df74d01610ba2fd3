import { type Accept, Escape, Mode, Scanner } from './scanner';

/** A part of a text: as it stands, or a variable with what is done to its value. */
export type TemplateNode = string | VariableNode;

/** `${name}`, `${name:=default}`, `${name//a/b}` and so on. */
export interface VariableNode {
  /** Name of the variable. */
  readonly name: string;
  /** What is done to its value, for example `:=`; empty for nothing. */
  readonly operator: string;
  /** What the operator needs. */
  readonly operands: readonly TemplateNode[];
  /** The text itself. */
  readonly source: string;
}

/** A text that Flux cannot read as one with variables. */
export class SubstitutionError extends Error {}

const isName: Accept = (character) => /[\p{L}\p{Nd}_]/u.test(character);
const notClosing: Accept = (character) => character !== '}';
const upTo =
  (operator: string, most: number): Accept =>
  (character, count) =>
    character === operator && count <= most;

/**
 * Reads a text with variables as Flux does.
 *
 * @throws SubstitutionError when Flux could not read it
 * @see https://github.com/fluxcd/pkg/blob/main/envsubst/parse/parse.go
 */
export function parseTemplate(text: string): readonly TemplateNode[] {
  return new Parser(text).parse();
}

class Parser {
  private readonly scanner: Scanner;

  constructor(text: string) {
    this.scanner = new Scanner(text);
  }

  public parse(): readonly TemplateNode[] {
    const nodes: TemplateNode[] = [];
    for (;;) {
      this.expect(() => true, Mode.ident | Mode.open | Mode.escape);
      this.scanner.escapes = Escape.dollar;
      const token = this.scanner.scan();
      if (token === 'end') return nodes;
      if (token === 'ident') nodes.push(this.scanner.text);
      else if (token === 'open') nodes.push(this.variable());
      else throw new SubstitutionError('bad substitution');
    }
  }

  /** What follows `${`. */
  private variable(): VariableNode {
    const start = this.scanner.tokenStart;
    this.scanner.escapes = Escape.all;
    const { name, operator, operands } = this.scanner.peek() === '#' ? this.length() : this.named();
    return { name, operator, operands, source: this.scanner.textFrom(start) };
  }

  private length(): Omit<VariableNode, 'source'> {
    const operator = this.text((character, count) => character === '#' && count === 1);
    const name = this.text(isName);
    this.close();
    return { name, operator, operands: [] };
  }

  private named(): Omit<VariableNode, 'source'> {
    const name = this.text(isName, 'unable to parse variable name');
    switch (this.scanner.peek()) {
      case ':':
        return ['=', '-', '?', '+'].includes(this.scanner.peekSecond()) ? this.withDefault(name) : this.substring(name);
      case '=':
        return this.withDefault(name);
      case ',':
      case '^': {
        const operator = this.text((character, count) => (character === ',' || character === '^') && count < 3);
        this.close();
        return { name, operator, operands: [] };
      }
      case '/':
        return this.replacement(name);
      case '#':
        return this.removal(name, '#');
      case '%':
        return this.removal(name, '%');
      default:
        this.close('missing closing brace');
        return { name, operator: '', operands: [] };
    }
  }

  /** `${name:-word}` and its like. The word may hold variables. */
  private withDefault(name: string): Omit<VariableNode, 'source'> {
    const accept: Accept =
      this.scanner.peek() === '='
        ? (character, count) => character === '=' && count === 1
        : (character, count) => (count === 1 ? character === ':' : count === 2 && '=-?+'.includes(character));
    const operator = this.text(accept, 'unable to parse default function');
    const operands: TemplateNode[] = [];
    while (this.scanner.peek() !== '}') operands.push(this.operand(notClosing, Mode.ident));
    this.close();
    return { name, operator, operands };
  }

  /** `${name:offset}` and `${name:offset:length}`. */
  private substring(name: string): Omit<VariableNode, 'source'> {
    // Flux goes back as many bytes as the character behind the colon has, and so does not find the colon.
    if (Buffer.byteLength(this.scanner.peekSecond()) > 1) throw new SubstitutionError('bad substitution');
    const operator = this.text((character, count) => character === ':' && count === 1);
    const offset = this.operand((character) => character !== ':' && character !== '}', Mode.ident);
    this.expect((character) => character === ':', Mode.ident | Mode.close);
    const token = this.scanner.scan();
    if (token === 'close') return { name, operator, operands: [offset] };
    if (token !== 'ident') throw new SubstitutionError('bad substitution');
    const length = this.operand(notClosing, Mode.ident);
    this.close();
    return { name, operator, operands: [offset, length] };
  }

  /** `${name/text/other}` and its like. */
  private replacement(name: string): Omit<VariableNode, 'source'> {
    const operator = this.text((character, count) =>
      count === 1 ? character === '/' : count === 2 && '/#%'.includes(character),
    );
    const text = this.operand((character) => character !== '/', Mode.ident | Mode.escape);
    this.text((character) => character === '/');
    const operands = this.scanner.peek() === '}' ? [text] : [text, this.operand(notClosing, Mode.ident | Mode.escape)];
    this.close();
    return { name, operator, operands };
  }

  /** `${name#pattern}`, `${name%%pattern}` and their like. */
  private removal(name: string, character: '#' | '%'): Omit<VariableNode, 'source'> {
    const operator = this.text(upTo(character, 2));
    const pattern = this.operand(notClosing, Mode.ident);
    this.close();
    return { name, operator, operands: [pattern] };
  }

  private operand(accept: Accept, mode: number): TemplateNode {
    this.expect(accept, mode | Mode.open);
    const token = this.scanner.scan();
    if (token === 'open') return this.variable();
    if (token !== 'ident') throw new SubstitutionError('unable to parse substitution within function');
    return this.scanner.text;
  }

  private text(accept: Accept, otherwise = 'bad substitution'): string {
    this.expect(accept, Mode.ident);
    if (this.scanner.scan() !== 'ident') throw new SubstitutionError(otherwise);
    return this.scanner.text;
  }

  private close(otherwise = 'bad substitution'): void {
    this.scanner.mode = Mode.close;
    if (this.scanner.scan() !== 'close') throw new SubstitutionError(otherwise);
  }

  private expect(accept: Accept, mode: number): void {
    this.scanner.accept = accept;
    this.scanner.mode = mode;
  }
}
