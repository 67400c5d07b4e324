import type { AlertSettings } from '../settings.ts';

/** One number must stay below another, or the louder alert fires before the quieter one. */
export interface Order {
  readonly lower: readonly [alert: string, parameter: string];
  readonly higher: readonly [alert: string, parameter: string];
  readonly mayBeEqual?: boolean;
}

export const ORDERS: readonly Order[] = [
  { lower: ['FalErrorRateHigh', 'threshold'], higher: ['FalErrorRateCritical', 'threshold'] },
  { lower: ['FalBalanceCritical', 'threshold'], higher: ['FalBalanceLow', 'threshold'] },
  { lower: ['FalBalanceRunwayCritical', 'threshold'], higher: ['FalBalanceRunwayShort', 'threshold'] },
  {
    lower: ['FalTimeouts', 'min_timeouts'],
    higher: ['FalTimeoutsSustained', 'min_timeouts'],
    mayBeEqual: true,
  },
  { lower: ['FalLowTrafficSlow', 'min_requests'], higher: ['FalLowTrafficSlow', 'max_requests'] },
  { lower: ['FalLowTrafficFailures', 'min_failures'], higher: ['FalLowTrafficFailures', 'max_requests'] },
];

/** The orders that these settings break. An alert that is switched off breaks none. */
export function brokenOrders(alerts: ReadonlyMap<string, AlertSettings>): Order[] {
  return ORDERS.filter(({ lower, higher, mayBeEqual = false }) => {
    const low = valueOf(alerts, lower);
    const high = valueOf(alerts, higher);
    return low !== undefined && high !== undefined && (mayBeEqual ? low > high : low >= high);
  });
}

function valueOf(
  alerts: ReadonlyMap<string, AlertSettings>,
  [alert, parameter]: readonly [string, string],
): number | undefined {
  const settings = alerts.get(alert);
  return settings?.enabled === true ? settings.values[parameter] : undefined;
}
