import type { FiringAlert } from './alerts.ts';

/** One model of an account. What is not known is undefined. */
export interface Model {
  readonly endpointId: string;
  /** Value of the label `verdict`: whose problem it is. */
  readonly verdict: string | undefined;
  /** Unix seconds: the last time that the verdict had been ok for a while; undefined for longer ago than the page looks back. */
  readonly lastGood: number | undefined;
  /** Whether the verdict put it on fal at some time in the window of the page: a sick model may look well just now. */
  readonly isBlamed: boolean;
  /** Failures ÷ finished requests, 0 to 1. */
  readonly errorRatio: number | undefined;
  /** Seconds. */
  readonly p95: number | undefined;
  /** Whose requests ratio and P95 are of; undefined where there are none. */
  readonly source: 'app' | 'probe' | undefined;
  /** Seconds that the P95 should stay below. */
  readonly limit: number | undefined;
}

/** One account of fal. What is not known is undefined. */
export interface Account {
  readonly name: string;
  readonly lock: Lock | undefined;
  readonly money: Money;
  /** The worst first. */
  readonly models: readonly Model[];
  readonly alerts: readonly FiringAlert[];
}

export interface Lock {
  readonly isLocked: boolean;
  /** Why, as fal said; only of a locked account. */
  readonly reason: string | undefined;
  /** Locked for want of money with money on it: a top-up may not help. */
  readonly isContradiction: boolean;
}

/** All in US dollars. */
export interface Money {
  readonly balance: number | undefined;
  /** Whether the balance is young enough to be acted on. */
  readonly isFresh: boolean;
  /** Seconds since the balance was read. */
  readonly age: number | undefined;
  /** Below it the critical alert fires. */
  readonly critical: number | undefined;
  readonly burns: readonly Burn[];
  /** Seconds until the balance is used up at the present rate. */
  readonly runway: number | undefined;
}

export interface Burn {
  /** As the exporter names it, such as 1h. */
  readonly window: string;
  readonly perHour: number;
}
