import { rangeUtil } from '@grafana/data';
import type { DataQueryRequest } from '@grafana/data';
import type { PromQuery } from './query.ts';
import type { Range } from './api.ts';

/** Prometheus refuses more points than this for one series. */
const MOST_POINTS = 11_000;

/** Scrape interval that Grafana supposes when the data source does not say. */
export const DEFAULT_SCRAPE_SECONDS = 15;

/**
 * Step of a range query in seconds: what the panel's width asks for, at least the minimum step of the query or the
 * scrape interval of the data source, and never so small that Prometheus refuses.
 */
export function stepSeconds(
  request: Pick<DataQueryRequest, 'intervalMs' | 'range'>,
  query: Pick<PromQuery, 'interval'>,
  scrapeSeconds: number,
): number {
  const spanSeconds = (request.range.to.valueOf() - request.range.from.valueOf()) / 1000;
  const wanted = request.intervalMs / 1000;
  const least = minimumSeconds(query.interval, scrapeSeconds);
  return Math.max(Math.ceil(Math.max(wanted, least)), Math.ceil(spanSeconds / MOST_POINTS), 1);
}

function minimumSeconds(interval: string | undefined, scrapeSeconds: number): number {
  const isPlain = interval !== undefined && interval !== '' && !interval.includes('$');
  return isPlain ? rangeUtil.intervalToSeconds(interval) : scrapeSeconds;
}

/**
 * `$__rate_interval` in seconds: wide enough that a rate always sees two samples, as Grafana documents it:
 * https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/#use-__rate_interval
 */
export function rateIntervalSeconds(step: number, scrapeSeconds: number): number {
  return Math.max(step + scrapeSeconds, 4 * scrapeSeconds);
}

/** From and to on multiples of the step, so that a refresh asks for the same points again. */
export function alignedRange(range: DataQueryRequest['range'], step: number): Range {
  const align = (seconds: number): number => Math.floor(seconds / step) * step;
  return { start: align(range.from.valueOf() / 1000), end: align(range.to.valueOf() / 1000), step };
}
