import type { WireRule } from 'fal-simulator';
import { COLLECTOR_NAMES, type CollectorName } from '../domain/collector-name.ts';
import { CHECKS, type Check } from './test-fault-checks.ts';
import { MONEY_CHECKS } from './test-fault-money-checks.ts';
import { COLLECTORS, FaultNight, MINUTE, type Sample } from './test-fault-night.ts';
import { FAMILIES_OF, nanoOf, seriesOf, valueOf } from './test-fault-shown.ts';
import { type Touch, sparedBy } from './test-fault-table.ts';

/** Breaks something between fal and the exporter, and gives what mends it. */
export type Fault = (night: FaultNight) => () => void;

/** A night takes less than a second of a machine that has nothing else to do. */
export const NIGHT_TIMEOUT_MS = 60_000;

interface Phases {
  readonly quietMs: number;
  readonly brokenMs: number;
}

const LONG: Phases = { quietMs: 10 * MINUTE, brokenMs: 30 * MINUTE };
const SHORT: Phases = { quietMs: 3 * MINUTE, brokenMs: 6 * MINUTE };
const HEALED_MS = 20 * MINUTE;
/** The last jobs are sent this long before the end, so that fal's lag is over. */
const SETTLING_MS = 7 * MINUTE;
const BORN_BLIND_MS = 8 * MINUTE;
const HOUR_MS = 60 * MINUTE;
/** A reading that hangs is given up after half a minute, or after a whole one without any call. */
const GIVEN_UP_MS = 65_000;
const EVERY_CHECK: readonly Check[] = [...CHECKS, ...MONEY_CHECKS];
/** One defect shows in every scrape; the first words of it are enough. */
const MOST_PROBLEMS = 12;

/** A scenario of the simulator, until all is healthy again. */
export function scenario(name: string): Fault {
  return ({ simulator }) => {
    simulator.applyScenario(name);
    return () => simulator.applyScenario('healthy');
  };
}

/** A fault on the wire of some hosts, until it is taken back. */
export function wireFault(rule: WireRule): Fault {
  return ({ simulator }) => {
    simulator.engine.breakWire(rule);
    return () => simulator.engine.clearFaults();
  };
}

/** Everything that was wrong with a night, each thing once, in words. */
class Problems {
  readonly #found = new Map<string, string>();
  readonly #touch: Touch;
  #previous: Sample | undefined;

  constructor(touch: Touch) {
    this.#touch = touch;
  }

