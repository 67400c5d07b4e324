import type { DashboardSpec } from './grafana/index.ts';
import { endpoint } from './endpoint/endpoint.ts';
import { overview } from './overview/overview.ts';
import { queue } from './queue/queue.ts';

/** All dashboards, in the order in which an incident is read. */
export const DASHBOARDS: readonly DashboardSpec[] = [overview, endpoint, queue];

export { buildDashboard, PRODUCT_TAG, type DashboardSpec } from './grafana/index.ts';
export { lookOf, VERDICTS, type Verdict, type VerdictLook } from './verdict/verdicts.ts';
