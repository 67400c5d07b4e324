import { type Clock, sleep } from '../domain/clock.ts';
import { brokenBefore, brokenFor, failedDelivery, notOver } from './chain/broken-link.ts';
import type { BrokenLink } from './chain/link.ts';
import type { Chain, Inspection } from './chain/sighting.ts';
import { DrillError, type Expectation } from './drill.ts';
import type { Fault } from './fault.ts';
import { type PlannedAlert, allArriveWithin, allEndWithin, groupWaitSeconds, planAlerts } from './plan.ts';
import type { AlertOutcome, DrillResult, Told } from './timeline.ts';
import { type Track, follow, followEnd, hasArrived, isOver, newTrack } from './track.ts';
import { Watch } from './watch.ts';

export interface DrillParts {
  readonly expects: readonly Expectation[];
  readonly fault: Fault;
  readonly chain: Chain;
  readonly clock: Clock;
  /** Aborts when the user has had enough: the fault is healed, and nothing is waited for. */
  readonly signal: AbortSignal;
  readonly tell: (event: Told) => void;
  /** Called once, when the times are known and nothing is broken yet. */
  readonly announce: (alerts: readonly PlannedAlert[], inspection: Inspection) => void;
  /** From the fault to the end, at most; as long as the alerts need unless given. */
  readonly capSeconds?: number | undefined;
  /** Divides the waits for receivers and for people; 1 but in tests, whose routes are as much faster. */
  readonly haste?: number | undefined;
}

/** Prometheus applies its lists of targets and Alertmanagers every five seconds. */
const SECOND_LOOK_AFTER_MS = 6000;
/** On top of what was promised, for a machine that is busy. */
const GRACE_SECONDS = 60;
/** So that the receiver has it, and the person has looked, before all is well again. */
const LOOK_AT_PHONE_SECONDS = 15;
/** Without Prometheus to ask: long enough for it to see good numbers. */
const BLIND_END_SECONDS = 60;

/**
 * Looks at the chain, breaks something, watches the alerts go their way, heals, and watches them end. Once
 * `fault.start` was called, `fault.heal` is called exactly once whatever happens, and `fault.close` after it.
 *
 * Rejects with a DrillError when nothing could be broken, or the fault not be healed.
 */
export async function runDrill(parts: DrillParts): Promise<DrillResult> {
  const { chain, expects, announce, fault, signal } = parts;
  const inspection = await inspect(parts);
  const { prometheus } = inspection;
  const alerts = planAlerts(expects, prometheus.ok ? prometheus.value.rules : undefined);
  announce(alerts, inspection);
  const run = new DrillRun(parts, inspection, alerts);
  const early = brokenBefore(inspection, alerts);
  if (early !== undefined) return run.endedEarly('failed', [early]);
  await refuseWhenFiring(chain, alerts);
  try {
    await run.breakAndHeal();
    await run.watchEnd();
    return run.result();
  } catch (error) {
    if (signal.aborted && error === signal.reason) return run.endedEarly('interrupted');
    throw error;
  } finally {
    await fault.close();
  }
}

/** Looks twice before it complains: a Prometheus that has just started knows nobody yet. */
async function inspect({ chain, clock, signal, expects }: DrillParts): Promise<Inspection> {
  const first = await chain.inspect();
  if (brokenBefore(first, planAlerts(expects)) === undefined) return first;
  await sleep(clock, SECOND_LOOK_AFTER_MS, signal);
  return chain.inspect();
}

/** PagerDuty rings once per incident: an alert that fires already proves nothing. */
async function refuseWhenFiring(chain: Chain, alerts: readonly PlannedAlert[]): Promise<void> {
  const { prometheus } = await chain.look();
  if (!prometheus.ok) return;
  const names = new Set(alerts.map(({ alert }) => alert));
  const firing = prometheus.value.filter(({ alert, state }) => state === 'firing' && names.has(alert));
  if (firing.length === 0) return;
  const listed = [...new Set(firing.map(({ alert }) => alert))].join(', ');
  throw new DrillError(
    `${listed} fires already, by an earlier drill or in earnest. Nobody is called twice for one incident: wait until it is over.`,
  );
}

class DrillRun {
  readonly #parts: DrillParts;
  readonly #inspection: Inspection;
  readonly #tracks: readonly Track[];
  readonly #watch: Watch;
  /** What no single alert shows. */
  readonly #broken: BrokenLink[] = [];

  constructor(parts: DrillParts, inspection: Inspection, alerts: readonly PlannedAlert[]) {
    this.#parts = parts;
    this.#inspection = inspection;
    this.#tracks = alerts.map(newTrack);
    this.#watch = new Watch({ ...parts, inspection });
  }