  add(...texts: readonly string[]): void {
    for (const text of texts) if (!this.#found.has(text)) this.#found.set(text, text);
  }

  look(night: FaultNight, sample: Sample): void {
    const { tells = {} } = this.#touch;
    const facts = { night, sample, previous: this.#previous, tells };
    const minute = ((sample.at / MINUTE) % 60).toFixed(1);
    for (const check of EVERY_CHECK)
      for (const text of check(facts))
        if (this.#found.size < MOST_PROBLEMS) this.#found.set(text, `minute ${minute}: ${text}`);
    this.#previous = sample;
  }

  get all(): readonly string[] {
    return [...this.#found.values()];
  }
}

/** A quiet time, a long one with the fault, and twenty minutes after it. Gives everything that was wrong. */
export async function problemsOfNight(fault: Fault, touch: Touch): Promise<readonly string[]> {
  const problems = new Problems(touch);
  const night = new FaultNight((sample) => problems.look(night, sample));
  return watched(night, problems, async () => {
    const { quietMs, brokenMs } = touch.isDistant === true ? SHORT : LONG;
    night.start();
    await night.pass(quietMs);
    const brokenAt = night.clock.now();
    problems.add(...silent(night, COLLECTOR_NAMES, { from: brokenAt - quietMs, until: brokenAt }));
    const mend = night.change(() => fault(night));
    await night.pass(brokenMs);
    const healedAt = night.clock.now();
    problems.add(...silent(night, sparedBy(touch), { from: brokenAt, until: healedAt }));
    // What was under way when it broke may have been read in time.
    problems.add(...talkative(night, touch, { from: brokenAt + 5_000, until: healedAt }));
    night.change(mend);
    await night.pass(HEALED_MS - SETTLING_MS);
    night.stopTraffic();
    await night.pass(SETTLING_MS);
    problems.add(...unhealed(night, healedAt), ...unbilled(night, touch));
  });
}

/** An exporter that starts under the fault: what it has never read may not be there at all, as 0 least of all. */
export async function problemsOfStart(fault: Fault, touch: Touch): Promise<readonly string[]> {
  const problems = new Problems(touch);
  const night = new FaultNight((sample) => {
    problems.look(night, sample);
    problems.add(...unborn(night, sample, touch));
  });
  return watched(night, problems, async () => {
    night.change(() => fault(night));
    night.start();
    const from = night.clock.now();
    await night.pass(BORN_BLIND_MS);
    problems.add(...silent(night, sparedBy(touch), { from, until: night.clock.now() }));
    problems.add(...talkative(night, touch, { from: from - 1, until: night.clock.now() }));
  });
}

/** Stops the night, and adds what it complained of, how often it called, and what it did after its end. */
async function watched(
  night: FaultNight,
  problems: Problems,
  story: () => Promise<void>,
): Promise<readonly string[]> {
  const onRejection = (reason: unknown): void => problems.add(`unhandled rejection: ${String(reason)}`);
  process.on('unhandledRejection', onRejection);
  try {
    await story();
    await Promise.all([night.stop(), night.pass(1_000)]);
    const { calls, events } = { calls: night.calls.length, events: night.events };
    await night.pass(5 * MINUTE);
    if (night.calls.length > calls) problems.add(`${night.calls.length - calls} calls after the stop`);
    if (night.events > events) problems.add(`${night.events - events} events after the stop`);
    problems.add(...night.troubles, ...overdrawn(night), ...ignored(night));
    return problems.all;
  } finally {
    process.off('unhandledRejection', onRejection);
    night.close();
  }
}

interface Span {
  readonly from: number;
  readonly until: number;
}

/** Those that did not succeed again and again, each at its own interval. */
function silent(
  night: FaultNight,
  names: readonly CollectorName[],
  { from, until }: Span,
): readonly string[] {
  return names.flatMap((name) => {
    const longest = 1.1 * COLLECTORS[name].intervalMs + 15_000;
    const runs = night.ran.filter((run) => run.collector === name && run.at <= until);
    const failed = runs.find((run) => !run.ok && run.at > from);
    const before = runs.findLast((run) => run.ok && run.at <= from)?.at ?? from;
    const times = [before, ...runs.filter((run) => run.ok && run.at > from).map(({ at }) => at), until];
    const gap = Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? from)));
    return [
      ...(failed === undefined ? [] : [`${name} failed, which nothing touched: ${failed.problem}`]),
      ...(gap <= longest ? [] : [`${name} was silent for ${gap / 1000} s`]),
    ];
  });
}

/** Those that claim to have read what cannot be read, or say nothing of it. */
function talkative(night: FaultNight, touch: Touch, { from, until }: Span): readonly string[] {
  return touch.breaks.flatMap((name) => {
    const runs = night.ran.filter((run) => run.collector === name && run.at > from && run.at <= until);
    const isDue = until - from > 1.1 * COLLECTORS[name].intervalMs + GIVEN_UP_MS;
    const succeeded = runs.find(({ ok }) => ok);
    return [
      ...(succeeded === undefined
        ? []
        : [`${name} claims a success ${succeeded.at - from} ms after it broke`]),
      ...(isDue && runs.length === 0 ? [`${name} does not say that it cannot read`] : []),
      ...runs
        .filter(({ ok, problem }) => !ok && isVague(problem))
        .map(({ problem }) => `${name} says only: ${problem}`),
    ];
  });
}

/** A problem in our own words says where and what. */
function isVague(problem = ''): boolean {
  return problem.length < 15 || /defect|undefined|NaN|\[object/.test(problem);
}

/** Those that did not come back within an interval, and the time that a hanging reading takes to be given up. */
function unhealed(night: FaultNight, healedAt: number): readonly string[] {
  return COLLECTOR_NAMES.flatMap((name) => {
    const { intervalMs } = COLLECTORS[name];
    const back = night.ran.find((run) => run.collector === name && run.ok && run.at > healedAt);
    const afterMs = (back?.at ?? Infinity) - healedAt;
    const again = night.ran.find(
      (run) => run.collector === name && !run.ok && run.at > (back?.at ?? healedAt),
    );
    return [
      ...(afterMs <= 1.1 * intervalMs + GIVEN_UP_MS ? [] : [`${name} was back after ${afterMs / 1000} s`]),
      ...(again === undefined ? [] : [`${name} failed once more after the fault: ${again.problem}`]),
    ];
  });
}

/** Where the bill at the end is not the ledger, to the nano-dollar. */
function unbilled(night: FaultNight, { tells }: Touch): readonly string[] {
  const sample = night.lastSample;
  const charged = night.truth.chargedByModel(night.clock.now() - 3 * MINUTE);
  const wrong = [...charged].flatMap(([endpointId, nano]) => {
    const shown = valueOf(sample, 'fal_account_spend_usd_total', { endpoint_id: endpointId });
    const shownNano = shown === undefined ? -1 : nanoOf(shown);
    const isRight = tells?.wrongAmounts === true ? shownNano >= nano : shownNano === nano;
    return isRight ? [] : [`${endpointId} was billed ${nano} and shows ${shownNano}`];
  });
  const month = valueOf(sample, 'fal_account_month_spend_usd');
  const isMonth =
    month !== undefined && nanoOf(month) >= night.truth.charged(night.clock.now() - 12 * MINUTE);
  return [
    ...wrong,
    ...(charged.size > 0 ? [] : ['nothing was billed']),
    ...(isMonth ? [] : [`month ${month}`]),
  ];
}

/** Collectors that made more calls in an hour than they may, or told of others than they made. */
function overdrawn(night: FaultNight): readonly string[] {
  return COLLECTOR_NAMES.flatMap((name) => {
    const times = night.calls.filter(({ collector }) => collector === name).map(({ at }) => at);
    const { callsPerHour } = COLLECTORS[name];
    const isTooMany = times.some((at, index) => (times[index + callsPerHour] ?? Infinity) - at < HOUR_MS);
    const told = valueOf(night.lastSample, 'fal_exporter_collector_calls_total', { collector: name }) ?? 0;
    return [
      ...(isTooMany ? [`${name} made more than ${callsPerHour} calls in an hour`] : []),
      ...(told <= times.length ? [] : [`${name} tells of ${told} calls and made ${times.length}`]),
    ];
  });
}

function ignored({ store }: FaultNight): readonly string[] {
  const { ignored: values, refused } = store.stats;
  return values + refused === 0 ? [] : [`${values} values were no values, ${refused} series were refused`];
}

/** Families of collectors that have never read anything. */
function unborn(night: FaultNight, sample: Sample, touch: Touch): readonly string[] {
  const bill = [
    ...['fal_account_spend_usd_total', 'fal_account_estimated_spend_usd_total'],
    ...[
      'fal_account_unpriced_requests_total',
      'fal_account_cost_drift_ratio',
      'fal_account_wasted_usd_per_day',
    ],
  ];
  const isBillUnread = touch.breaks.includes('billing-events') && touch.breaks.includes('usage');
  const unread = touch.breaks.filter((name) => !night.lastOk.has(name)).flatMap((name) => FAMILIES_OF[name]);
  return [...unread, ...(isBillUnread ? bill : [])]
    .filter((family) => seriesOf(sample, family).length > 0)
    .map((family) => `${family} is there, and nobody has read it`);
}
