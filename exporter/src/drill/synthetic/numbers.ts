import {
  type MetricDefinition,
  clientErrors,
  clientQueueWait,
  clientRequestDuration,
  clientRequests,
  faultOf,
  outcomeOf,
} from 'opentelemetry-instrumentation-fal/core';
import type { Clock } from '../../domain/clock.ts';
import type { Counter, Gauge } from '../../metrics/series.ts';
import { MetricStore } from '../../metrics/store.ts';
import type { SyntheticDrill } from '../drill.ts';
import { DRILL_ACCOUNT, type Feed, type Level, type Requests } from './scene.ts';

/** No drill has a tenth of that, and none lasts so long. */
const LIMITS = { limit: 10_000, expireAfterMs: 86_400_000 };
/** A machine that slept must not wake up to a burst. */
const LONGEST_STEP_SECONDS = 60;

/**
 * The series of a synthetic drill: every definition from the catalogue, every series with the account of drills.
 * They are brought up to date at each collection, as if the app had gone on all the time.
 */
export class SyntheticNumbers {
  readonly store: MetricStore;
  readonly #clock: Clock;
  readonly #scenes: { readonly fault: readonly Meter[]; readonly healed: readonly Meter[] };
  #current: readonly Meter[];
  #sceneBeganAt: number;
  #readAt: number;

  constructor(drill: Pick<SyntheticDrill, 'fault' | 'healed'>, clock: Clock) {
    this.#clock = clock;
    this.store = new MetricStore({ ...LIMITS, clock });
    // Both at once: counters of the healed scene stand at zero from the start, so that their growth is seen.
    const fault = drill.fault.map((feed) => meterOf(this.store, feed));
    this.#scenes = { fault, healed: drill.healed.map((feed) => meterOf(this.store, feed)) };
    this.#current = fault;
    this.#sceneBeganAt = clock.monotonic();
    this.#readAt = this.#sceneBeganAt;
    this.store.beforeCollect('drill', () => this.#bringUpToDate());
  }

  /** From now on all is well. */
  heal(): void {
    this.#bringUpToDate();
    this.#current = this.#scenes.healed;
    this.#sceneBeganAt = this.#clock.monotonic();
  }

  #bringUpToDate(): void {
    const now = this.#clock.monotonic();
    const seconds = Math.min((now - this.#readAt) / 1000, LONGEST_STEP_SECONDS);
    this.#readAt = now;
    const moment = { age: (now - this.#sceneBeganAt) / 1000, unix: this.#clock.now() / 1000 };
    for (const meter of this.#current) meter(seconds, moment);
  }
}

interface Moment {
  /** Seconds since the scene began. */
  readonly age: number;
  /** Seconds since the epoch. */
  readonly unix: number;
}

/** Writes what happened in the last `seconds`. */
type Meter = (seconds: number, moment: Moment) => void;

function meterOf(store: MetricStore, feed: Feed): Meter {
  switch (feed.kind) {
    case 'requests':
      return requestMeter(store, feed);
    case 'level':
      return levelMeter(store.bind(named(feed.metric), { ...feed.labels, account: DRILL_ACCOUNT }), feed);
    case 'growth': {
      const counter = store.bind(named(feed.metric), { ...feed.labels, account: DRILL_ACCOUNT });
      return (seconds) => counter.inc(feed.perSecond * seconds);
    }
  }
}

function levelMeter(gauge: Gauge, { value }: Level): Meter {
  return (_, { age, unix }) => {
    if (value === 'now') gauge.set(unix);
    else gauge.set(typeof value === 'number' ? value : value.ageingFrom + age);
  };
}

function requestMeter(store: MetricStore, feed: Requests): Meter {
  const { endpointId, ending, perSecond, seconds: took, queueWaitSeconds } = feed;
  const outcome = ending === 'ok' ? 'ok' : outcomeOf(ending);
  const own = { account: DRILL_ACCOUNT, endpoint_id: endpointId };
  const labels = { ...own, operation: 'subscribe' };
  const requests = store.bind(named(clientRequests), { ...labels, outcome });
  const durations = store.bind(named(clientRequestDuration), { ...labels, outcome });
  const waits = queueWaitSeconds === undefined ? undefined : store.bind(named(clientQueueWait), own);
  const errors: Counter | undefined =
    ending === 'ok'
      ? undefined
      : store.bind(named(clientErrors), { ...labels, error_type: ending, fault: faultOf(ending) });
  let due = 0;
  return (seconds) => {
    due += perSecond * seconds;
    // Whole requests only: what is left over counts the next time.
    for (; due >= 1; due -= 1) {
      requests.inc();
      durations.observe(took);
      errors?.inc();
      if (queueWaitSeconds !== undefined) waits?.observe(queueWaitSeconds);
    }
  };
}

/** The same family with the label `account`, which families of the app get from the app that names its account. */
function named<D extends MetricDefinition>(definition: D): D {
  if (definition.labels.includes('account')) return definition;
  return { ...definition, labels: [...definition.labels, 'account'] };
}
