/** Labels and texts of an alert that fires, as its receiver sees them. */
export interface Firing {
  /** All of them but alertname. */
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
  readonly dashboardUrl: string;
}

/** Series under the name that Prometheus stores, with values in promtool's notation: `0+10x40`, `_x4`, `stale`. */
export type InputSeries = Readonly<Record<string, string>>;

interface CaseBase {
  readonly alert: string;
  /** A sentence about behaviour. */
  readonly name: string;
  readonly series: InputSeries;
  /** Seconds between samples and between evaluations; 15 unless given, as shipped. */
  readonly step?: number | undefined;
}

/** It fires with exactly these labels and texts, at the first evaluation that it may. */
export interface FiresCase extends CaseBase {
  readonly kind: 'fires';
  /** When the fault begins, seconds from the start. */
  readonly faultAt: number;
  /** Seconds from the fault to the first evaluation at which it fires; one step earlier it must not. */
  readonly firesAfter: number;
  readonly firing: readonly Firing[];
  /** What broke, for the table of detection times; without it the case is not in the table. */
  readonly fault?: string | undefined;
  /** Another alert that the same story makes fire, for the first time so many seconds after this one. */
  readonly ahead?: { readonly of: string; readonly by: number } | undefined;
}

/** Never fires, looked at after every step. */
export interface SilentCase extends CaseBase {
  readonly kind:
    'silent below' | 'silent without enough traffic' | 'silent on ordinary noise' | 'silent otherwise';
  /** Length of the story in seconds. */
  readonly until: number;
}

/** It fired, and is over once the fault is. */
export interface ResolvesCase extends CaseBase {
  readonly kind: 'resolves';
  /** The same words as in the case that shows it firing: joins the two in the table of detection times. */
  readonly fault?: string | undefined;
  readonly firingAt: number;
  readonly healedAt: number;
  /** Seconds from healing to the first evaluation at which it no longer fires; one step earlier it still does. */
  readonly resolvesAfter: number;
}

/**
 * A counter starts again at zero in mid-window. Between the two moments (seconds, inclusive) it must fire at every
 * evaluation, elsewhere in the story it must not; without them it must not fire at all.
 */
export interface ResetCase extends CaseBase {
  readonly kind: 'survives a counter reset';
  readonly until: number;
  readonly firesBetween?: readonly [number, number] | undefined;
}

/** One story about one alert, told to promtool. */
export type RuleCase = FiresCase | SilentCase | ResolvesCase | ResetCase;
