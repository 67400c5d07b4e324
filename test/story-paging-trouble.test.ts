import { afterEach, describe, expect, test } from 'vitest';
import { shippedAlertmanagerConfig } from './alertmanager.ts';
import { withReceiversOf } from './alertmanager-config.ts';
import { startHttpSink } from './http-sink.ts';
import { alertOf, CANARY_KEY, startPaging, type Paging, type PagingOptions } from './paging.ts';
import type { Mode } from './pagerduty/behaviour.ts';
import { waitUntil } from './wait-until.ts';

const ALERT = alertOf('FalErrorRateCritical');

const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});

async function paging(options?: PagingOptions): Promise<Paging> {
  const started = await startPaging(options);
  running.push(() => started.stop());
  return started;
}

const logged = (within: Paging, text: string): Promise<true> =>
  waitUntil(
    `Alertmanager logs: ${text}`,
    () => (within.alertmanager.log().includes(text) ? (true as const) : undefined),
    { withinMs: 20_000, evidence: () => within.alertmanager.log() },
  );

/** What became of every attempt: the status, or the mode when there was no answer. */
const attempts = ({ pagerDuty }: Paging): unknown[] =>
  pagerDuty.requests().map(({ status, mode }) => status ?? mode);

describe('while PagerDuty', () => {
  test.each<[string, Mode, number, unknown[]]>([
    ['has enough calls (429)', 'rate-limited', 3, [429, 429, 429, 202]],
    ['has an error of its own (500)', 'server-error', 3, [500, 500, 500, 202]],
    ['cuts connections', 'reset', 2, ['reset', 'reset', 202]],
  ])(
    '%s it is tried again within seconds, and one page and one resolve arrive',
    async (_, mode, times, tried) => {
      const our = await paging();
      our.pagerDuty.setMode(mode, times);
      await our.fire(ALERT);
      await our.incidents(1);
      expect(attempts(our)).toEqual(tried);
      await our.resolve(ALERT);
      expect(await our.resolved(1)).toMatchObject([{ triggers: 1 }]);
      expect(our.accepted('resolve')).toHaveLength(1);
    },
  );

  test('takes a call and never answers, Alertmanager gives up after ten seconds and tries again', async () => {
    const our = await paging();
    our.pagerDuty.setMode('hang', 1);
    await our.fire(ALERT);
    const [incident] = await our.incidents(1, 40_000);
    const [hung] = our.pagerDuty.requests();
    const waited = (incident?.openedAt ?? 0) - (hung?.at ?? 0);
    expect(attempts(our)).toEqual(['hang', 202]);
    // 10 s is Alertmanager's shortest deadline for a notification, and then the next group_interval has to come.
    expect(waited).toBeGreaterThanOrEqual(9_500);
    expect(waited).toBeLessThan(15_000);
    await our.resolve(ALERT);
    expect(await our.resolved(1)).toMatchObject([{ triggers: 1 }]);
  });

  test('refuses an event (400) it is logged with the reason, and sent again only a group_interval later', async () => {
    // A group_interval of a minute becomes 1 s: longer than any pause between two attempts of one notification.
    const our = await paging({ speedUp: 60 });
    our.pagerDuty.setMode('bad-request', 1);
    await our.fire(ALERT);
    await our.incidents(1);
    const [refused, accepted] = our.pagerDuty.requests();
    expect(attempts(our)).toEqual([400, 202]);
    expect((accepted?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThan(800);
    await logged(our, 'Event object is invalid: refused on demand');
  });

  test('admits fewer calls than there are incidents, every one of them gets through, each once', async () => {
    const our = await paging({ pagerDuty: { rateLimit: { calls: 10, perMs: 1_000 } } });
    const storm = Array.from({ length: 30 }, (_, index) =>
      alertOf('FalErrorRateCritical', { endpoint_id: `fal-ai/model-${index}` }),
    );
    await our.fire(...storm);
    const incidents = await our.incidents(storm.length);
    expect(attempts(our)).toContain(429);
    expect(incidents.map(({ triggers }) => triggers)).toEqual(storm.map(() => 1));
    expect(new Set(incidents.map(({ payload }) => payload.source)).size).toBe(storm.length);
  });
});

describe('when Alertmanager is started anew in the middle of an incident', () => {
  test('after a SIGTERM it does not page again, and resolves what it opened before', async () => {
    const our = await paging();
    await our.fire(ALERT);
    await our.incidents(1);
    await our.alertmanager.restart('SIGTERM');
    // Prometheus posts what fires once a minute, to whatever Alertmanager there is.
    await our.fire(ALERT, alertOf('FalRequestsStuck', { account: 'later' }));
    // The other one came through the same wait; a second page would be there by now.
    await our.incidents(2);
    await our.resolve(ALERT);
    const [first] = await our.resolved(1);
    expect(first).toMatchObject({ state: 'resolved', triggers: 1 });
    expect(our.accepted('resolve')).toHaveLength(1);
  });

  test('after a SIGKILL the page is repeated under the same key, so that PagerDuty rings once', async () => {
    const our = await paging();
    await our.fire(ALERT);
    await our.incidents(1);
    await our.alertmanager.restart('SIGKILL');
    await our.fire(ALERT);
    await waitUntil('the page is repeated', () => (our.accepted('trigger').length === 2 ? true : undefined), {
      withinMs: 20_000,
    });
    await our.resolve(ALERT);
    expect(await our.resolved(1)).toMatchObject([{ state: 'resolved', triggers: 2 }]);
    expect(our.accepted('resolve')).toHaveLength(1);
  });
});

test('an incident that was open before its cause is resolved after it, when Prometheus says once more that it is over', async () => {
  const our = await paging();
  const [early, cause] = [
    alertOf('FalErrorRateHigh', { severity: 'warning' }),
    alertOf('FalErrorRateCritical'),
  ];
  await our.fire(early);
  await our.incidents(1);
  await our.fire(cause);
  await our.incidents(2);
  await our.resolve(early);
  await our.resolve(cause);
  await our.resolved(1);
  await our.resolve(early);
  expect(await our.resolved(2)).toMatchObject([
    { triggers: 1, payload: { class: 'FalErrorRateHigh' } },
    { triggers: 1, payload: { class: 'FalErrorRateCritical' } },
  ]);
});

test('without any secret it starts, serves what needs none, and says which file to create; no restart is needed then', async () => {
  const sink = await startHttpSink();
  running.push(() => sink.stop());
  const example =
    'receivers: [{ name: fal-second-way, webhook_configs: [{ url: "https://tickets.example.com/x" }] }]';
  const our = await paging({
    secrets: {},
    config: withReceiversOf(shippedAlertmanagerConfig(), example),
    addresses: { 'https://tickets.example.com/x': `${sink.url}/x` },
  });
  await our.fire(alertOf('FalAlertDeliveryFailing', { scope: 'meta', endpoint_id: '' }), ALERT);
  await logged(
    our,
    `failed to read routing key from file: open ${our.alertmanager.folder}/secrets/pagerduty_routing_key`,
  );
  await waitUntil('the webhook gets it', () => (sink.deliveries.length > 0 ? true : undefined), {
    withinMs: 20_000,
  });
  expect(our.pagerDuty.requests()).toEqual([]);
  our.alertmanager.writeSecret('pagerduty_routing_key', CANARY_KEY);
  expect((await our.incidents(2)).map(({ payload }) => payload.class).sort()).toEqual([
    'FalAlertDeliveryFailing',
    'FalErrorRateCritical',
  ]);
});

test('the key is in no log and on no page, not even when PagerDuty refuses it', async () => {
  const our = await paging({ pagerDuty: { routingKeys: ['x'.repeat(32)] }, flags: ['--log.level=debug'] });
  await our.fire(ALERT);
  await logged(our, 'Invalid routing key');
  const pages = [
    '/',
    '/metrics',
    '/api/v2/status',
    '/api/v2/receivers',
    '/api/v2/alerts',
    '/api/v2/alerts/groups',
  ];
  const texts = await Promise.all(pages.map((page) => our.alertmanager.read(page)));
  expect(texts[2]).toContain('routing_key_file');
  for (const text of [...texts, our.alertmanager.log()]) expect(text).not.toContain(CANARY_KEY);
});
