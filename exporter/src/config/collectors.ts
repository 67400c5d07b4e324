import { COLLECTOR_NAMES, type CollectorName } from '../domain/collector-name.ts';
import type { CollectorConfig } from './config.ts';
import { formatDuration } from './duration.ts';
import { type SectionOption, section, value } from './option.ts';
import { count, duration, flag } from './value-types.ts';

const HOUR_MS = 3_600_000;

/** Most ids that one call of the Platform API takes. Source: https://api.fal.ai/v1/openapi.json */
export const IDS_PER_CALL = 50;

/** How one collector reads unless the file says otherwise. */
interface CollectorRule {
  readonly meaning: string;
  readonly isOff?: true;
  /** What it reads changes so seldom that a shorter `collectors.interval` does not make it quicker. */
  readonly leastIntervalMs?: number;
  readonly leastCallsPerHour?: number;
  /** Asks for each model, up to 50 of them in one call. */
  readonly isPerModel?: true;
}

const CALLS_PER_HOUR = 120;
/** Room for second pages and for readings that are tried again. */
const HEADROOM = 2;

/** Everything that is read, and how often. The only place where a default of a collector is written. */
const COLLECTOR_RULES: Readonly<Record<CollectorName, CollectorRule>> = {
  balance: { meaning: 'The credit balance; needs an ADMIN key.' },
  lock: { meaning: 'Whether fal has locked the account.' },
  'billing-events': {
    meaning: 'What each request was billed, page by page; needs an ADMIN key.',
    leastCallsPerHour: 240,
  },
  usage: {
    meaning: "fal's own sums of usage, to check the books against; needs an ADMIN key.",
    leastIntervalMs: 5 * 60_000,
  },
  pricing: { meaning: 'List prices of the models.', leastIntervalMs: 10 * 60_000, isPerModel: true },
  models: {
    meaning: 'Whether models are still active at fal; needs no key.',
    leastIntervalMs: HOUR_MS,
    isPerModel: true,
  },
  analytics: {
    meaning: "fal's own measurements of the account's requests.",
    leastIntervalMs: 5 * 60_000,
    isPerModel: true,
  },
  'request-history': {
    meaning: 'Requests that run at fal, and those that are stuck there.',
    leastCallsPerHour: 240,
    isPerModel: true,
  },
  'status-page': {
    meaning: 'The official status page; status_page.enabled: false switches it off as well.',
    leastCallsPerHour: 240,
  },
  'serverless-metrics': { meaning: 'Metrics of your own serverless apps at fal.', isOff: true },
};

type CollectorKey = CollectorName extends infer Name ? Underscored<Name & string> : never;
type Underscored<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}_${Underscored<Tail>}`
  : Name;

/** The name of a collector as the file writes it: no key of the file has dashes. */
export function collectorKey(name: CollectorName): CollectorKey {
  return name.replaceAll('-', '_') as CollectorKey;
}

function collectorOptions(rule: CollectorRule) {
  const least = rule.leastIntervalMs;
  const leastCalls = rule.leastCallsPerHour ?? CALLS_PER_HOUR;
  return {
    enabled: value(flag, 'false never reads it.', { default: rule.isOff !== true }),
    interval: value(duration({ min: '10s', max: '24h' }), 'Time between two readings.', {
      fallback: `collectors.interval${least === undefined ? '' : `, but not below ${formatDuration(least)}`}`,
      example: formatDuration(least ?? 60_000),
    }),
    calls_per_hour: value(
      count({ min: 1, max: 100_000 }),
      'Calls to fal in any hour, further pages included; what would pass it waits.',
      { fallback: `twice what the readings need, and at least ${leastCalls}`, example: leastCalls },
    ),
  };
}

type CollectorSection = SectionOption<ReturnType<typeof collectorOptions>>;

/** One section for each collector, under the key that the file has for it. */
export const COLLECTOR_SECTIONS = Object.fromEntries(
  COLLECTOR_NAMES.map((name) => {
    const rule = COLLECTOR_RULES[name];
    return [collectorKey(name), section(rule.meaning, collectorOptions(rule))];
  }),
) as Readonly<Record<CollectorKey, CollectorSection>>;

/** What the file says of one collector. */
export interface CollectorSettings {
  readonly enabled: boolean;
  readonly interval: number | undefined;
  readonly calls_per_hour: number | undefined;
}

export interface CollectorDefaults {
  /** `collectors.interval` in ms. */
  readonly interval: number;
  /** How many models are configured. */
  readonly models: number;
}

/** One collector as the file and its defaults have it. */
export function collectorConfig(
  name: CollectorName,
  settings: CollectorSettings,
  { interval, models }: CollectorDefaults,
): CollectorConfig {
  const { leastIntervalMs = 0, leastCallsPerHour = CALLS_PER_HOUR } = COLLECTOR_RULES[name];
  const intervalMs = settings.interval ?? Math.max(interval, leastIntervalMs);
  const needed = Math.ceil(HEADROOM * callsNeeded(name, intervalMs, models));
  return {
    enabled: settings.enabled,
    intervalMs,
    callsPerHour: settings.calls_per_hour ?? Math.max(needed, leastCallsPerHour),
  };
}

/** Calls in an hour that readings at this interval make at least. */
export function callsNeeded(name: CollectorName, intervalMs: number, models: number): number {
  const perReading =
    COLLECTOR_RULES[name].isPerModel === true ? Math.max(1, Math.ceil(models / IDS_PER_CALL)) : 1;
  return (perReading * HOUR_MS) / intervalMs;
}

/** A value for each collector. */
export function perCollector<T>(of: (name: CollectorName) => T): Readonly<Record<CollectorName, T>> {
  return Object.fromEntries(COLLECTOR_NAMES.map((name) => [name, of(name)])) as Record<CollectorName, T>;
}
