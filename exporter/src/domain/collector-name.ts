/**
 * Everything that reads the account or the platform, in the order of the pages. The names are values of the metric
 * label `collector`; in the configuration file dashes become underscores.
 */
export const COLLECTOR_NAMES = [
  'balance',
  'lock',
  'billing-events',
  'usage',
  'pricing',
  'models',
  'analytics',
  'request-history',
  'status-page',
  'serverless-metrics',
] as const;

export type CollectorName = (typeof COLLECTOR_NAMES)[number];

/** Those that need a key with ADMIN scope; without one they are off. Source: `security` of https://api.fal.ai/v1/openapi.json */
export const ADMIN_COLLECTORS: ReadonlySet<CollectorName> = new Set(['balance', 'billing-events', 'usage']);
