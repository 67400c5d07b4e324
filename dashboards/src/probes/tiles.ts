import { stat, type Placed } from '../grafana/index.ts';
import { account } from '../promql/selectors.ts';
import { maxBy, RANGE } from '../promql/traffic.ts';

/** How many are bad, and what they may still spend. */
export function tiles(): Placed[] {
  return [upNow(), ...budgetTiles()];
}

function upNow(): Placed {
  return stat({
    title: 'Bad now',
    description:
      'Probes whose last run was bad. One is a blip until it is bad again; all of them: fal, your account, or your network.',
    width: 6,
    height: 4,
    queries: [
      {
        expr: `count(${maxBy(['probe'], account('fal_probe_up'))} == 0) or count(${account('fal_probe_up')}) * 0`,
        legend: 'bad',
        isInstant: true,
      },
    ],
    unit: 'short',
    decimals: 0,
    noData: 'No probe has run yet',
    thresholds: [{ color: 'green' }, { from: 1, color: 'orange' }],
  });
}

/** Money that the probes may still spend. They stop at 0, whatever is configured. */
function budgetTiles(): Placed[] {
  const left = (['hour', 'day', 'month'] as const).map((window) =>
    stat({
      title: `Left, ${window}`,
      description: `What probes may still spend in the running ${window}. At 0 paid probes stop until the window moves: raise budget.per_${window}_usd, or the intervals.`,
      width: 4,
      height: 4,
      queries: [
        {
          expr: `min(${account('fal_probe_budget_remaining_usd', `window="${window}"`)})`,
          legend: 'left',
          isInstant: true,
        },
      ],
      unit: 'currencyUSD',
      decimals: 3,
      noData: 'No exporter is scraped',
      thresholds: [{ color: 'orange' }, { from: 0.001, color: 'green' }],
    }),
  );
  const spent = stat({
    title: 'Spent in this range',
    description: 'As booked in the exporters’ ledgers; an unknown price counts as the configured worst case.',
    width: 6,
    height: 4,
    queries: [
      {
        expr: `sum(increase(${account('fal_probe_spend_usd_total')}[${RANGE}]))`,
        legend: 'spent',
        isInstant: true,
      },
    ],
    unit: 'currencyUSD',
    decimals: 3,
    noData: 'No exporter is scraped',
    color: 'text',
  });
  return [...left, spent];
}
