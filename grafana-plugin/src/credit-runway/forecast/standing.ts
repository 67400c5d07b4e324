import type { AccountReading } from '../account/account-reading.ts';
import type { Level } from './levels.ts';
import { hoursLeft, type Outlook } from './outlook.ts';

/** Runways that page in the rules that come with the exporter: FalBalanceRunwayCritical and FalBalanceRunwayShort. */
const CRITICAL_HOURS = 6;
const WARNING_HOURS = 24;

/** How bad it is; `unknown` where nothing speaks for or against. */
export type Standing = 'locked' | 'used_up' | 'critical' | 'warning' | 'unknown' | 'well';

/** An account with everything that is derived from what is known of it. */
export interface Judged {
  readonly reading: AccountReading;
  readonly outlook: Outlook;
  readonly levels: readonly Level[];
  readonly standing: Standing;
}

/** How an account stands. A stale balance still tells that it was low. */
export function standingOf(
  { lock }: AccountReading,
  outlook: Outlook,
  { levels, end }: { readonly levels: readonly Level[]; readonly end: number },
): Standing {
  const { last, isStale } = outlook;
  if (lock.state === 'locked') return 'locked';
  if (last === undefined) return 'unknown';
  if (last.value <= 0) return 'used_up';
  const hours = hoursLeft(outlook, end);
  const below = levels
    .filter(({ kind, value }) => kind !== 'empty' && last.value < value)
    .map(({ kind }) => kind);
  if (below.includes('critical') || hours < CRITICAL_HOURS) return 'critical';
  if (below.includes('warning') || hours < WARNING_HOURS) return 'warning';
  return isStale ? 'unknown' : 'well';
}

const FIRST: readonly Standing[] = ['locked', 'used_up'];

/**
 * Worst first: locked, used up, then by the time that the money lasts. Where that is not to be foretold: low
 * balances first, then what is not known, then the rest.
 */
export function worstFirst(accounts: readonly Judged[], end: number): Judged[] {
  const keyed = accounts.map((account) => ({ account, keys: keysOf(account, end) }));
  keyed.sort((a, b) => {
    const index = a.keys.findIndex((key, at) => key !== b.keys[at]);
    if (index === -1) return byName(a.account, b.account);
    return (a.keys[index] ?? 0) < (b.keys[index] ?? 0) ? -1 : 1;
  });
  return keyed.map(({ account }) => account);
}

const RANKS: Readonly<Record<Standing, number>> = {
  locked: 0,
  used_up: 1,
  critical: 2,
  warning: 3,
  unknown: 4,
  well: 5,
};

function keysOf({ standing, outlook }: Judged, end: number): number[] {
  const isFirst = FIRST.includes(standing);
  const hours = isFirst ? 0 : hoursLeft(outlook, end);
  return [
    isFirst ? RANKS[standing] : RANKS.critical,
    hours,
    RANKS[standing],
    outlook.last?.value ?? -Infinity,
  ];
}

function byName(one: Judged, other: Judged): number {
  return one.reading.name < other.reading.name ? -1 : 1;
}
