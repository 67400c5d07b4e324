import { errorPanels } from '../errors/error-panels.ts';
import type { DashboardSpec } from '../grafana/index.ts';
import { headline } from './headline.ts';
import { latencies, states } from './over-time.ts';
import { alertTable, modelTable } from './tables.ts';
import { gaugeTiles, worstTiles } from './tiles.ts';

/** Is it them or us? The one to open first. */
export const overview: DashboardSpec = {
  uid: 'fal-overview',
  title: 'fal Overview',
  description: 'Is it fal, one model, your account or your own code, since when, and what to do.',
  tag: 'overview',
  revision: 1,
  hasWindow: true,
  rows: [
    { title: 'Now, over the last $window', panels: [headline(), ...worstTiles(), ...gaugeTiles()] },
    { title: 'Since when, and which model', panels: states() },
    { title: 'What fails, and whose fault it is', panels: errorPanels() },
    { title: 'How long it takes', panels: latencies() },
    { title: 'Every model, and what fires', panels: [modelTable(), alertTable()] },
  ],
};
