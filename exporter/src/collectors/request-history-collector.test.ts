import { describe, expect, it } from 'vitest';
import type { CollectorConfig } from '../config/config.ts';
import type { RunningRequests } from '../domain/events.ts';
import { PlatformError } from '../fal/platform.ts';
import type { Collector } from './collector.ts';
import { FailedRequests } from './failed-requests.ts';
import { createRequestHistoryCollector } from './request-history-collector.ts';
import { EVERY_MINUTE, FLUX, SCHNELL, TestFal, idsOf, notFound, platformAnswer } from './test-fal.ts';

const MINUTE_MS = 60_000;
const STRANGER = 'acme/never/heard-of';

function history(
  fal: TestFal,
  endpointIds: readonly string[] = [FLUX, SCHNELL],
  config: CollectorConfig = EVERY_MINUTE,
): { collector: Collector; failed: FailedRequests } {
  const failed = new FailedRequests(fal.clock);
  const endpoints = endpointIds.map((id) => ({ id, latencyLimitSeconds: 60 }));
  const options = { access: fal.access, config, account: 'default', endpoints, failed };
  return { collector: createRequestHistoryCollector(options), failed };
}

async function read(fal: TestFal, collector: Collector): Promise<readonly RunningRequests[] | undefined> {
  fal.forget();
  await fal.collect(collector);
  const [event, ...others] = fal.told('request_history_observed');
  expect(others).toEqual([]);
  return event?.endpoints;
}

interface Row {
  readonly id?: string;
  readonly endpointId?: string;
  /** Minutes ago. */
  readonly started: number;
  readonly ended?: number;
  readonly status?: number;
}

let serial = 0;
function item(
  fal: TestFal,
  { id, endpointId = FLUX, started, ended, status = 200 }: Row,
): Record<string, unknown> {
  const at = (minutes: number): string => new Date(fal.clock.now() - minutes * MINUTE_MS).toISOString();
  serial += 1;
  return {
    ...{
      request_id: id ?? `r${serial}`,
      endpoint_id: endpointId,
      sent_at: at(started),
      started_at: at(started),
    },
    ended_at: ended === undefined ? null : at(ended),
    status_code: ended === undefined ? null : status,
    ...{ duration: null, json_input: { prompt: 'SECRET' } },
  };
}

function page(items: readonly unknown[], next?: string): Response {
  return platformAnswer(200, { items, next_cursor: next ?? null, has_more: next !== undefined });
}

describe('the request history collector', () => {
  it('tells of every model, also of those where nothing runs', async () => {
    const fal = new TestFal();
    await fal.run(FLUX, 2);
    expect(await read(fal, history(fal).collector)).toEqual([
      { endpointId: FLUX, running: 0, stuck: 0, oldestSeconds: undefined, stuckIds: [] },
      { endpointId: SCHNELL, running: 0, stuck: 0, oldestSeconds: undefined, stuckIds: [] },
    ]);
  });

  it('sees what runs, and what is stuck by the ledger, with its ids', async () => {
    const fal = new TestFal('stuck-in-progress');
    await fal.enqueue(FLUX);
    await fal.enqueue(FLUX);
    await fal.clock.advance(5 * MINUTE_MS);
    const { collector } = history(fal);
    expect(await read(fal, collector)).toMatchObject([
      { endpointId: FLUX, running: 2, stuck: 0 },
      { endpointId: SCHNELL, running: 0 },
    ]);
    await fal.clock.advance(12 * MINUTE_MS);
    const [flux] = (await read(fal, collector)) ?? [];
    const started = fal.simulator.ledger.jobs.map(({ runs }) => runs[0]?.startedAt ?? NaN);
    expect(flux).toMatchObject({ running: 2, stuck: 2 });
    expect(flux?.oldestSeconds).toBe((fal.clock.now() - Math.min(...started)) / 1000);
    expect(flux?.stuckIds.toSorted()).toEqual(
      fal.simulator.ledger.jobs.map(({ requestId }) => requestId).toSorted(),
    );
  });

  it('remembers the ids of failures, and nothing that a user wrote', async () => {
    const fal = new TestFal('runner-disconnected');
    await fal.run(FLUX, 3);
    const { collector, failed } = history(fal);
    fal.simulator.applyScenario('healthy');
    await fal.run(FLUX, 2);
    await fal.clock.advance(MINUTE_MS);
    await read(fal, collector);
    const truth = fal.simulator.ledger.jobs.filter(({ outcome }) => outcome === 'error');
    expect(failed.between(0, Infinity).toSorted()).toEqual(
      truth.map(({ requestId }) => requestId).toSorted(),
    );
    expect(truth).toHaveLength(3);
    fal.answer = () => page([item(fal, { started: 2, ended: 1, status: 500 })]);
    await read(fal, collector);
    expect(JSON.stringify([fal.events, failed.between(0, Infinity)])).not.toContain('SECRET');
  });

  it('never asks for payloads', async () => {
    const fal = new TestFal();
    await read(fal, history(fal).collector);
    expect(fal.asked[0]?.searchParams.has('expand')).toBe(false);
    expect(fal.asked[0]?.searchParams.get('limit')).toBe('100');
  });

  it('follows the pages to the end', async () => {
    const fal = new TestFal();
    for (let request = 0; request < 230; request += 1) await fal.enqueue(SCHNELL);
    await fal.clock.advance(10 * MINUTE_MS);
    await fal.run(FLUX, 1);
    expect(await read(fal, history(fal).collector)).toMatchObject([{ running: 0 }, { running: 0 }]);
    expect(fal.asked.length).toBe(3);
  });

  it('counts a request once that slips to the next page while it ends', async () => {
    const fal = new TestFal();
    const ended = item(fal, { id: 'x', started: 5, ended: 1 });
    const running = { ...ended, ended_at: null, status_code: null };
    fal.answer = (url) => (url.searchParams.has('cursor') ? page([running]) : page([ended], 'two'));
    expect(await read(fal, history(fal).collector)).toMatchObject([{ running: 0 }, { running: 0 }]);
    fal.answer = (url) => (url.searchParams.has('cursor') ? page([ended]) : page([running], 'two'));
    expect(await read(fal, history(fal).collector)).toMatchObject([{ running: 0 }, { running: 0 }]);
  });

  it('keeps to its share of the calls of an hour', async () => {
    const fal = new TestFal();
    fal.answer = () => page([item(fal, { started: 2, ended: 1 })], String(fal.asked.length));
    for (const [callsPerHour, pages] of [
      [240, 4],
      [60, 1],
      [10, 1],
      [100_000, 10],
    ] as const) {
      await read(fal, history(fal, [FLUX], { ...EVERY_MINUTE, callsPerHour }).collector);
      expect(fal.asked).toHaveLength(pages);
    }
  });
});

