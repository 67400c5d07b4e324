import type { Panel, Target, Variable } from './dashboard-files.ts';

/** What a reader has chosen: the time range in Unix seconds, and the variables. */
export interface View {
  readonly start: number;
  readonly end: number;
  readonly variables: readonly Variable[];
}

export interface Asked {
  readonly promql: string;
  readonly stepSeconds: number;
}

/** What the data source is told to assume, and what the shipped Prometheus does. */
const SCRAPE_SECONDS = 15;
/** A panel about as wide as half a screen. */
const POINTS = 720;

/**
 * A query as Grafana sends it: step from the range, the panel's points and its least interval; `$__interval`,
 * `$__rate_interval` (four scrapes, or the step and one scrape), `$__range` and the variables put in.
 *
 * @throws Error when a variable is left that nobody knows.
 */
export function interpolate(target: Target, panel: Panel, { start, end, variables }: View): Asked {
  const least = secondsOf(target.interval ?? panel.interval) ?? SCRAPE_SECONDS;
  const wanted = niceSeconds((end - start) / (panel.maxDataPoints ?? POINTS));
  const step = Math.max(least, wanted);
  const rateInterval = Math.max(step + least, 4 * least);
  const range = end - start;
  const values: Readonly<Record<string, string>> = {
    ...Object.fromEntries(variables.map(({ name, value }) => [name, value])),
    __interval: `${step}s`,
    __interval_ms: String(step * 1000),
    __rate_interval: `${rateInterval}s`,
    __range: `${range}s`,
    __range_s: String(range),
    __range_ms: String(range * 1000),
  };
  const promql = withValues(target.expr, values);
  return { promql, stepSeconds: step };
}

/** Puts variables in, in each of the ways to write them. @throws Error for one that is not known. */
export function withValues(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(VARIABLE, (whole: string, plain?: string, braced?: string) => {
    const name = plain ?? braced ?? '';
    // `$1` belongs to label_replace.
    if (/^\d+$/.test(name)) return whole;
    const value = values[name];
    if (value === undefined) throw new Error(`nobody knows the variable ${whole} of: ${text}`);
    return value;
  });
}

const VARIABLE = /\$(\w+)|\$\{(\w+)(?::\w+)?\}/g;

/** Steps that Grafana rounds to, as far as ranges up to a day need them. */
const NICE_SECONDS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900];

function niceSeconds(seconds: number): number {
  return NICE_SECONDS.find((nice) => nice >= seconds) ?? 1800;
}

function secondsOf(duration: string | undefined): number | undefined {
  const [, count, unit = ''] = /^>?(\d+)([smhd])$/.exec(duration ?? '') ?? [];
  return count === undefined ? undefined : Number(count) * ({ s: 1, m: 60, h: 3600, d: 86_400 }[unit] ?? 1);
}
