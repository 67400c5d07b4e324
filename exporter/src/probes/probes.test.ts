import {
  type Job,
  type Simulator,
  createSimulator,
  defaultWorld,
  trueInferenceMs,
  trueQueueWaitMs,
} from 'fal-simulator';
import { FAKE_API_KEY } from 'fal-simulator';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import { sleep, systemClock } from '../domain/clock.ts';
import type { DomainEvent, ProbeTier } from '../domain/events.ts';
import type { Probe, ProbeRunResult } from './probe.ts';
import { type BuiltProbe, createProbes, rebuildProbes } from './registry.ts';
import type { ProbeConfig } from '../config/config.ts';
import { testConfig } from '../config/test-config.ts';

const ENDPOINT = 'fal-ai/flux/dev';

interface Rig {
  readonly simulator: Simulator;
  readonly events: DomainEvent[];
  readonly submitted: string[];
  /** Runs the probe and moves time on until it is done. */
  readonly run: (signal?: AbortSignal) => Promise<ProbeRunResult>;
  readonly onlyJob: () => Job;
}

/** The real client, the simulator as a function, and fake timers for both: nothing waits in real time. */
function rig(tier: ProbeTier, scenario = 'healthy', timeoutMs = 60_000, latencyMs = 0): Rig {
  const simulator = createSimulator({ seed: 7, world: defaultWorld() });
  simulator.applyScenario(scenario);
  const input = { prompt: 'status probe' };
  const config = testConfig({
    probes: [
      {
        name: 'p',
        tier,
        endpointId: tier === 'free' ? undefined : ENDPOINT,
        intervalMs: 300_000,
        timeoutMs,
        input,
      },
    ],
  });
  const fetch: Fetch = async (input, init) => {
    if (latencyMs > 0) await sleep(systemClock, latencyMs);
    return simulator.fetch(input, init);
  };
  const access = { clock: systemClock, fetch, falKey: () => FAKE_API_KEY };
  const [probe] = createProbes({ config, access, randomUuid: () => '00000000-0000-4000-8000-000000000000' });
  const events: DomainEvent[] = [];
  const submitted: string[] = [];
  open.push(simulator);
  return {
    simulator,
    events,
    submitted,
    run: (signal = new AbortController().signal) => finish(probe, signal, events, submitted),
    onlyJob: () => {
      expect(simulator.ledger.jobs).toHaveLength(1);
      return simulator.ledger.jobs[0]!;
    },
  };
}

async function finish(
  probe: Probe | undefined,
  signal: AbortSignal,
  events: DomainEvent[],
  submitted: string[],
): Promise<ProbeRunResult> {
  if (probe === undefined) throw new Error('no probe was built');
  let result: ProbeRunResult | undefined;
  const running = probe.run({ signal, emit: (e) => events.push(e), onSubmitted: (id) => submitted.push(id) });
  void running.then((r) => (result = r));
  for (let second = 0; second < 1200 && result === undefined; second += 1)
    await vi.advanceTimersByTimeAsync(500);
  return running;
}

const open: Simulator[] = [];
beforeEach(() =>
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  }),
);
afterEach(() => {
  for (const simulator of open.splice(0)) simulator.close();
  vi.useRealTimers();
});