describe('a reading that was cut', () => {
  const oneCall = { ...EVERY_MINUTE, callsPerHour: 60 };

  it('tells what runs at least, and leaves out who was not seen', async () => {
    const fal = new TestFal();
    fal.answer = () => page([item(fal, { started: 2 }), item(fal, { started: 3, ended: 2 })], 'two');
    const { collector } = history(fal, [FLUX, SCHNELL], oneCall);
    expect(await read(fal, collector)).toMatchObject([{ endpointId: FLUX, running: 1 }]);
  });

  it('tells nothing where nothing was seen to run', async () => {
    const fal = new TestFal();
    fal.answer = () => page([item(fal, { started: 3, ended: 2 })], 'two');
    expect(await read(fal, history(fal, [FLUX], oneCall).collector)).toBeUndefined();
  });

  it('is whole for what runs once fal has proved to list it first', async () => {
    const fal = new TestFal();
    const { collector } = history(fal, [FLUX, SCHNELL], oneCall);
    fal.answer = () => page([item(fal, { started: 9 }), item(fal, { started: 3, ended: 2 })], 'two');
    expect(await read(fal, collector)).toMatchObject([
      { endpointId: FLUX, running: 1 },
      { endpointId: SCHNELL, running: 0 },
    ]);
    fal.answer = () => page([item(fal, { started: 3, ended: 2 })], 'two');
    expect(await read(fal, collector)).toMatchObject([{ running: 0 }, { running: 0 }]);
  });

  it('keeps what it read when a later page fails', async () => {
    const fal = new TestFal();
    const bad = item(fal, { id: 'bad', started: 3, ended: 2, status: 500 });
    fal.answer = (url) =>
      url.searchParams.has('cursor')
        ? platformAnswer(500, {})
        : page([item(fal, { started: 2 }), bad], 'two');
    const { collector, failed } = history(fal, [FLUX]);
    await expect(fal.collect(collector)).rejects.toThrow(PlatformError);
    expect(fal.told('request_history_observed')[0]?.endpoints).toMatchObject([{ running: 1 }]);
    expect(failed.between(0, Infinity)).toEqual(['bad']);
  });

  it('keeps what it read when the calls are used up, and says so', async () => {
    const fal = new TestFal();
    fal.answer = () => page([item(fal, { started: 2 })], 'two');
    fal.calls = 1;
    await expect(fal.collect(history(fal, [FLUX]).collector)).rejects.toThrow('no calls left');
    expect(fal.told('request_history_observed')).toHaveLength(1);
  });
});

describe('the request history under faults', () => {
  it.each(['platform-hang', 'platform-rate-limited', 'host-down-platform', 'key-revoked'])(
    'learns nothing under %s',
    async (scenario) => {
      const fal = new TestFal(scenario);
      const { collector, failed } = history(fal);
      await expect(fal.collect(collector)).rejects.toThrow(PlatformError);
      expect(fal.events).toEqual([]);
      expect(failed.isFed).toBe(false);
    },
  );

  it('leaves out a model that fal does not know, and reads the others', async () => {
    const fal = new TestFal();
    fal.answer = (url) => (idsOf(url).includes(STRANGER) ? notFound() : undefined);
    const told = await read(fal, history(fal, [STRANGER, FLUX]).collector);
    expect(told).toMatchObject([{ endpointId: FLUX, running: 0 }]);
  });

  it.each<[string, unknown]>([
    ['a start that is no time', { started_at: 'soon' }],
    ['an end that is no time', { ended_at: 17 }],
    ['a status that is no number', { status_code: 'ok' }],
    ['no id', { request_id: null }],
    ['an id that would break a line', { request_id: 'a\nb' }],
  ])('learns nothing from %s', async (_name, parts) => {
    const fal = new TestFal();
    fal.answer = () => page([{ ...item(fal, { started: 2 }), ...(parts as object) }]);
    await expect(fal.collect(history(fal).collector)).rejects.toThrow(PlatformError);
    expect(fal.events).toEqual([]);
  });
});
