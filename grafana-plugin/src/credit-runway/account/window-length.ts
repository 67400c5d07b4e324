const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds of a Prometheus duration of one unit such as `24h`; infinite for what is none, so that it comes last. */
export function windowLength(window: string): number {
  const [, count, unit = ''] = /^(\d+)([smhdw])$/.exec(window) ?? [];
  const unitMs = UNIT_MS[unit];
  return unitMs === undefined ? Infinity : Number(count) * unitMs;
}
