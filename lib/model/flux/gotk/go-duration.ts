const NANOSECONDS: Readonly<Record<string, number>> = {
  h: 3_600_000_000_000,
  m: 60_000_000_000,
  s: 1_000_000_000,
  ms: 1_000_000,
};

/**
 * A duration as Go writes it back: `1m` becomes `1m0s`.
 *
 * @param duration - a duration that Flux reads, for example `90s`, `10m` or `1h30m`
 */
export function goDuration(duration: string): string {
  let total = 0;
  for (const [, number = '0', unit = 's'] of duration.matchAll(/([0-9.]+)(ms|s|m|h)/g)) {
    total += Math.round(Number(number) * (NANOSECONDS[unit] ?? 0));
  }
  if (total < 1_000_000_000) {
    return total === 0 ? '0s' : `${String(total / 1_000_000)}ms`;
  }
  const minutes = Math.floor(total / 60_000_000_000);
  const hours = Math.floor(minutes / 60);
  const seconds = `${String((total % 60_000_000_000) / 1_000_000_000)}s`;
  return hours > 0 ? `${hours}h${minutes % 60}m${seconds}` : minutes > 0 ? `${minutes}m${seconds}` : seconds;
}
