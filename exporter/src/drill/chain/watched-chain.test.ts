import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import { describe, expect, it } from 'vitest';
import { failedDelivery, reachesSomebody } from './broken-link.ts';
import type { Labels } from './sighting.ts';
import { WatchedChain } from './watched-chain.ts';

const CONFIG = `
route: { receiver: fal-pagerduty }
receivers:
  - name: fal-pagerduty
    pagerduty_configs: [{ routing_key: <secret> }]
    slack_configs: [{}, {}]
  - name: fal-chat
  - name: empty
    webhook_configs: []
`;

const GOOD: Readonly<Record<string, unknown>> = {
  'http://p:9090/api/v1/rules?type=alert': {
    data: {
      groups: [
        {
          interval: 30,
          rules: [
            { name: 'FalAccountLocked', duration: 60, keepFiringFor: 120, labels: { severity: 'warning' } },
            { name: 'FalAccountLocked', duration: 90, labels: { severity: 'nonsense' } },
            { name: 'SomebodyElses', duration: 0 },
          ],
        },
      ],
    },
  },
  'http://p:9090/api/v1/alertmanagers': {
    data: { activeAlertmanagers: [{ url: 'http://a:9093/api/v2/alerts' }] },
  },
  'http://p:9090/api/v1/query?query=up': { data: { result: [{}] } },
  'http://p:9090/api/v1/alerts': {
    data: {
      alerts: [
        { labels: { alertname: 'FalAccountLocked', account: 'fire-drill' }, state: 'firing' },
        { labels: { alertname: 'FalAccountLocked', account: 'real' }, state: 'firing' },
        { labels: { alertname: 'FalBalanceLow', account: 'fire-drill' }, state: 'inactive' },
      ],
    },
  },
  'http://a:9093/api/v2/alerts': [
    {
      ...{ fingerprint: 'f1', labels: { alertname: 'FalAccountLocked', account: 'fire-drill' } },
      ...{ receivers: [{ name: 'fal-pagerduty' }], status: { inhibitedBy: [], silencedBy: ['s1'] } },
    },
    {
      ...{ fingerprint: 'f2', labels: { alertname: 'FalRequestsStuck', account: 'fire-drill' } },
      ...{ receivers: [{ name: 'fal-pagerduty' }], status: { inhibitedBy: ['f1', 'gone'], silencedBy: [] } },
    },
  ],
  'http://a:9093/api/v2/status': { config: { original: CONFIG } },
  'http://a:9093/metrics':
    'alertmanager_notifications_failed_total{integration="pagerduty",reason="other"} 2\nalertmanager_notifications_failed_total{integration="pagerduty",reason="clientError"} 1\nalertmanager_notifications_failed_total{integration="email"} 0\n',
};

interface Options {
  readonly answers?: Readonly<Record<string, unknown>>;
  readonly prometheus?: string;
  readonly seen?: { url: string; headers: Headers }[];
}

function chain({ answers = GOOD, prometheus = 'http://p:9090', seen = [] }: Options = {}): WatchedChain {
  const fetch: Fetch = (input, init) => {
    const { url } = new Request(input);
    seen.push({ url, headers: new Headers(init?.headers) });
    const answer = answers[url];
    if (answer === undefined)
      return Promise.reject(
        new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) }),
      );
    if (typeof answer === 'number') return Promise.resolve(new Response('', { status: answer }));
    return Promise.resolve(new Response(typeof answer === 'string' ? answer : JSON.stringify(answer)));
  };
  const isOurs = ({ account }: Labels): boolean => account === 'fire-drill';
  return new WatchedChain({ prometheus, alertmanager: 'http://a:9093/', fetch, isOurs, proofOfScrape: 'up' });
}

describe('the chain as Prometheus and Alertmanager tell it', () => {
  it('has the rules in force: the slowest of one name, and severities that exist', async () => {
    const { prometheus } = await chain().inspect();
    expect(prometheus).toMatchObject({
      ok: true,
      value: { alertmanagers: ['http://a:9093/api/v2/alerts'], isScraped: true },
    });
    expect(prometheus.ok && [...prometheus.value.rules]).toEqual([
      [
        'FalAccountLocked',
        { severity: 'critical', forSeconds: 90, keepFiringForSeconds: 600, evaluationSeconds: 30 },
      ],
    ]);
  });

  it('knows which receivers tell somebody', async () => {
    const { alertmanager } = await chain().inspect();
    const receivers = alertmanager.ok ? alertmanager.value.receivers : new Map<string, string[]>();
    expect([...receivers]).toEqual([
      ['fal-pagerduty', ['pagerduty', 'slack']],
      ['fal-chat', []],
      ['empty', []],
    ]);
    expect(reachesSomebody(['fal-chat', 'fal-pagerduty'], receivers)).toBe(true);
    expect(reachesSomebody(['fal-chat', 'empty'], receivers)).toBe(false);
    expect(reachesSomebody(['not in the file'], receivers)).toBe(true);
    expect(reachesSomebody([], receivers)).toBe(false);
  });

  it('sees its own alerts only, and names what holds one back', async () => {
    const { prometheus, alertmanager } = await chain().look();
    expect(prometheus).toMatchObject({ ok: true, value: [{ alert: 'FalAccountLocked', state: 'firing' }] });
    expect(prometheus.ok && prometheus.value).toHaveLength(1);
    expect(alertmanager).toMatchObject({
      value: [
        { silencedBy: ['s1'] },
        { alert: 'FalRequestsStuck', inhibitedBy: ['FalAccountLocked', 'gone'] },
      ],
    });
  });

  it('counts failed deliveries by integration, and blames those that grew', async () => {
    expect(await chain().failedDeliveries()).toEqual({ ok: true, value: { pagerduty: 3, email: 0 } });
    expect(failedDelivery({ pagerduty: 3 }, { pagerduty: 3, email: 0 })).toBeUndefined();
    expect(failedDelivery({}, { email: 1 })?.text).toContain('email');
  });

  it('says of a server that is not there, is another one, or refuses, and never rejects', async () => {
    expect(await chain({ answers: {} }).look()).toEqual({
      prometheus: { ok: false, reason: 'http://p:9090 does not answer (ECONNREFUSED)' },
      alertmanager: { ok: false, reason: 'http://a:9093 does not answer (ECONNREFUSED)' },
    });
    const odd = { 'http://p:9090/api/v1/alerts': '<html>', 'http://a:9093/api/v2/alerts': 401 };
    expect(await chain({ answers: odd }).look()).toMatchObject({
      prometheus: { ok: false, reason: expect.stringContaining('something else than JSON') as string },
      alertmanager: { ok: false, reason: expect.stringContaining('HTTP 401') as string },
    });
    const strange = { 'http://p:9090/api/v1/alerts': { data: 5 }, 'http://a:9093/api/v2/alerts': {} };
    expect(await chain({ answers: strange }).look()).toMatchObject({
      prometheus: { ok: false },
      alertmanager: { ok: false },
    });
  });

  it('takes a login from the address, and shows it nowhere', async () => {
    const seen: { url: string; headers: Headers }[] = [];
    const own = chain({ answers: {}, prometheus: 'http://me:s%3Acret@p:9090', seen });
    expect(JSON.stringify(await own.look())).not.toContain('cret');
    expect(seen[0]?.url).toBe('http://p:9090/api/v1/alerts');
    expect(seen[0]?.headers.get('authorization')).toBe(
      `Basic ${Buffer.from('me:s:cret').toString('base64')}`,
    );
  });
});
