import { nanosecondsOf } from '../../manifest/duration';

const SMALL = [
  ['ms', 1_000_000n],
  ['µs', 1_000n],
  ['ns', 1n],
] as const;

/**
 * A duration as Go writes it back: `1m` becomes `1m0s`.
 *
 * @param duration - a duration that Flux reads, for example `90s`, `10m` or `1h30m`
 */
export function goDuration(duration: string): string {
  const total = nanosecondsOf(duration);
  if (total === 0n) return '0s';
  const [unit, size] = SMALL.find(([, least]) => total >= least) ?? SMALL[2];
  if (total < 1_000_000_000n) return `${decimal(total, size)}${unit}`;
  const minutes = total / 60_000_000_000n;
  const hours = minutes / 60n;
  const seconds = `${decimal(total % 60_000_000_000n, 1_000_000_000n)}s`;
  return hours > 0n ? `${hours}h${minutes % 60n}m${seconds}` : minutes > 0n ? `${minutes}m${seconds}` : seconds;
}

function decimal(count: bigint, size: bigint): string {
  const part = String(count % size)
    .padStart(String(size).length - 1, '0')
    .replace(/0+$/, '');
  return part === '' ? String(count / size) : `${count / size}.${part}`;
}