describe('an inference probe', () => {
  it('measures what really happened', async () => {
    const { run, onlyJob, events, submitted, simulator } = rig('inference');
    const { finished, billing } = await run();
    const job = onlyJob();
    expect(finished).toMatchObject({
      outcome: 'ok',
      error: undefined,
      platformRetries: 0,
      requestId: job.requestId,
    });
    expect(finished.inference?.seconds).toBeCloseTo((trueInferenceMs(job) ?? NaN) / 1000, 2);
    const bound = (finished.queueWait?.boundSeconds ?? 0) + 0.05;
    expect(
      Math.abs((finished.queueWait?.seconds ?? NaN) - (trueQueueWaitMs(job) ?? NaN) / 1000),
    ).toBeLessThanOrEqual(bound);
    expect(finished.durationSeconds).toBeGreaterThan(finished.inference?.seconds ?? NaN);
    expect(billing).toEqual({ kind: 'units', header: String(job.billableUnits) });
    expect(submitted).toEqual([job.requestId]);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'account_lock_observed', locked: false }));
    expect(simulator.ledger.exchanges.every(({ host }) => host === 'queue.fal.run')).toBe(true);
  });

  it('asks fal to use no fallback and to keep no payload', async () => {
    const { simulator } = rig('inference');
    const seen: Headers[] = [];
    const fetch = (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
      seen.push(new Headers(init?.headers));
      return simulator.fetch(input, init);
    };
    const config = testConfig({
      probes: [
        {
          name: 'p',
          tier: 'inference',
          endpointId: ENDPOINT,
          intervalMs: 1,
          timeoutMs: 60_000,
          input: { prompt: 'x' },
        },
      ],
    });
    const [probe] = createProbes({
      config,
      access: { clock: systemClock, fetch, falKey: () => FAKE_API_KEY },
      randomUuid: () => 'u',
    });
    await finish(probe, new AbortController().signal, [], []);
    expect(seen[0]?.get('x-app-fal-disable-fallback')).toBe('1');
    expect(seen[0]?.get('x-fal-store-io')).toBe('0');
  });

  it.each([
    ['outage', 'platform'],
    ['runner-disconnected', 'platform'],
    ['generation-timeout', 'model'],
    ['downstream-unavailable', 'model'],
    ['ingress-html-502', 'platform'],
    ['content-policy', 'app'],
    ['key-revoked', 'account'],
    ['locked-with-balance', 'account'],
  ])('under %s puts the fault on the %s', async (scenario, fault) => {
    const { finished } = await rig('inference', scenario).run();
    expect(finished.error?.fault).toBe(fault);
    expect(finished.outcome).not.toBe('ok');
  });

  it.each([['malformed-json'], ['null-body'], ['truncated-body'], ['wrong-content-type'], ['huge-body']])(
    'under %s ends in time with a word for it',
    async (scenario) => {
      const { finished } = await rig('inference', scenario).run();
      expect(finished.durationSeconds).toBeLessThanOrEqual(61);
      expect(finished.error?.type).toMatch(
        /^(invalid_json|unexpected_content_type|invalid_output|network_error)$/,
      );
    },
  );

  it.each([['hang'], ['slow-loris'], ['stuck-in-progress'], ['queue-stall']])(
    'under %s gives up at its own deadline',
    async (scenario) => {
      const { finished, billing } = await rig('inference', scenario).run();
      expect(finished).toMatchObject({
        outcome: 'timeout',
        error: { type: 'client_timeout', fault: 'unknown' },
      });
      expect(finished.durationSeconds).toBeGreaterThanOrEqual(29.9);
      expect(finished.durationSeconds).toBeLessThanOrEqual(61);
      expect(billing).toEqual({ kind: 'unknown' });
    },
  );

  it('cancels the job that it gives up on', async () => {
    const { run, simulator } = rig('inference', 'stuck-in-progress');
    await run();
    expect(simulator.ledger.exchanges.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  it('never sends a second submit after a broken connection, and counts the job as billed', async () => {
    const { run, simulator } = rig('inference', 'reset-after-submit');
    const { finished, billing } = await run();
    expect(simulator.ledger.jobs).toHaveLength(1);
    expect(finished).toMatchObject({ outcome: 'error', error: { type: 'network_error' } });
    expect(billing).toEqual({ kind: 'unknown' });
  });

  it.each([
    ['ENOTFOUND', 'none', 4],
    ['ECONNREFUSED', 'none', 4],
    ['ECONNRESET', 'unknown', 1],
    ['UND_ERR_SOCKET', 'unknown', 1],
  ])('after %s counts the run as billed: %s, after %i attempts', async (code, billed, attempts) => {
    const failure = new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
    const access = { clock: systemClock, fetch: () => Promise.reject(failure), falKey: () => FAKE_API_KEY };
    const base = { name: 'p', endpointId: ENDPOINT, intervalMs: 1, timeoutMs: 60_000, input: {} };
    const config = testConfig({ probes: [{ ...base, tier: 'inference' }] });
    const [probe] = createProbes({ config, access, randomUuid: () => 'u' });
    const { finished, billing } = await finish(probe, new AbortController().signal, [], []);
    expect(billing).toEqual({ kind: billed });
    expect(finished).toMatchObject({
      attempts,
      error: { type: 'network_error', text: expect.stringContaining(code) as string },
    });
  });

  it('counts as billed a submit that hangs until the whole run is over', async () => {
    const { finished, billing } = await rig('inference', 'hang', 10_000).run();
    expect(finished).toMatchObject({ outcome: 'timeout', durationSeconds: 10 });
    expect(billing).toEqual({ kind: 'unknown' });
  });

  it.each([
    ['huge-body', 'unknown'],
    ['no-media-generated', 'unknown'],
    ['runner-disconnected', 'none'],
    ['downstream-unavailable', 'none'],
  ])('under %s knows the cost as %s: only an end with a 5xx is free', async (scenario, kind) => {
    expect((await rig('inference', scenario).run()).billing.kind).toBe(kind);
  });

  it('names the reason of a lock and costs nothing', async () => {
    const { run, events } = rig('inference', 'locked-with-balance');
    const { billing } = await run();
    expect(events).toContainEqual(expect.objectContaining({ kind: 'account_lock_observed', locked: true }));
    expect(billing).toEqual({ kind: 'none' });
  });

  it('counts jobs that fal put back into the queue', async () => {
    const { run, onlyJob } = rig('inference', 'platform-retries', 300_000);
    const { finished } = await run();
    expect(onlyJob().runs.length).toBeGreaterThan(1);
    expect(finished.platformRetries).toBeGreaterThan(0);
    expect(finished.platformRetries).toBeLessThanOrEqual(onlyJob().runs.length - 1);
  });

  it('stops at once when the exporter stops, and leaves no job behind', async () => {
    const stop = new AbortController();
    const { run, simulator } = rig('inference', 'stuck-in-progress');
    const running = run(stop.signal);
    await vi.advanceTimersByTimeAsync(2_000);
    stop.abort(new DOMException('stopping', 'AbortError'));
    const { finished } = await running;
    expect(finished).toMatchObject({ outcome: 'cancelled', error: undefined });
    expect(simulator.ledger.exchanges.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });
});

describe('a queue probe', () => {
  it('submits, looks, cancels, and costs nothing', async () => {
    const { run, onlyJob } = rig('queue', 'queue-stall');
    const { finished, billing } = await run();
    expect(finished).toMatchObject({ outcome: 'ok' });
    expect(onlyJob()).toMatchObject({ outcome: 'cancelled' });
    expect(billing).toEqual({ kind: 'none' });
  });

  it('counts the units when a runner was faster than the cancel', async () => {
    const { run, onlyJob } = rig('queue', 'skipped-states');
    const { finished, billing } = await run();
    expect(finished.outcome).toBe('ok');
    expect(onlyJob().outcome).toBe('ok');
    expect(billing).toMatchObject({ kind: 'units' });
  });

  it('counts as billed what may still run', async () => {
    const { run, onlyJob } = rig('queue', 'stuck-in-progress', 60_000, 2_000);
    const { billing } = await run();
    expect(onlyJob().runs).toHaveLength(1);
    expect(billing).toEqual({ kind: 'unknown' });
  });
});

describe('a reload', () => {
  const named = (name: string, intervalMs: number): ProbeConfig => ({
    ...{
      name,
      tier: 'inference',
      endpointId: ENDPOINT,
      intervalMs,
      timeoutMs: 1_000,
      input: { prompt: name },
    },
  });

  it('keeps the probes that did not change and builds the others anew', () => {
    const access = { clock: systemClock, fetch, falKey: () => FAKE_API_KEY };
    const build = (probes: ProbeConfig[], before: BuiltProbe[]): BuiltProbe[] =>
      rebuildProbes({ config: testConfig({ probes }), access, randomUuid: () => 'u' }, before);
    const before = build([named('a', 1), named('b', 1)], []);
    const after = build([named('b', 2), named('a', 1), named('c', 1)], before);
    expect(after.map(({ probe }) => probe.name)).toEqual(['b', 'a', 'c']);
    expect(after[1]?.probe).toBe(before[0]?.probe);
    expect(after[0]?.probe).not.toBe(before[1]?.probe);
  });
});

describe('a free probe', () => {
  it('reaches every host and runs nothing', async () => {
    const { run, events, simulator } = rig('free');
    const { finished, billing } = await run();
    expect(finished.outcome).toBe('ok');
    expect(billing).toEqual({ kind: 'none' });
    expect(simulator.ledger.jobs).toHaveLength(0);
    const hosts = events.filter((e) => e.kind === 'host_checked');
    expect(hosts.map(({ host, up }) => `${host} ${String(up)}`).sort()).toEqual([
      'api.fal.ai true',
      'fal.run true',
      'queue.fal.run true',
      'rest.fal.ai true',
    ]);
  });

  it.each([
    ['host-down-run', 'fal.run'],
    ['host-down-queue', 'queue.fal.run'],
    ['host-down-rest', 'rest.fal.ai'],
    ['host-down-platform', 'api.fal.ai'],
  ])('under %s sees only %s down', async (scenario, host) => {
    const { run, events } = rig('free', scenario);
    const { finished } = await run();
    expect(finished.outcome).not.toBe('ok');
    const down = events.filter((e) => e.kind === 'host_checked').filter(({ up }) => !up);
    expect(down.map((e) => e.host)).toEqual([host]);
  });

  it('tells a rejected key from a host that is down', async () => {
    const { run, events } = rig('free', 'key-revoked');
    const { finished } = await run();
    expect(finished.error).toMatchObject({ type: 'unauthorized', fault: 'account' });
    expect(events.filter((e) => e.kind === 'host_checked').every(({ up }) => up)).toBe(true);
  });

  it('sees a lock where reads are refused too, and its end, but claims no end that it cannot know', async () => {
    const { run, events, simulator } = rig('free', 'locked-reads-too');
    const lockStates = (): boolean[] =>
      events.flatMap((e) => (e.kind === 'account_lock_observed' ? [e.locked] : []));
    await run();
    expect(lockStates()).toEqual([true]);
    simulator.applyScenario('healthy');
    await run();
    await run();
    expect(lockStates()).toEqual([true, false]);
  });

  it('answers a hang with its own deadline', async () => {
    const { finished } = await rig('free', 'hang', 10_000).run();
    expect(finished.outcome).toBe('timeout');
    expect(finished.durationSeconds).toBeLessThanOrEqual(10.1);
  });
});
