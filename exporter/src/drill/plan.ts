import { type AlertRule, type Severity, buildPack, defaultSettings } from 'fal-alert-rules';
import type { Expectation } from './drill.ts';

/** What decides how fast one alert of a rule pack is. Seconds. */
export interface RuleTimes {
  readonly severity: Severity;
  readonly forSeconds: number;
  readonly keepFiringForSeconds: number;
  readonly evaluationSeconds: number;
}

/** An expectation with its times, counted from the fault (or from the healing, for the end). Seconds, rounded up. */
export interface PlannedAlert {
  readonly alert: string;
  readonly severity: Severity;
  /** Fires, and rings nowhere while one of these fires; empty: it should arrive. */
  readonly heldBackBy: readonly string[];
  readonly firesWithinSeconds: number;
  /** At its receiver. */
  readonly arrivesWithinSeconds: number;
  /** After the healing, in Prometheus; the receiver hears of it with the next group_interval. */
  readonly endsWithinSeconds: number;
}

/** As in the shipped prometheus.yml: a sample may be that old, and a rule may have just been evaluated. */
const SCRAPE_SECONDS = 15;
const EVALUATION_SECONDS = 15;
/** As in the shipped alertmanager.yml. */
const GROUP_WAIT_SECONDS: Readonly<Record<Severity, number>> = {
  critical: 10,
  warning: 30,
  info: 30,
  none: 0,
};
/** From Alertmanager into somebody's pocket. */
const DELIVERY_SECONDS = 5;
const ROUNDING_SECONDS = 15;

/** The rules as shipped, by alert. */
export function shippedTimes(): ReadonlyMap<string, RuleTimes> {
  const rules = buildPack({ settings: defaultSettings() }).flatMap(({ groups }) =>
    groups.flatMap((group) => group.rules.filter((rule): rule is AlertRule => rule.kind === 'alert')),
  );
  return new Map(rules.map((rule) => [rule.alert, timesOf(rule)]));
}

function timesOf({ labels, forSeconds, keepFiringForSeconds = 0 }: AlertRule): RuleTimes {
  // The pack takes severities from this list only.
  const severity = labels.severity as Severity;
  return { severity, forSeconds, keepFiringForSeconds, evaluationSeconds: EVALUATION_SECONDS };
}

/** Times of the expectations, by the rules in force where they are known, else by those shipped. */
export function planAlerts(
  expects: readonly Expectation[],
  inForce: ReadonlyMap<string, RuleTimes> = new Map(),
): readonly PlannedAlert[] {
  const shipped = shippedTimes();
  return expects.map((expectation) => {
    const times = inForce.get(expectation.alert) ?? shipped.get(expectation.alert);
    if (times === undefined)
      throw new Error(`the drill expects ${expectation.alert}, which no rule pack has`);
    return planned(expectation, times);
  });
}

function planned(expectation: Expectation, times: RuleTimes): PlannedAlert {
  const { alert, holdsAfterSeconds, clearsAfterSeconds, heldBackBy = [] } = expectation;
  const seen = SCRAPE_SECONDS + times.evaluationSeconds;
  const fires = holdsAfterSeconds + times.forSeconds + seen;
  const arrives = fires + GROUP_WAIT_SECONDS[times.severity] + DELIVERY_SECONDS;
  return {
    alert,
    heldBackBy,
    severity: times.severity,
    firesWithinSeconds: roundedUp(fires),
    arrivesWithinSeconds: roundedUp(arrives),
    endsWithinSeconds: roundedUp(clearsAfterSeconds + times.keepFiringForSeconds + seen),
  };
}

function roundedUp(seconds: number): number {
  return Math.ceil(seconds / ROUNDING_SECONDS) * ROUNDING_SECONDS;
}

/** How long Alertmanager gathers before it sends, seconds, by the shipped routes. */
export function groupWaitSeconds(severity: Severity): number {
  return GROUP_WAIT_SECONDS[severity];
}

/** When all of them should be at their receivers, seconds from the fault. */
export function allArriveWithin(alerts: readonly PlannedAlert[]): number {
  return Math.max(0, ...alerts.map(({ arrivesWithinSeconds }) => arrivesWithinSeconds));
}

/** When all of them should be over, seconds from the healing. */
export function allEndWithin(alerts: readonly PlannedAlert[]): number {
  return Math.max(0, ...alerts.map(({ endsWithinSeconds }) => endsWithinSeconds));
}
