import { stat, type Placed, type TileSize } from '../grafana/index.ts';
import { limitOf } from '../promql/limits.ts';
import { SLOT_SHARE } from '../promql/slots.ts';

/** How full the fullest account is. */
export function slots(size: TileSize): Placed {
  return stat({
    title: 'Slots in use',
    description:
      'Running requests that are known of ÷ the concurrency limit of the account, the fullest account. Near 100 % new requests wait, or get 429.',
    ...size,
    queries: [
      {
        expr: `max(${SLOT_SHARE})`,
        legend: 'slots',
        isInstant: true,
      },
    ],
    unit: 'percentunit',
    decimals: 0,
    noData: 'No limit known: set account.concurrency_limit',
    thresholds: [{ color: 'green' }, { from: limitOf('FalConcurrencySaturated'), color: 'orange' }],
  });
}
