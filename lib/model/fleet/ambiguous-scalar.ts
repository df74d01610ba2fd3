import { goScalar } from '../manifest/yaml-schema';

/**
 * What is wrong with an unquoted word that programs read differently, or that loses something when it is read:
 * `no` is text in YAML 1.2 and false for Helm, `0400` is 400 or 256, `1.10` is 1.1.
 *
 * @param source - the word, as the file has it
 * @returns how to write what was meant; undefined when the word is clear
 * @see https://yaml.org/spec/1.2.2/ext/changes/
 */
export function ambiguityOf(source: string): string | undefined {
  const forGo = goScalar(source);
  const quoted = JSON.stringify(source);
  if (typeof forGo === 'bigint' || (/^[-+]?\d+$/.test(source) && !Number.isSafeInteger(Number(source)))) {
    return `${source} has more digits than a number keeps: write ${quoted}, in quotes`;
  }

  if (typeof forGo === 'boolean' && !/^(?:true|false)$/i.test(source)) {
    return `${source} is text for some programs and ${forGo} for others: write ${quoted} for the text, ${forGo} for the boolean`;
  }

  if (typeof forGo !== 'number') return undefined;
  if (!Number.isFinite(forGo)) return `${source} is no number that JSON knows: write ${quoted} for the text`;
  return isClear(source, forGo)
    ? undefined
    : `${source} is read as ${forGo} by some programs: write ${quoted} for the text, ${forGo} for the number`;
}

/** `0x1f` and `0o17` are the same number for everybody. */
function isClear(source: string, value: number): boolean {
  return source === String(value) || /^0x[\da-fA-F]+$|^0o[0-7]+$/.test(source);
}
