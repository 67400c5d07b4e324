import {
  DURATION_BOUNDS,
  type ErrorType,
  faultOf,
  isFailure,
  outcomeOf,
} from 'opentelemetry-instrumentation-fal/core';
import type { Source } from '../alert.ts';
import type { InputSeries } from './rule-case.ts';

/** One stretch of a story. */
export interface Phase {
  readonly minutes: number;
  /** The process starts again at its beginning: counters begin at 0. */
  readonly restart?: boolean | undefined;
  /** No sample in all this time, as when scrapes fail, with the mark that Prometheus sets then; a counter goes on behind the scenes. */
  readonly missing?: boolean | undefined;
}

/** How many things a minute, or where a gauge stands. */
export interface ValuePhase extends Phase {
  readonly value: number;
}

/** How many requests a minute end how: `ok`, or with an error of that type. */
export interface TrafficPhase extends Phase {
  readonly perMinute: Readonly<Partial<Record<'ok' | ErrorType, number>>>;
}

/** How many things a minute take how long: seconds to count. */
export interface DurationPhase extends Phase {
  readonly perMinute: Readonly<Record<number, number>>;
}

export interface SeriesOptions {
  /** Seconds between samples; 15 unless given. */
  readonly step?: number | undefined;
}

/** Whose series: labels over those of `source`. An empty text removes a label. */
export interface Who extends SeriesOptions {
  readonly source?: Source | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

const STEP_SECONDS = 15;

const LABELS: Readonly<Record<Source, Readonly<Record<string, string>>>> = {
  app: { job: 'shop', instance: '10.0.0.1:9464', endpoint_id: 'fal-ai/flux/dev', operation: 'subscribe' },
  probe: {
    job: 'fal-exporter',
    instance: '10.0.0.9:10464',
    account: 'default',
    probe: 'flux',
    endpoint_id: 'fal-ai/flux/dev',
  },
};

const FAMILIES: Readonly<
  Record<Source, Readonly<Record<'requests' | 'errors' | 'duration' | 'queueWait', string>>>
> = {
  app: {
    requests: 'fal_client_requests_total',
    errors: 'fal_client_errors_total',
    duration: 'fal_client_request_duration_seconds',
    queueWait: 'fal_client_queue_wait_seconds',
  },
  probe: {
    requests: 'fal_probe_runs_total',
    errors: 'fal_probe_errors_total',
    duration: 'fal_probe_duration_seconds',
    queueWait: 'fal_probe_queue_wait_seconds',
  },
};

/** A counter that starts at 0 and grows by `value` a minute. */
export function counter(phases: readonly ValuePhase[], { step = STEP_SECONDS }: SeriesOptions = {}): string {
  let total = 0;
  const parts = phases.map(({ minutes, value, restart, missing }) => {
    const samples = samplesIn(minutes, step);
    const growth = (value * step) / 60;
    const from = restart === true ? 0 : total + growth;
    total = from + growth * (samples - 1);
    return missing === true ? failedScrapes(samples) : `${plain(from)}+${plain(growth)}x${samples - 1}`;
  });
  return ['0', ...parts].join(' ');
}

/** A gauge that stands at `value`. Its first phase begins at the very start. */
export function gauge(phases: readonly ValuePhase[], { step = STEP_SECONDS }: SeriesOptions = {}): string {
  return phases
    .map(({ minutes, value, missing }, index) => {
      const samples = samplesIn(minutes, step) + (index === 0 ? 1 : 0);
      return missing === true ? failedScrapes(samples) : `${plain(value)}+0x${samples - 1}`;
    })
    .join(' ');
}

/** Finished requests and, for those that ended badly, their errors, as the instrumentation counts both. */
export function traffic(phases: readonly TrafficPhase[], who: Who = {}): InputSeries {
  const { requests, errors } = FAMILIES[who.source ?? 'app'];
  const endings = [
    ...new Set(phases.flatMap(({ perMinute }) => Object.keys(perMinute) as ('ok' | ErrorType)[])),
  ];
  const outcomes = Map.groupBy(endings, outcomeOfEnding);
  const counts = (those: readonly ('ok' | ErrorType)[]): string =>
    counter(
      phases.map((phase) => ({ ...phase, value: sum(those.map((each) => phase.perMinute[each] ?? 0)) })),
      who,
    );
  const failures = endings.filter((type) => type !== 'ok' && isFailure(type));
  return Object.fromEntries([
    // Only probes count their failures in a family of their own, and from zero.
    ...(who.source === 'probe' ? [[key('fal_probe_failures_total', who), counts(failures)]] : []),
    ...[...outcomes].map(([outcome, those]) => [key(requests, who, { outcome }), counts(those)]),
    ...endings.flatMap((type) =>
      type === 'ok' || outcomeOfEnding(type) === 'cancelled'
        ? []
        : [[key(errors, who, { error_type: type, fault: faultOf(type) }), counts([type])]],
    ),
  ]) as InputSeries;
}

/** The histogram of how long requests took, in all its buckets. */
export function durations(
  phases: readonly DurationPhase[],
  who: Who & { readonly outcome?: string; readonly spelling?: 'text' | 'openmetrics' } = {},
): InputSeries {
  const { duration } = FAMILIES[who.source ?? 'app'];
  return histogram(duration, phases, { ...who, labels: { outcome: who.outcome ?? 'ok', ...who.labels } });
}

/** The histogram of how long requests waited in the queue. */
export function queueWaits(phases: readonly DurationPhase[], who: Who = {}): InputSeries {
  return histogram(FAMILIES[who.source ?? 'app'].queueWait, phases, {
    ...who,
    labels: { operation: '', ...who.labels },
  });
}

function histogram(
  family: string,
  phases: readonly DurationPhase[],
  who: Who & { readonly spelling?: 'text' | 'openmetrics' },
): InputSeries {
  const upTo = (bound: number): string =>
    counter(
      phases.map((phase) => ({ ...phase, value: sum(within(phase, bound).map(([, count]) => count)) })),
      who,
    );
  const seconds = phases.map((phase) => ({
    ...phase,
    value: sum(within(phase, Infinity).map(([took, count]) => took * count)),
  }));
  return {
    ...Object.fromEntries(
      [...DURATION_BOUNDS, Infinity].map((bound) => [
        key(`${family}_bucket`, who, { le: spelled(bound, who.spelling) }),
        upTo(bound),
      ]),
    ),
    [key(`${family}_count`, who)]: upTo(Infinity),
    [key(`${family}_sum`, who)]: counter(seconds, who),
  };
}

/** The same story told by two instances of one app. */
export function byTwoInstances(tell: (labels: Readonly<Record<string, string>>) => InputSeries): InputSeries {
  return { ...tell({ instance: '10.0.0.1:9464' }), ...tell({ instance: '10.0.0.2:9464' }) };
}

/** The name of a series of the app or of the probes. */
export function key(
  family: string,
  { source = 'app', labels = {} }: Who,
  own: Readonly<Record<string, string>> = {},
): string {
  const all = Object.entries({ ...LABELS[source], ...own, ...labels }).filter(([, value]) => value !== '');
  return `${family}{${all.map(([name, value]) => `${name}="${value}"`).join(', ')}}`;
}

function within({ perMinute }: DurationPhase, bound: number): [number, number][] {
  return Object.entries(perMinute)
    .map(([took, count]): [number, number] => [Number(took), count])
    .filter(([took]) => took <= bound);
}

/** As Prometheus 2 stores it: text keeps `60`, OpenMetrics makes it `60.0`. */
function spelled(bound: number, spelling: 'text' | 'openmetrics' = 'text'): string {
  if (bound === Infinity) return '+Inf';
  return spelling === 'openmetrics' && Number.isInteger(bound) ? `${bound}.0` : String(bound);
}

function outcomeOfEnding(ending: 'ok' | ErrorType): string {
  return ending === 'ok' ? 'ok' : outcomeOf(ending);
}

/** A scrape that fails ends every series of its target at once: Prometheus writes a marker. */
function failedScrapes(samples: number): string {
  return samples === 1 ? 'stale' : `stale _x${samples - 1}`;
}

function samplesIn(minutes: number, step: number): number {
  const samples = (minutes * 60) / step;
  if (Number.isInteger(samples) && samples > 0) return samples;
  throw new Error(`${minutes} min is not a whole number of steps of ${step} s`);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** Without the dust of binary fractions, which promtool would take for growth. */
function plain(value: number): number {
  return Number(value.toFixed(6));
}
