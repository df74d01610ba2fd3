/** A part of a text that looks like a secret. */
export interface FoundSecret {
  /** The rule that found it, by which a comment can allow it. */
  readonly rule: string;
  /** What it is, in words that never hold the secret. */
  readonly kind: string;
  /** Where it begins in the text. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
}

/** A part of a text in which a comment allows what looks like a secret. */
export interface AllowedRange {
  /** The rule that it allows; `*` for every one. */
  readonly rule: string;
  /** Where it begins. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
}

/** Whether a value stands for a secret that somebody, or Flux, will put there. */
export function isPlaceholder(value: string): boolean {
  const secret = value.replace(/^["']|["']$/g, '').replace(/^[A-Za-z]+[-_]/, '');
  return (
    /\$\{|\{\{|<[^>]*>|%\w+%|^\$|\*\*\*|\.\.\.|…/.test(value) ||
    /example|xxxx|placeholder|change-?_?me|redacted|your[-_]/i.test(value) ||
    new Set(secret).size < 4
  );
}
