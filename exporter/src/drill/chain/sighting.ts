import type { RuleTimes } from '../plan.ts';

/** An answer, or why there is none. */
export type Reading<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

export type Labels = Readonly<Record<string, string>>;

/** An alert as Prometheus has it. */
export interface RaisedAlert {
  readonly alert: string;
  readonly labels: Labels;
  readonly state: 'pending' | 'firing';
}

/** An alert as Alertmanager has it. */
export interface RoutedAlert {
  readonly alert: string;
  readonly labels: Labels;
  readonly receivers: readonly string[];
  /** Names of the alerts that hold it back. */
  readonly inhibitedBy: readonly string[];
  /** Ids of silences. */
  readonly silencedBy: readonly string[];
}

/** What both say at one moment. */
export interface Sighting {
  readonly prometheus: Reading<readonly RaisedAlert[]>;
  readonly alertmanager: Reading<readonly RoutedAlert[]>;
}

/** What is set up, before anything is broken. */
export interface Inspection {
  readonly prometheus: Reading<{
    readonly rules: ReadonlyMap<string, RuleTimes>;
    /** Addresses of the Alertmanagers that it sends to. */
    readonly alertmanagers: readonly string[];
    /** False when it has no sample of what the drill watches. Absent when that shows later. */
    readonly isScraped?: boolean | undefined;
  }>;
  readonly alertmanager: Reading<{
    /** Kinds of integrations by receiver, such as `pagerduty`; none: what goes there reaches nobody. */
    readonly receivers: ReadonlyMap<string, readonly string[]>;
  }>;
}

/** Notifications that failed so far, by integration. */
export type FailedDeliveries = Readonly<Record<string, number>>;

/** The chain from the rules to the phone, as far as it can be asked. Nothing here ever rejects. */
export interface Chain {
  inspect(): Promise<Inspection>;
  look(): Promise<Sighting>;
  failedDeliveries(): Promise<Reading<FailedDeliveries>>;
}
