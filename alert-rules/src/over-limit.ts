import { RECORDED } from './sources.ts';

/** P95 limit of a model that no exporter lists, in seconds. */
export const DEFAULT_LIMIT_SECONDS = 60;

/**
 * The samples of `series` (seconds, by account and endpoint_id) that are above the limit of their model: the one
 * that the exporter publishes from its configuration, otherwise `fallback`.
 */
export function overLimit(series: string, fallback: number): string {
  const limit = RECORDED.latencyLimit;
  return [
    '(',
    `  ${series} > on (account, endpoint_id) group_left () ${limit}`,
    '  or',
    `  (${series} unless on (account, endpoint_id) ${limit}) > ${fallback}`,
    ')',
  ].join('\n');
}
