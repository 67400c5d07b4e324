import type { DashboardSpec } from '../grafana/index.ts';
import { collectors } from './collectors.ts';
import { process } from './process.ts';
import { statusPage } from './status-page.ts';
import { tiles } from './tiles.ts';

/** Whether the numbers on the other dashboards can be trusted. */
export const exporter: DashboardSpec = {
  uid: 'fal-exporter',
  title: 'fal Exporter health',
  description:
    'Whether the numbers on the other dashboards can be trusted: the exporter, its collectors, its limits.',
  tag: 'exporter',
  revision: 1,
  hasWindow: false,
  rows: [
    { panels: tiles() },
    { title: 'Collectors: what is read from the account', panels: collectors() },
    { title: 'fal’s own status page', panels: statusPage() },
    { title: 'The process', panels: process() },
  ],
};
