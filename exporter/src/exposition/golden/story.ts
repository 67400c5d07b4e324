import type { ErrorType } from 'opentelemetry-instrumentation-fal/core';
import { faultOf, outcomeOf } from 'opentelemetry-instrumentation-fal/core';
import { perCollector } from '../../config/collectors.ts';
import type { Config, ProbeConfig } from '../../config/config.ts';
import type { CollectorName } from '../../domain/collector-name.ts';
import type { DomainEvent, ProbeRunFinished } from '../../domain/events.ts';
import { nanoFromUsd } from '../../domain/money.ts';
import { recordExporter } from '../../metrics/exporter-metrics.ts';
import { HandClock } from '../../metrics/hand-clock.ts';
import { createRecorder } from '../../metrics/recorder.ts';
import { recordRuntime } from '../../metrics/runtime-metrics.ts';
import { MetricStore } from '../../metrics/store.ts';
import { VerdictSeries } from '../../metrics/verdict-series.ts';
import { moneyStory } from './money-story.ts';

const MINUTE = 60_000;

const IMAGE_ID = 'fal-ai/flux/schnell';
const VIDEO_ID = 'fal-ai/kling-video/v2/master/text-to-video';

const FREE: ProbeConfig = {
  name: 'gateway',
  tier: 'free',
  intervalMs: MINUTE,
  timeoutMs: 10_000,
  input: {},
};

const IMAGE: ProbeConfig = {
  name: 'flux-schnell',
  tier: 'inference',
  endpointId: IMAGE_ID,
  intervalMs: 5 * MINUTE,
  timeoutMs: 45_000,
  input: { prompt: 'status probe' },
};

const VIDEO: ProbeConfig = {
  name: 'kling-queue',
  tier: 'queue',
  endpointId: VIDEO_ID,
  intervalMs: 10 * MINUTE,
  timeoutMs: 2 * MINUTE,
  input: { prompt: 'status probe' },
};

/** A configuration with one probe of each tier. */
export const STORY_CONFIG: Config = {
  account: {
    name: 'default',
    concurrencyLimit: 10,
    lowBalance: nanoFromUsd(20),
    criticalBalance: nanoFromUsd(5),
    hourlyBudget: nanoFromUsd(10),
    monthlyBudget: nanoFromUsd(500),
    grants: [{ name: 'launch', expiresAt: Date.UTC(2027, 1, 1) }],
  },
  endpoints: [{ id: VIDEO_ID, latencyLimitSeconds: 420 }],
  probes: [FREE, IMAGE, VIDEO],
  budget: {
    perHour: nanoFromUsd(0.1),
    perDay: nanoFromUsd(1),
    perMonth: nanoFromUsd(20),
    worstCaseRun: nanoFromUsd(0.05),
  },
  collectors: perCollector(() => ({ enabled: true, intervalMs: 5 * MINUTE, callsPerHour: 120 })),
  statusPage: { enabled: true, url: 'https://status.fal.ai' },
  listen: { host: '127.0.0.1', port: 10464 },
  stateDir: 'state',
  series: { limit: 50_000, expireAfterMs: 60 * MINUTE },
};

/** A run of a probe that ended well after `durationSeconds`. */
export function goodRun(probe: ProbeConfig, at: number, durationSeconds: number): ProbeRunFinished {
  return {
    kind: 'probe_run_finished',
    ...{ at, probe: probe.name, tier: probe.tier, endpointId: probe.endpointId },
    outcome: 'ok',
    durationSeconds,
    ...{ attempts: 3, platformRetries: 0, steps: [] },
  };
}

/** A run of a probe that failed after `durationSeconds`. */
export function badRun(run: ProbeRunFinished, type: ErrorType): ProbeRunFinished {
  return {
    ...run,
    outcome: outcomeOf(type),
    error: { type, fault: faultOf(type), text: 'as the story wants it' },
  };
}

