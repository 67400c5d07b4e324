import type { DashboardSpec } from '../grafana/index.ts';
import { hosts } from './hosts.ts';
import { durations, results } from './results.ts';
import { runs } from './runs.ts';
import { tiles } from './tiles.ts';

/** What our own runs saw, what they cost, and why some did not run. */
export const probes: DashboardSpec = {
  uid: 'fal-probes',
  title: 'fal Probes',
  description: 'What the exporter’s own runs saw, what they cost, and why some of them did not run.',
  tag: 'probes',
  revision: 1,
  hasWindow: true,
  rows: [
    { panels: tiles() },
    { title: 'What they saw', panels: results() },
    { title: 'How long they took', panels: durations() },
    { title: 'Why some did not run', panels: runs() },
    { title: 'Hosts of fal', panels: hosts() },
  ],
};