  async breakAndHeal(): Promise<void> {
    const { fault, signal, capSeconds = Infinity } = this.#parts;
    const watch = this.#watch;
    try {
      watch.tell({ kind: 'starting' });
      await fault.start(signal);
      watch.begin('come');
      watch.cap(capSeconds);
      watch.tell({ kind: 'fault_on' });
      await this.#watchArrival();
    } finally {
      await fault.heal();
      watch.tell({ kind: 'healed', since: watch.since });
      watch.begin('end');
    }
  }

  async #watchArrival(): Promise<void> {
    const failedBefore = await this.#parts.chain.failedDeliveries();
    if (this.#inspection.prometheus.ok) await this.#watchAlerts();
    else await this.#watch.pause(allArriveWithin(this.#planned), this.#names);
    const shown = this.#inspection.prometheus.ok ? this.#fired : this.#tracks;
    const loud = shown.filter(
      ({ planned, inhibitedBy }) => planned.heldBackBy.length === 0 && inhibitedBy.length === 0,
    );
    if (loud.length === 0) return;
    const alerts = loud.map(({ planned }) => planned.alert);
    this.#watch.tell({ kind: 'look_at_phone', since: this.#watch.since, alerts });
    await this.#watch.pause(LOOK_AT_PHONE_SECONDS / this.#haste);
    const failedAfter = await this.#parts.chain.failedDeliveries();
    const broken =
      failedBefore.ok && failedAfter.ok ? failedDelivery(failedBefore.value, failedAfter.value) : undefined;
    if (broken !== undefined) this.#broken.push(broken);
  }

  async #watchAlerts(): Promise<void> {
    const { prometheus, alertmanager } = this.#inspection;
    // Nobody waits for an alert that has no rule.
    const wanted = this.#tracks.filter(
      ({ planned }) => prometheus.ok && prometheus.value.rules.has(planned.alert),
    );
    const withinSeconds = allArriveWithin(wanted.map(({ planned }) => planned)) + GRACE_SECONDS;
    const isDone = (track: Track): boolean => hasArrived(track, alertmanager.ok);
    await this.#watch.until({ withinSeconds, tracks: wanted, isDone, follow });
    // Alertmanager gathers from the moment it has an alert.
    const sentAfter = this.#fired.map(
      ({ planned, routedAfter = this.#watch.since }) =>
        routedAfter + groupWaitSeconds(planned.severity) / this.#haste,
    );
    await this.#watch.pause(Math.max(0, ...sentAfter) - this.#watch.since);
  }

  /** Until everything that fired is over; without Prometheus, as long as it needs to see good numbers. */
  async watchEnd(): Promise<void> {
    if (!this.#inspection.prometheus.ok) return this.#watch.pause(BLIND_END_SECONDS);
    const tracks = this.#fired;
    if (tracks.length === 0) return;
    const withinSeconds = allEndWithin(tracks.map(({ planned }) => planned)) + GRACE_SECONDS;
    await this.#watch.until({ withinSeconds, tracks, isDone: isOver, follow: followEnd });
  }

  get #haste(): number {
    return this.#parts.haste ?? 1;
  }

  get #fired(): readonly Track[] {
    return this.#tracks.filter(({ firedAfter }) => firedAfter !== undefined);
  }

  get #planned(): readonly PlannedAlert[] {
    return this.#tracks.map(({ planned }) => planned);
  }

  get #names(): readonly string[] {
    return this.#planned.filter(({ heldBackBy }) => heldBackBy.length === 0).map(({ alert }) => alert);
  }

  result(): DrillResult {
    const alerts = this.#tracks.map((track) => this.#outcome(track));
    const isBroken = this.#broken.length > 0 || alerts.some(({ broken }) => broken !== undefined);
    const passed = this.#inspection.prometheus.ok ? 'passed' : 'unproven';
    return { verdict: isBroken ? 'failed' : passed, alerts, broken: this.#broken };
  }

  /** What came until then; nothing is blamed for what did not. */
  endedEarly(verdict: 'failed' | 'interrupted', broken: readonly BrokenLink[] = []): DrillResult {
    return { verdict, alerts: this.#tracks.map(seenOf), broken };
  }

  #outcome(track: Track): AlertOutcome {
    const evidence = { inspection: this.#inspection, trouble: this.#parts.fault.trouble() };
    const broken = brokenFor(track, evidence) ?? (isOver(track) ? undefined : notOver(track));
    return { ...seenOf(track), broken };
  }
}

function seenOf(track: Track): AlertOutcome {
  const { planned, pendingAfter, firedAfter, routedAfter, overAfter } = track;
  return {
    ...{ alert: planned.alert, severity: planned.severity, heldBackBy: planned.heldBackBy },
    ...{ receivers: track.receivers, inhibitedBy: track.inhibitedBy },
    pendingAfterSeconds: pendingAfter,
    firedAfterSeconds: firedAfter,
    routedAfterSeconds: routedAfter,
    overAfterSeconds: overAfter,
  };
}
