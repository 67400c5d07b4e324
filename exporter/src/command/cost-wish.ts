import { parseDuration } from '../config/duration.ts';
import { DIMENSIONS, type Dimension } from '../cost/cost-line.ts';
import { DAY_MS } from '../cost/cost-question.ts';
import type { SettingsOptions } from './settings.ts';

/** The command line as commander gives it. */
export interface CostOptions extends SettingsOptions {
  readonly since: string;
  readonly until?: string;
  readonly by: string;
  readonly endpoint?: readonly string[];
  readonly json?: boolean;
  readonly csv?: boolean;
}

/** What the command line asks for. */
export interface CostWish {
  /** Ms since the epoch, the beginning of a day; `until` is exclusive. */
  readonly since: number;
  readonly until: number;
  readonly dimensions: readonly Dimension[];
  readonly endpointIds: readonly string[];
}

/** More would be thousands of calls for an account that is busy. */
const MOST_DAYS = 366;
/** fal takes no more at once. Source: https://api.fal.ai/v1/openapi.json */
const MOST_ENDPOINTS = 50;
const ENDPOINT_ID = /^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)+$/;

/** What the command line asks for, or what is wrong with it as one sentence. */
export function wishOf(options: CostOptions, now: number): CostWish | string {
  if (options.json === true && options.csv === true) return '--json and --csv exclude each other';
  const time = timeOf(options, now);
  if (typeof time === 'string') return time;
  const dimensions = dimensionsOf(options.by);
  if (dimensions === undefined) return `--by: expected some of ${DIMENSIONS.join(', ')}, each once`;
  const endpointIds = (options.endpoint ?? []).flatMap((text) => text.split(','));
  const wrong = endpointIds.find((id) => !ENDPOINT_ID.test(id));
  if (wrong !== undefined) {
    return `--endpoint: expected ids such as fal-ai/flux/dev, got ${JSON.stringify(wrong.slice(0, 128))}`;
  }
  if (endpointIds.length > MOST_ENDPOINTS) return `--endpoint: at most ${MOST_ENDPOINTS} models at once`;
  return { ...time, dimensions, endpointIds };
}

function timeOf(options: CostOptions, now: number): Pick<CostWish, 'since' | 'until'> | string {
  const since = momentOf(options.since, now);
  if (since === undefined) return '--since: expected whole days such as 7d, or a day such as 2026-11-01';
  const until = options.until === undefined ? now : momentOf(options.until, now);
  if (until === undefined) return '--until: expected whole days such as 1d, or a day such as 2026-11-15';
  if (since >= now) return '--since must lie in the past';
  if (until <= since) return '--since must lie before --until';
  if (until - since > MOST_DAYS * DAY_MS) return `--since: at most ${MOST_DAYS} days before --until`;
  return { since, until: Math.min(until, now) };
}

/** The beginning of a day, UTC: of the one that is named, or of the one so many days before today. */
function momentOf(text: string, now: number): number | undefined {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms % DAY_MS === 0 ? Math.floor(now / DAY_MS) * DAY_MS - ms : undefined;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) ? at : undefined;
}

/** In the order in which they were named; undefined when one of them is none, or named twice. */
function dimensionsOf(by: string): Dimension[] | undefined {
  const words = by.split(',').map((word) => word.trim());
  const known = words.flatMap((word) => DIMENSIONS.filter((dimension) => dimension === word));
  return known.length === words.length && new Set(known).size === known.length ? known : undefined;
}
