import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { shippedAlertmanagerConfig } from './alertmanager.ts';
import { SHIPPED_ALERTMANAGER_CONFIG, withReceiversOf } from './alertmanager-config.ts';
import type { PostedAlert } from './alertmanager-api.ts';
import { startHttpSink, type Delivery, type HttpSink } from './http-sink.ts';
import { alertOf, startPaging, type Paging, type PagingOptions } from './paging.ts';
import { startSmtpSink } from './smtp-sink.ts';
import { waitUntil } from './wait-until.ts';

const EXAMPLES = join(dirname(import.meta.dirname), dirname(SHIPPED_ALERTMANAGER_CONFIG), 'examples');
const INFO: PostedAlert = alertOf(
  'FalTimeouts',
  { severity: 'info' },
  {
    summary: 'One timeout of <fal-ai/flux/dev> & no more',
    description: 'generation_timeout',
    runbook_url: 'https://example.com/runbooks/FalTimeouts.md',
  },
);

let sink: HttpSink;
let paging: Paging | undefined;
beforeEach(async () => {
  sink = await startHttpSink();
});
afterEach(async () => {
  await paging?.stop();
  paging = undefined;
  await sink.stop();
});

/** The shipped configuration with the receivers of an example. */
async function withExample(name: string, options: PagingOptions): Promise<Paging> {
  const example = readFileSync(join(EXAMPLES, `${name}.yml`), 'utf8');
  const config = withReceiversOf(shippedAlertmanagerConfig(), example);
  paging = await startPaging({ config, ...options });
  return paging;
}

const delivered = (count: number, path?: string): Promise<readonly Delivery[]> =>
  waitUntil(
    `${count} deliveries`,
    () => {
      const ours = sink.deliveries.filter((delivery) => path === undefined || delivery.path === path);
      return ours.length >= count ? ours : undefined;
    },
    { withinMs: 20_000, everyMs: 20, evidence: () => paging?.alertmanager.log() ?? '' },
  );

interface SlackMessage {
  readonly attachments: readonly Readonly<Record<string, unknown>>[];
}
const attachmentOf = ({ body }: Delivery): unknown => (JSON.parse(body) as SlackMessage).attachments[0];

describe.each([
  ['slack', 'slack_webhook_url', '/services/T0/B0/secret', ['warning', 'good']],
  ['discord', 'discord_webhook_url', '/api/webhooks/1/secret/slack', ['#d98c00', '#1a7f4b']],
])('%s', (name, secret, path, colours) => {
  test('gets alerts with severity info at an address that stands in a file, and their end', async () => {
    const our = await withExample(name, { secrets: { [secret]: `${sink.url}${path}\n` } });
    await our.fire(INFO);
    const [fired] = (await delivered(1, path)).map(attachmentOf);
    expect(fired).toMatchObject({
      title: 'INFO FalTimeouts fal-ai/flux/dev',
      title_link: `${our.alertmanager.url}/#/alerts?receiver=fal-chat`,
      text: [
        '*One timeout of &lt;fal-ai/flux/dev&gt; &amp; no more*',
        'generation_timeout',
        '<https://example.com/runbooks/FalTimeouts.md|Runbook>',
      ].join('\n'),
      color: colours[0],
    });
    await our.resolve(INFO);
    const [, ended] = (await delivered(2)).map(attachmentOf);
    expect(ended).toMatchObject({ title: 'RESOLVED FalTimeouts fal-ai/flux/dev', color: colours[1] });
    expect(await our.alertmanager.read('/api/v2/status')).not.toContain('secret/slack');
    expect(our.pagerDuty.requests()).toEqual([]);
  });

  test('gets messages that are short enough, however long the alerts and however many', async () => {
    const our = await withExample(name, {
      secrets: { [secret]: `${sink.url}${path}` },
      config: withReceiversOf(
        shippedAlertmanagerConfig().replaceAll('[alertname, account, endpoint_id]', '[alertname]'),
        readFileSync(join(EXAMPLES, `${name}.yml`), 'utf8'),
      ),
    });
    const long = 'ü'.repeat(5_000);
    const annotations = {
      summary: long,
      description: long,
      runbook_url: `https://example.com/${'r'.repeat(5_000)}`,
      dashboard_url: `https://example.com/${'d'.repeat(100)}`,
    };
    await our.fire(
      ...Array.from({ length: 20 }, (_, index) =>
        alertOf('FalTimeouts', { severity: 'info', endpoint_id: `${index}${long}` }, annotations),
      ),
    );
    const [fired] = (await delivered(1)).map(attachmentOf) as { title: string; text: string }[];
    expect(fired?.text).toContain('and more: 20 in all');
    expect(fired?.text.length).toBeLessThan(4_096);
    expect(fired?.title.length).toBeLessThanOrEqual(256);
  });
});

