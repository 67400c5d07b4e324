import { describe, expect, test } from 'vitest';
import type { Mode } from './behaviour.ts';
import { PAGERDUTY_RATE_LIMIT } from './rate-limit.ts';
import { PagerDutyService, type Answer, type ServiceOptions } from './service.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const OTHER_KEY = 'fedcba9876543210fedcba9876543210';

const trigger = (change: object = {}): string =>
  JSON.stringify({
    routing_key: KEY,
    event_action: 'trigger',
    dedup_key: 'one',
    payload: { summary: 'it broke', source: 'fal', severity: 'critical' },
    ...change,
  });

function serviceWith(options: Partial<ServiceOptions> = {}): {
  service: PagerDutyService;
  send: (body?: string, contentType?: string) => Answer | 'hang' | 'reset';
} {
  const service = new PagerDutyService({ now: () => 0, ...options });
  return {
    service,
    send: (body = trigger(), contentType = 'application/json') => service.take({ contentType, body }),
  };
}

const statusOf = (answer: Answer | 'hang' | 'reset'): unknown =>
  typeof answer === 'string' ? answer : answer.status;

describe('answers', () => {
  test('202 with the dedup key to an event in order', () => {
    expect(serviceWith().send()).toEqual({
      status: 202,
      body: { status: 'success', message: 'Event processed', dedup_key: 'one' },
    });
  });

  test('a dedup key of its own to a trigger without one, another each time', () => {
    const { service, send } = serviceWith();
    const keys = [1, 2].map(() => {
      const answer = send(trigger({ dedup_key: undefined })) as Answer;
      return (answer.body as { dedup_key: string }).dedup_key;
    });
    expect(new Set(keys).size).toBe(2);
    expect(service.incidents().map(({ dedupKey }) => dedupKey)).toEqual(keys);
  });

  test('400 with every problem to an event that is not in order', () => {
    expect(
      serviceWith().send(trigger({ payload: { summary: '', source: '', severity: 'critical' } })),
    ).toEqual({
      status: 400,
      body: {
        status: 'invalid event',
        message: 'Event object is invalid',
        errors: ["'payload.summary' is missing or blank", "'payload.source' is missing or blank"],
      },
    });
  });

  test.each([
    ['what is not JSON', 'trigger=1', 'application/json', 'JSON parse error'],
    [
      'JSON that does not say so',
      trigger(),
      'text/plain',
      'Content-Type is not application/json but text/plain',
    ],
  ])('400 to %s', (_, body, contentType, reason) => {
    expect(serviceWith().send(body, contentType)).toEqual({
      status: 400,
      body: {
        status: 'Unrecognized object',
        message: 'Event object format is unrecognized',
        errors: [reason],
      },
    });
  });

  test('400 to a body that was longer than 512 KB', () => {
    const { service } = serviceWith();
    expect(statusOf(service.take({ contentType: 'application/json', body: undefined }))).toBe(400);
    expect(service.requests()[0]?.reasons).toEqual(['Event exceeds the maximum size of 512 KB']);
  });

  test('400 to the key of an integration that does not exist', () => {
    const { service, send } = serviceWith({ routingKeys: [OTHER_KEY] });
    expect(statusOf(send())).toBe(400);
    expect(service.requests()[0]?.reasons).toEqual(['Invalid routing key']);
    expect(statusOf(send(trigger({ routing_key: OTHER_KEY })))).toBe(202);
  });
});

describe('a mode', () => {
  test.each<[Mode, unknown]>([
    ['bad-request', 400],
    ['rate-limited', 429],
    ['server-error', 500],
    ['hang', 'hang'],
    ['reset', 'reset'],
  ])('%s holds for so many requests, opens nothing, and is in the ledger', (mode, expected) => {
    const { service, send } = serviceWith();
    service.behaviour.set(mode, 2);
    expect([send(), send(), send()].map(statusOf)).toEqual([expected, expected, 202]);
    expect(service.requests().map((request) => [request.mode, request.accepted])).toEqual([
      [mode, false],
      [mode, false],
      ['ok', true],
    ]);
    expect(service.incidents()).toMatchObject([{ triggers: 1 }]);
  });

  test('holds until it is switched when no number is given', () => {
    const { service, send } = serviceWith();
    service.behaviour.set('server-error');
    expect([send(), send(), send()].map(statusOf)).toEqual([500, 500, 500]);
    service.behaviour.set('ok');
    expect(statusOf(send())).toBe(202);
  });

  test('in which everything fails still refuses what is not in order, for good', () => {
    const { service, send } = serviceWith();
    service.behaviour.set('server-error');
    expect(statusOf(send('{'))).toBe(400);
  });

  test.each([0, -1, 1.5, NaN])('for %d requests is refused', (times) => {
    expect(() => serviceWith().service.behaviour.set('hang', times)).toThrow('a whole number above 0');
  });
});

describe('the rate limit', () => {
  test('admits 120 calls in any 60 seconds per key, and what it refuses does not count', () => {
    let now = 0;
    const { send } = serviceWith({ rateLimit: PAGERDUTY_RATE_LIMIT, now: () => now });
    const burst = (count: number, key = KEY): unknown[] =>
      Array.from({ length: count }, () => statusOf(send(trigger({ routing_key: key }))));
    const admitted = (statuses: unknown[]): number => statuses.filter((status) => status === 202).length;
    expect(admitted(burst(60))).toBe(60);
    now = 30_000;
    expect(admitted(burst(100))).toBe(60);
    expect(admitted(burst(1, OTHER_KEY))).toBe(1);
    now = 59_999;
    expect(burst(1)).toEqual([429]);
    now = 60_000;
    expect(admitted(burst(100))).toBe(60);
  });

  test('does not exist unless asked for', () => {
    const { send } = serviceWith();
    expect(Array.from({ length: 500 }, () => statusOf(send())).every((status) => status === 202)).toBe(true);
  });
});

test('the routing key is nowhere in the ledger', () => {
  const { service, send } = serviceWith();
  send();
  send(trigger({ payload: {} }));
  expect(JSON.stringify([service.requests(), service.incidents()])).not.toContain(KEY);
});

test('a reset forgets requests, incidents and the rate limit, and leaves the mode', () => {
  const { service, send } = serviceWith({ rateLimit: { calls: 1, perMs: 1_000 } });
  send();
  service.behaviour.set('server-error');
  service.reset();
  expect([service.requests(), service.incidents()]).toEqual([[], []]);
  expect(service.behaviour.mode).toBe('server-error');
  service.behaviour.set('ok');
  expect(statusOf(send())).toBe(202);
});
