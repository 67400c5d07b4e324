/**
 * Queries that no past answers, each with its reason. `fal-overview: Balance (A)`: dashboard, panel, query. What is
 * listed here and answered all the same fails as well, so that the list stays short.
 */
export const NEVER_ANSWERED: Readonly<Record<string, string>> = {};

/** Queries that a minute of the demo and of an app beside it need not answer, by why. */
const SILENT_IN_THE_DEMO: Readonly<Record<string, readonly string[]>> = {
  'nothing has failed, waited or been refused, so there is nothing to count': [
    'fal-endpoint: Errors by whose fault, per minute (A)',
    'fal-endpoint: Errors by type, per minute (A)',
    'fal-endpoint: Retries and duplicates, over $window (A)',
    'fal-endpoint: Retries and duplicates, over $window (B)',
    'fal-overview: Errors by whose fault, per minute (A)',
    'fal-overview: Errors by type, per minute (A)',
    'fal-probes: Errors by fault, $window (A)',
    'fal-probes: Errors by type, $window (A)',
    'fal-probes: Skipped runs by reason, over $window (A)',
    'fal-queue: Refused with 429, per second (A)',
    'fal-overview: Firing alerts (since)',
    'fal-credits: Wasted by your app per hour, by reason (A)',
    'fal-exporter: Open incidents, as fal says (B)',
  ],
  'a minute is no hour, day or week': [
    'fal-credits: Per hour, last day (A)',
    'fal-credits: Pace: spend per hour (B)',
    'fal-credits: Pace: spend per hour (C)',
    'fal-credits: Price, change and status per model (weekly)',
    'fal-credits: List price of a unit, and its changes (B)',
    'fal-credits: Billed ÷ list price (A)',
    'fal-endpoint: fal’s own clock: run time and preparation (A)',
    'fal-endpoint: fal’s own clock: run time and preparation (B)',
    'fal-endpoint: fal’s own count by answer, newest bucket (A)',
    'fal-endpoint: fal’s own count by answer, newest bucket (B)',
    'fal-credits: Top-ups (A)',
  ],
  'the account of the demo has no grants and no budget': [
    'fal-credits: Next grant expires in (A)',
    'fal-credits: Grants of credits (expiry)',
    'fal-status: Credits (grants)',
    'fal-credits: Month against budget (budget)',
  ],
  'the app uploads, streams and falls back to nothing, and knows no prices and no teams': [
    'fal-endpoint: P95 of each part, over $window (upload)',
    'fal-status: Where the seconds of a request went (upload)',
    'fal-status: Where the seconds of a request went (upload_sum)',
    'fal-endpoint: First piece of a stream, P95 (A)',
    'fal-endpoint: Realtime, per second (A)',
    'fal-endpoint: Realtime, per second (B)',
    'fal-endpoint: Fallbacks, open circuits (A)',
    'fal-endpoint: Fallbacks, open circuits (B)',
    'fal-credits: Estimated by your app per hour, by model (A)',
    'fal-credits: By team, as the app says (A)',
    'fal-credits: Requests without a known price, per hour (B)',
  ],
};

export const MAY_BE_SILENT: readonly string[] = Object.values(SILENT_IN_THE_DEMO).flat();