test('a webhook gets the token of a file, and the key that stays the same until it is over', async () => {
  const our = await withExample('webhook', {
    secrets: { webhook_token: 'secret-token' },
    addresses: { 'https://tickets.example.com/hooks/alertmanager': `${sink.url}/hook` },
  });
  await our.fire(INFO);
  await delivered(1);
  await our.resolve(INFO);
  const deliveries = await delivered(2, '/hook');
  expect(deliveries.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer secret-token',
    'Bearer secret-token',
  ]);
  const messages = deliveries.map(({ body }) => JSON.parse(body) as { status: string; groupKey: string });
  expect(messages.map(({ status }) => status)).toEqual(['firing', 'resolved']);
  expect(new Set(messages.map(({ groupKey }) => groupKey)).size).toBe(1);
});

describe('the dead man’s switch', () => {
  const start = (options: PagingOptions = {}): Promise<Paging> =>
    withExample('dead-mans-switch', {
      addresses: {
        'https://hc-ping.com/00000000-0000-0000-0000-000000000000': `${sink.url}/beat`,
        'https://hc-ping.com/11111111-1111-1111-1111-111111111111/fail': `${sink.url}/other/fail`,
      },
      ...options,
    });
  const watchdog = alertOf('Watchdog', { severity: 'none', scope: 'meta', endpoint_id: '', account: '' });

  test('hears a beat in every group_interval, and nothing when the Watchdog is gone', async () => {
    const our = await start();
    await our.fire(watchdog);
    const beats = await delivered(5, '/beat');
    expect(beats.every(({ body }) => body.includes('"status":"firing"'))).toBe(true);
    await our.resolve(watchdog);
    // Another incident that comes and goes twice takes several more intervals.
    const other = alertOf('FalErrorRateCritical');
    await our.fire(other);
    await our.incidents(1);
    await our.resolve(other);
    await our.resolved(1);
    const count = sink.deliveries.length;
    await our.fire(other);
    await our.incidents(2);
    await our.resolve(other);
    await our.resolved(2);
    expect(sink.deliveries.slice(count)).toEqual([]);
    expect(
      sink.deliveries.map(({ body }) => body).filter((body) => body.includes('"status":"resolved"')),
    ).toEqual([]);
  });

  test('is told when PagerDuty takes nothing, while PagerDuty takes nothing', async () => {
    const our = await start();
    our.pagerDuty.setMode('server-error');
    await our.fire(alertOf('FalAlertDeliveryFailing', { scope: 'meta', endpoint_id: '' }));
    const [told] = await delivered(1, '/other/fail');
    expect(told?.body).toContain('FalAlertDeliveryFailing');
    expect(our.pagerDuty.incidents()).toEqual([]);
    our.pagerDuty.setMode('ok');
    expect(await our.incidents(1)).toMatchObject([{ payload: { class: 'FalAlertDeliveryFailing' } }]);
  });
});

describe('e-mail', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fal-observability-mail-'));
    const files = ['-keyout', 'key.pem', '-out', 'cert.pem', '-subj', '/CN=localhost'];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    const name = ['-addext', 'subjectAltName=DNS:localhost'];
    execFileSync('openssl', ['req', '-x509', '-nodes', '-days', '2', ...curve, ...files, ...name], {
      cwd: folder,
      stdio: 'ignore',
    });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('goes out over an encrypted line with the password of a file when PagerDuty takes nothing', async () => {
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => readFileSync(join(folder, name), 'utf8'));
    const server = await startSmtpSink({ key: key ?? '', cert: cert ?? '' });
    try {
      const our = await withExample('email', {
        secrets: { smtp_password: 'secret-password' },
        addresses: { 'smtp.example.com:587': server.address },
        env: { SSL_CERT_FILE: join(folder, 'cert.pem') },
      });
      await our.fire(alertOf('FalAlertDeliveryFailing', { scope: 'meta', endpoint_id: '' }));
      const mail = await waitUntil('a mail', () => server.mails[0], {
        withinMs: 20_000,
        evidence: () => our.alertmanager.log(),
      });
      expect(mail).toMatchObject({
        login: '\0alertmanager@example.com\0secret-password',
        to: ['on-call@example.com'],
      });
      expect(mail.text).toContain('Subject: CRITICAL FalAlertDeliveryFailing main');
      expect(mail.text).toContain('Limit 25 %. Most of them: 503.');
    } finally {
      await server.stop();
    }
  });
});
