import { CLIENT_METRICS } from 'opentelemetry-instrumentation-fal/core';
import type { MetricDefinition } from 'opentelemetry-instrumentation-fal/core';
import { ACCOUNT_METRICS } from './catalogue/account.ts';
import { ENDPOINT_METRICS } from './catalogue/endpoints.ts';
import { EXPORTER_METRICS } from './catalogue/exporter.ts';
import { MODEL_METRICS, PLATFORM_METRICS } from './catalogue/platform.ts';
import { PROBE_METRICS } from './catalogue/probes.ts';
import { RUNTIME_METRICS } from './catalogue/runtime.ts';
import { STATUS_PAGE_METRICS } from './catalogue/status-page.ts';
import { VERDICT_METRICS } from './catalogue/verdict.ts';

export * from './catalogue/account.ts';
export * from './catalogue/endpoints.ts';
export * from './catalogue/exporter.ts';
export * from './catalogue/platform.ts';
export * from './catalogue/probes.ts';
export * from './catalogue/runtime.ts';
export * from './catalogue/status-page.ts';
export * from './catalogue/verdict.ts';

export interface CatalogueGroup {
  readonly title: string;
  readonly intro: string;
  readonly metrics: readonly MetricDefinition[];
}

/**
 * Every metric of the product, in the order of METRICS.md. A family that is not here is never exposed; those of
 * the app are exposed by the app itself.
 */
export const CATALOGUE: readonly CatalogueGroup[] = [
  {
    title: 'Probes',
    intro: 'What our own runs against fal saw. Runs of the free tier ask hosts and carry no `endpoint_id`.',
    metrics: PROBE_METRICS,
  },
  {
    title: 'Models',
    intro: 'Per fal endpoint id (owner/app/path), whichever probe looked.',
    metrics: [...ENDPOINT_METRICS, ...MODEL_METRICS],
  },
  {
    title: 'Verdict',
    intro: 'My app, my account, this model, or fal? One answer from everything that the exporter sees.',
    metrics: VERDICT_METRICS,
  },
  { title: 'Account', intro: 'Money, locks and slots of the fal account.', metrics: ACCOUNT_METRICS },
  {
    title: 'Platform',
    intro:
      'What fal measured of the account’s own traffic, as its analytics tell. It lags behind; look at the age.',
    metrics: PLATFORM_METRICS,
  },
  {
    title: 'Official status page',
    intro: 'What fal says about itself, from a tolerant reading of its page.',
    metrics: STATUS_PAGE_METRICS,
  },
  {
    title: 'The exporter itself',
    intro: 'Whether the numbers above can be trusted.',
    metrics: EXPORTER_METRICS,
  },
  {
    title: 'Process and Node.js',
    intro: 'Under the names that other exporters use, so that dashboards for them fit.',
    metrics: RUNTIME_METRICS,
  },
  {
    title: 'App (opentelemetry-instrumentation-fal)',
    intro: "The users' own requests, measured in their app and exposed by it, not by the exporter.",
    metrics: CLIENT_METRICS,
  },
];

/** The catalogue without its groups. */
export const METRICS: readonly MetricDefinition[] = CATALOGUE.flatMap((group) => group.metrics);

/** Values of the label `window` of gauges over sliding windows, with their lengths in seconds. */
export const SLIDING_WINDOWS = [
  { window: '5m', seconds: 300 },
  { window: '1h', seconds: 3600 },
] as const;

/** Values of the label `quantile`. */
export const QUANTILES = [0.5, 0.95, 0.99] as const;
