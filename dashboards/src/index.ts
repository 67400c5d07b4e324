import type { DashboardSpec } from './grafana/index.ts';
import { credits } from './credits/credits.ts';
import { endpoint } from './endpoint/endpoint.ts';
import { exporter } from './exporter/exporter.ts';
import { overview } from './overview/overview.ts';
import { probes } from './probes/probes.ts';
import { queue } from './queue/queue.ts';
import { status } from './status/status.ts';

/** All dashboards, in the order in which an incident is read. */
export const DASHBOARDS: readonly DashboardSpec[] = [
  overview,
  endpoint,
  queue,
  credits,
  probes,
  exporter,
  status,
];

export { buildDashboard, PRODUCT_TAG, type DashboardSpec } from './grafana/index.ts';
export { lookOf, VERDICTS, type Verdict, type VerdictLook } from './verdict/verdicts.ts';
