import type { DashboardSpec } from '../grafana/index.ts';
import { accountTiles, balanceOverTime } from './account.ts';
import { prices } from './prices.ts';
import { spend, waste } from './spend.ts';

/** How long the money lasts, and where it went. */
export const credits: DashboardSpec = {
  uid: 'fal-credits',
  title: 'fal Credits and cost',
  description:
    'How long the credits last, where the money went, what of it bought nothing, and what prices did.',
  tag: 'credits',
  revision: 1,
  hasWindow: false,
  from: 'now-24h',
  rows: [
    { panels: accountTiles() },
    { title: 'How long it lasts', panels: balanceOverTime() },
    { title: 'Where it goes', panels: spend() },
    { title: 'What bought nothing', panels: waste() },
    { title: 'Prices and models', panels: prices() },
  ],
};
