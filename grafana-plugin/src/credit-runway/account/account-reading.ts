import type { BalanceLine } from './balance-line.ts';

/** What the queries tell of one account. What no query told is undefined or empty: unknown, never 0. */
export interface AccountReading {
  readonly name: string;
  readonly balance: BalanceLine;
  /** Shortest window first. */
  readonly burns: readonly Burn[];
  /** Increase of the top-up counter per step; undefined when no series of it is there. */
  readonly topUps: BalanceLine | undefined;
  readonly thresholds: Readonly<Partial<Record<Severity, number>>>;
  readonly lock: Lock;
  readonly grants: readonly Grant[];
  /** Billed within the time range. */
  readonly spend: number | undefined;
}

export type Severity = 'warning' | 'critical';

/** Spent per hour, averaged over a window. */
export interface Burn {
  /** Value of the label `window`, `1h`. */
  readonly window: string;
  readonly perHour: number;
}

/** Whether fal refuses the account, as refusals showed; never guessed from the balance. */
export interface Lock {
  readonly state: 'locked' | 'open' | 'unknown';
  /** Values of the label `reason`; empty unless locked, and when nobody knows why. */
  readonly reasons: readonly string[];
  /** Whether the exporter sees a lock for want of money that is there; undefined when it does not say. */
  readonly isContradiction: boolean | undefined;
}

/** Credits that are gone when they are not used in time. */
export interface Grant {
  readonly name: string;
  /** Unix milliseconds. */
  readonly expiresAt: number;
}
