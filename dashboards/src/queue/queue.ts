import type { DashboardSpec } from '../grafana/index.ts';
import { inFlight, slots, stuck } from './in-flight.ts';
import { waiting } from './waiting.ts';

/** Who waits, for what, and whether anything is stuck. */
export const queue: DashboardSpec = {
  uid: 'fal-queue',
  title: 'fal Queue and concurrency',
  description: 'Who waits and for what: fal’s capacity, or your own concurrency limit; and what is stuck.',
  tag: 'queue',
  revision: 1,
  hasWindow: true,
  rows: [
    { panels: slots() },
    { title: 'How long requests wait', panels: waiting() },
    { title: 'What is in flight in your app', panels: inFlight() },
    { title: 'What is stuck', panels: stuck() },
  ],
};