/** What happens, minute by minute: a good start, a slow model, an outage of the platform, a lock. */
function* story(clock: HandClock): Generator<DomainEvent> {
  const at = (): number => clock.now();
  const account = 'default';
  yield { kind: 'config_loaded', at: at(), ok: true, problems: [] };
  yield collectorRan(clock, 'balance', 0.125);
  yield { kind: 'balance_observed', at: at(), account, balance: nanoFromUsd(41.7) };
  yield {
    kind: 'unit_price_observed',
    at: at(),
    endpointId: IMAGE_ID,
    unit: 'megapixels',
    price: nanoFromUsd(0.003),
  };
  yield { kind: 'account_lock_observed', at: at(), account, locked: false };
  const remaining = { hour: nanoFromUsd(0.097), day: nanoFromUsd(0.997), month: nanoFromUsd(19.997) };
  yield { kind: 'budget_observed', at: at(), remaining };
  yield { kind: 'slots_observed', at: at(), account, inUse: 1 };
  yield hostChecked(clock, 'queue.fal.run', true);
  yield hostChecked(clock, 'rest.fal.ai', false);
  yield badRun(goodRun(FREE, at(), 0.09), 'network_error');
  for (const seconds of [1.2, 1.9, 2.4]) {
    clock.advance(MINUTE);
    yield { kind: 'probe_run_started', at: at(), probe: IMAGE.name };
    yield {
      ...goodRun(IMAGE, at(), seconds),
      queueWait: { seconds: seconds / 4, certainty: 'inferred', boundSeconds: 0.5 },
      inference: { seconds: seconds / 2, certainty: 'exact' },
    };
    yield { kind: 'spend_booked', at: at(), probe: IMAGE.name, cost: nanoFromUsd(0.003), source: 'units' };
  }
  clock.advance(MINUTE);
  yield badRun(goodRun(IMAGE, at(), 0.4), 'runner_connection_refused');
  yield badRun(goodRun(IMAGE, at(), 45), 'client_timeout');
  yield { kind: 'spend_booked', at: at(), probe: IMAGE.name, cost: nanoFromUsd(0.05), source: 'worst_case' };
  yield badRun(goodRun(VIDEO, at(), 0.3), 'account_locked');
  yield { kind: 'account_lock_observed', at: at(), account, locked: true, reason: 'exhausted_balance' };
  yield { kind: 'probe_run_skipped', at: at(), probe: IMAGE.name, reason: 'locked' };
  yield { ...goodRun(VIDEO, at(), 3), outcome: 'cancelled' };
  yield { ...collectorRan(clock, 'balance', 5), ok: false, dataUntil: undefined, calls: 2 };
  yield* moneyStory(clock, { imageId: IMAGE_ID, videoId: VIDEO_ID, account });
  yield { ...collectorRan(clock, 'analytics', 0.5), dataUntil: at() - MINUTE };
  yield {
    kind: 'status_page_observed',
    at: at(),
    components: [{ name: 'Model APIs', state: 'partial_outage' }],
    incidents: [{ title: 'Elevated error rates', impact: 'major' }],
  };
  yield collectorRan(clock, 'status-page', 0.25);
}

function collectorRan(
  clock: HandClock,
  collector: CollectorName,
  durationSeconds: number,
): Extract<DomainEvent, { readonly kind: 'collector_ran' }> {
  const at = clock.now();
  return {
    ...{ kind: 'collector_ran', at, collector, ok: true, durationSeconds },
    ...{ intervalMs: 5 * MINUTE, dataUntil: at, calls: 1 },
  };
}

function hostChecked(clock: HandClock, host: string, up: boolean): DomainEvent {
  return { kind: 'host_checked', at: clock.now(), probe: FREE.name, host, up, durationSeconds: 0.0625 };
}

/** A store as a whole exporter fills it, after the story was told: the same to the last byte each time. */
export function tellStory(): { readonly store: MetricStore; readonly clock: HandClock } {
  const clock = new HandClock();
  const store = new MetricStore({ clock, ...STORY_CONFIG.series });
  recordExporter(store, { version: '1.2.3', nodeVersion: '24.21.0', isDemo: false, clock });
  recordRuntime(store, {
    startedAtSeconds: clock.now() / 1000,
    cpuSeconds: () => 1.5,
    residentBytes: () => 64 * 1024 * 1024,
    heapUsedBytes: () => 16 * 1024 * 1024,
    takeLoopLagP99Seconds: () => 0.002,
    openFds: () => Promise.resolve(undefined),
  });
  const record = createRecorder({ store, clock, config: STORY_CONFIG });
  for (const event of story(clock)) record(event);
  new VerdictSeries(store).show(STORY_CONFIG.account.name, [
    { endpointId: IMAGE_ID, verdict: 'model', confidence: 0.85 },
    { endpointId: VIDEO_ID, verdict: 'ok', confidence: 0.7 },
  ]);
  return { store, clock };
}
