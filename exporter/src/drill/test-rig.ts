import { VirtualClock } from 'fal-simulator';
import type { Chain, Inspection, RaisedAlert, RoutedAlert, Sighting } from './chain/sighting.ts';
import type { Expectation } from './drill.ts';
import type { Fault } from './fault.ts';
import { type RuleTimes, shippedTimes } from './plan.ts';
import { runDrill } from './run.ts';
import type { DrillResult, Told } from './timeline.ts';

/** Names of what was called on a fault, in its order. */
export type Calls = ('start' | 'heal' | 'close')[];

/** A fault that notes its calls; `start` may be told to do something else. */
export function notedFault(calls: Calls, start: () => Promise<void> = () => Promise.resolve()): Fault {
  return {
    start: () => {
      calls.push('start');
      return start();
    },
    heal: () => {
      calls.push('heal');
      return Promise.resolve();
    },
    close: () => {
      calls.push('close');
      return Promise.resolve();
    },
    trouble: () => undefined,
  };
}

/** When an alert of a tale happens: seconds from the fault, and from the healing. */
export interface Tale {
  readonly pending?: number;
  readonly fires?: number;
  readonly isOver?: number;
  readonly routed?: Partial<RoutedAlert>;
}

/** A chain in which alerts come and go as told, with Prometheus and Alertmanager as shipped. */
export class ToldChain implements Chain {
  inspection: Inspection = {
    prometheus: { ok: true, value: { rules: shippedTimes(), alertmanagers: ['am:9093'] } },
    alertmanager: { ok: true, value: { receivers: new Map([['fal-pagerduty', ['pagerduty']]]) } },
  };
  failed: Readonly<Record<string, number>> = {};
  sighting: Sighting | undefined;
  readonly #tales: Readonly<Record<string, Tale>>;
  readonly #clock: VirtualClock;
  readonly #calls: Calls;
  #faultAt: number | undefined;
  #healedAt: number | undefined;

  constructor(tales: Readonly<Record<string, Tale>>, clock: VirtualClock, calls: Calls) {
    this.#tales = tales;
    this.#clock = clock;
    this.#calls = calls;
  }

  inspect(): Promise<Inspection> {
    return Promise.resolve(this.inspection);
  }

  failedDeliveries(): ReturnType<Chain['failedDeliveries']> {
    return Promise.resolve({ ok: true, value: this.failed });
  }

  look(): Promise<Sighting> {
    const { prometheus, alertmanager } = this.inspection;
    const raised = Object.entries(this.#tales).flatMap(([alert, tale]) => this.#raised(alert, tale));
    const firing = raised.filter(({ state }) => state === 'firing');
    return Promise.resolve(
      this.sighting ?? {
        prometheus: prometheus.ok ? { ok: true, value: raised } : prometheus,
        alertmanager: alertmanager.ok
          ? { ok: true, value: firing.flatMap((each) => this.#routed(each)) }
          : alertmanager,
      },
    );
  }

  /** Time begins with the first look at a fault, and with the first one at its end. */
  #now(): number {
    const now = this.#clock.monotonic() / 1000;
    if (this.#calls.includes('start')) this.#faultAt ??= now;
    if (this.#calls.includes('heal')) this.#healedAt ??= now;
    return now;
  }

  #raised(alert: string, { pending = Infinity, fires = Infinity, isOver = 0 }: Tale): RaisedAlert[] {
    const now = this.#now();
    const since = now - (this.#faultAt ?? Infinity);
    if (this.#healedAt !== undefined && now - this.#healedAt >= isOver) return [];
    const labels = { alertname: alert };
    if (since >= fires) return [{ alert, labels, state: 'firing' }];
    return since >= pending ? [{ alert, labels, state: 'pending' }] : [];
  }

  #routed({ alert, labels }: RaisedAlert): RoutedAlert[] {
    const { routed } = this.#tales[alert] ?? {};
    const free = { inhibitedBy: [], silencedBy: [], receivers: ['fal-pagerduty'] };
    return routed === undefined ? [] : [{ alert, labels, ...free, ...routed }];
  }
}

/** Rules of the shipped pack without some of them. */
export function rulesWithout(...names: readonly string[]): ReadonlyMap<string, RuleTimes> {
  return new Map([...shippedTimes()].filter(([name]) => !names.includes(name)));
}

export interface Rig {
  readonly clock: VirtualClock;
  readonly calls: Calls;
  readonly chain: ToldChain;
  readonly told: Told[];
  readonly stop: AbortController;
}

export function rig(tales: Readonly<Record<string, Tale>>): Rig {
  const clock = new VirtualClock();
  const calls: Calls = [];
  return { clock, calls, chain: new ToldChain(tales, clock, calls), told: [], stop: new AbortController() };
}

export interface Drilling {
  readonly expects: readonly Expectation[];
  readonly fault?: Fault;
  readonly chain?: Chain;
  readonly capSeconds?: number;
  /** Ctrl-C, seconds from the start. */
  readonly interruptAfterSeconds?: number;
}

const LONGER_THAN_ANY_DRILL_MS = 7_200_000;

/** Runs a drill to its end, whatever the time that takes. */
export async function drilled(
  { clock, calls, chain, told, stop }: Rig,
  { fault = notedFault(calls), interruptAfterSeconds, ...rest }: Drilling,
): Promise<DrillResult> {
  const parts = { clock, chain, fault, signal: stop.signal, announce: () => undefined, ...rest };
  const run = runDrill({ ...parts, tell: (event) => void told.push(event) });
  // Whoever looks at the result hears of a rejection; until then nobody does.
  run.catch(() => undefined);
  if (interruptAfterSeconds !== undefined) {
    await clock.advance(interruptAfterSeconds * 1000);
    stop.abort(new DOMException('Ctrl-C', 'AbortError'));
  }
  await clock.advance(LONGER_THAN_ANY_DRILL_MS);
  return run;
}
