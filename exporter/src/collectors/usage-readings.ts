import type { Clock } from '../domain/clock.ts';
import type { NanoUsd } from '../domain/money.ts';

/** What an account used of one model in the last seven days, in the unit that cost most of it. */
export interface WeeklyUnits {
  readonly unit: string;
  readonly units: number;
}

/** Billed since the first of the month, UTC. */
export interface MonthSpend {
  readonly amount: NanoUsd;
  /** When it was read, ms since the epoch. */
  readonly at: number;
}

/** What the newest readings of usage say beside the hours that are booked; absent when they are too old. */
export interface UsageReadings {
  /** Absent in a new month until it was read in it. */
  monthSpend(): MonthSpend | undefined;
  /** Absent for a model that was not used, too: nothing tells the two apart. */
  weeklyUnits(endpointId: string): WeeklyUnits | undefined;
}

interface Kept<T> {
  readonly value: T;
  /** Monotonic ms. */
  readonly until: number;
}

/** Keeps the newest readings while they are worth something. Lives longer than the collector that writes it. */
export class LatestUsage implements UsageReadings {
  readonly #clock: Clock;
  #month: Kept<MonthSpend> | undefined;
  #week: Kept<ReadonlyMap<string, WeeklyUnits>> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param validMs how long it may be shown. */
  noteMonth(value: MonthSpend, validMs: number): void {
    this.#month = { value, until: this.#clock.monotonic() + validMs };
  }

  /** @param validMs how long it may be shown. */
  noteWeek(value: ReadonlyMap<string, WeeklyUnits>, validMs: number): void {
    this.#week = { value, until: this.#clock.monotonic() + validMs };
  }

  monthSpend(): MonthSpend | undefined {
    const spend = this.#valid(this.#month);
    return spend !== undefined && monthStart(spend.at) === monthStart(this.#clock.now()) ? spend : undefined;
  }

  weeklyUnits(endpointId: string): WeeklyUnits | undefined {
    return this.#valid(this.#week)?.get(endpointId);
  }

  #valid<T>(kept: Kept<T> | undefined): T | undefined {
    return kept !== undefined && this.#clock.monotonic() <= kept.until ? kept.value : undefined;
  }
}

/** Midnight UTC of the first of the month, ms since the epoch. */
export function monthStart(at: number): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}
