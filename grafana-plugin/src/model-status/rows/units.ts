/** Seconds in one of each unit of Grafana that a duration may be given in. */
const SECONDS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  µs: 1e-6,
  ms: 1e-3,
  clockms: 1e-3,
  dtdurationms: 1e-3,
  s: 1,
  clocks: 1,
  dtdurations: 1,
  dthms: 1,
  m: 60,
  h: 3600,
  d: 86_400,
};

/** A value in seconds; without a unit it is in seconds already. undefined for a unit that is no duration. */
export function secondsOf(value: number, unit: string | undefined): number | undefined {
  if (unit === undefined || unit === '') return value;
  const seconds = SECONDS[unit];
  return seconds === undefined ? undefined : value * seconds;
}

/** A ratio from 0 to 1; without a unit it is one already. */
export function ratioOf(value: number, unit: string | undefined): number {
  return unit === 'percent' ? value / 100 : value;
}

/** Whether a unit of Grafana is one that ratios are shown in. */
export function isRatioUnit(unit: string | undefined): boolean {
  return unit === 'percent' || unit === 'percentunit';
}
