import { type Level, levels, ofExporter } from '../exporter-series.ts';
import type { InputSeries } from '../rule-case.ts';

/** Which reason the exporter shows when; what is not named is 0. */
export function locked(
  reason: string,
  those: readonly Level[],
  { account = 'prod', instance = '10.0.0.9:10464' } = {},
): InputSeries {
  const never = those.map(([minutes, value]): Level => [minutes, value === 'gone' ? value : 0]);
  return Object.fromEntries(
    ['exhausted_balance', 'admin_lock', 'payment_method'].map((each) => [
      ofExporter('fal_account_locked', { account, instance, reason: each }),
      levels(...(each === reason ? those : never)),
    ]),
  );
}
