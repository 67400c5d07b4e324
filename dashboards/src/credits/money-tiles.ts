import { stat, type Placed, type TileSize } from '../grafana/index.ts';
import { limitOf } from '../promql/limits.ts';
import { account } from '../promql/selectors.ts';
import { maxBy, minBy } from '../promql/traffic.ts';

/** What is left, of the account with the least. */
export function balance(size: TileSize): Placed {
  return stat({
    title: 'Balance',
    description:
      'Credits of the account with the least, as fal reported last. A positive balance does not prove that the account is usable: look at the first tile for locks.',
    ...size,
    queries: [
      {
        expr: `min(${minBy(['account'], account('fal_account_balance_usd'))})`,
        legend: 'balance',
        isInstant: true,
      },
    ],
    unit: 'currencyUSD',
    decimals: 2,
    noData: 'Needs FAL_ADMIN_KEY',
    thresholds: [
      { color: 'red' },
      { from: limitOf('FalBalanceCritical'), color: 'orange' },
      { from: limitOf('FalBalanceLow'), color: 'green' },
    ],
  });
}

/** How long it lasts, of the account that is empty first. */
export function runway(size: TileSize): Placed {
  return stat({
    title: 'Runway',
    description:
      'How long the balance lasts at the present pace, the account that is empty first. Shorter than your next working day: top up now.',
    ...size,
    queries: [
      {
        expr: `min(${maxBy(['account'], account('fal_account_runway_seconds'))})`,
        legend: 'runway',
        isInstant: true,
      },
    ],
    unit: 's',
    decimals: 1,
    noData: 'Nothing is spent, or no FAL_ADMIN_KEY',
    thresholds: [
      { color: 'red' },
      { from: limitOf('FalBalanceRunwayCritical'), color: 'orange' },
      { from: limitOf('FalBalanceRunwayShort'), color: 'green' },
    ],
  });
}
