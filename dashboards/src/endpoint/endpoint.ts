import { errorPanels } from '../errors/error-panels.ts';
import type { DashboardSpec } from '../grafana/index.ts';
import { anatomy, durations, probeDurations } from './anatomy.ts';
import { ownWays } from './own-ways.ts';
import { tiles } from './tiles.ts';
import { attempts, platformView } from './trouble.ts';

/** One model: where its seconds go, and what fails. */
export const endpoint: DashboardSpec = {
  uid: 'fal-endpoint',
  title: 'fal Endpoint detail',
  description: 'One model: where the seconds go, how long requests take, what fails and whose fault it is.',
  tag: 'endpoint',
  revision: 1,
  hasWindow: true,
  isOfOneModel: true,
  rows: [
    { title: 'Now, over the last $window', panels: tiles() },
    { title: 'Where the seconds go', panels: anatomy() },
    { title: 'How long requests take', panels: durations() },
    { title: 'What fails', panels: errorPanels() },
    { title: 'Attempts and retries', panels: attempts() },
    { title: 'What the probes saw', panels: probeDurations() },
    { title: 'What fal says itself', panels: platformView() },
    { title: 'Streams, realtime, fallbacks, units', panels: ownWays() },
  ],
};
