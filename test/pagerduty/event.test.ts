import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge, SEVERITIES } from './event.ts';

const PAYLOAD = { summary: 'Error rate is 40 %', source: 'fal-ai/flux/dev', severity: 'critical' };
const TRIGGER = {
  routing_key: '0123456789abcdef0123456789abcdef',
  event_action: 'trigger',
  dedup_key: 'one',
  payload: PAYLOAD,
};

const problems = (body: unknown): readonly string[] => {
  const verdict = judge(body);
  return verdict.accepted ? [] : verdict.problems;
};
const withPayload = (change: object): object => ({ ...TRIGGER, payload: { ...PAYLOAD, ...change } });

describe('accepted is', () => {
  test('a trigger with the required fields, and its routing key is taken out of it', () => {
    const { routing_key: routingKey, ...event } = TRIGGER;
    expect(judge(TRIGGER)).toEqual({ accepted: true, event, routingKey });
  });

  test("the example of PagerDuty's documentation", () => {
    expect(
      problems({
        ...TRIGGER,
        payload: {
          ...PAYLOAD,
          timestamp: '2015-07-17T08:42:58.315+0000',
          component: 'postgres',
          group: 'prod-datapipe',
          class: 'deploy',
          custom_details: { 'ping time': '1500ms', 'load avg': 0.75 },
        },
        images: [{ src: 'https://example.com/logo.png', href: 'https://example.com/', alt: 'Example text' }],
        links: [{ href: 'https://example.com/', text: 'Link text' }],
        client: 'Sample Monitoring Service',
        client_url: 'https://monitoring.example.com',
      }),
    ).toEqual([]);
  });

  test.each([
    ['a trigger without a dedup key, which PagerDuty then makes up', { dedup_key: undefined }],
    ['a resolve without a payload', { event_action: 'resolve', payload: undefined }],
    ['an acknowledge without a payload', { event_action: 'acknowledge', payload: undefined }],
    ['a link without a text', { links: [{ href: 'http://10.0.0.1:9090/graph' }] }],
    ['an image without link and text', { images: [{ src: 'https://example.com/x.png' }] }],
    ['a dedup key of 255 characters', { dedup_key: 'x'.repeat(255) }],
  ])('%s', (_, change) => {
    expect(problems({ ...TRIGGER, ...change })).toEqual([]);
  });

  test.each([
    ['a summary of 1024 characters, however many bytes they have', { summary: '😀'.repeat(1024) }],
    ['a time in UTC', { timestamp: '2026-01-02T03:04:05Z' }],
    ['a time with a zone', { timestamp: '2026-01-02T03:04:05.678+05:30' }],
    ...SEVERITIES.map((severity): [string, object] => [`severity ${severity}`, { severity }]),
  ])('%s', (_, change) => {
    expect(problems(withPayload(change))).toEqual([]);
  });
});

describe('refused is', () => {
  test.each([
    ['no routing key', { routing_key: undefined }, "'routing_key' is missing or blank"],
    [
      'a routing key of 31 characters',
      { routing_key: 'x'.repeat(31) },
      "Length of 'routing_key' is incorrect (should be 32 characters)",
    ],
    [
      'a routing key of 33 characters',
      { routing_key: 'x'.repeat(33) },
      "Length of 'routing_key' is incorrect (should be 32 characters)",
    ],
    ['a routing key that is no text', { routing_key: 12 }, "'routing_key' must be a string"],
    ['no action', { event_action: '' }, "'event_action' is missing or blank"],
    [
      'an unknown action',
      { event_action: 'Trigger' },
      "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')",
    ],
    [
      'a dedup key of 256 characters',
      { dedup_key: 'x'.repeat(256) },
      "'dedup_key' is too long (maiximum is 255 characters)",
    ],
    ['a dedup key that is no text', { dedup_key: 7 }, "'dedup_key' must be a string"],
    [
      'a resolve without a dedup key',
      { event_action: 'resolve', dedup_key: undefined },
      "'dedup_key' is missing or blank",
    ],
    ['a trigger without a payload', { payload: undefined }, "'payload' is missing or blank"],
    ['links that are no list', { links: {} }, "'links' must be an array of objects"],
    ['a link that is a text', { links: ['https://example.com'] }, "'links[0]' must be an object"],
    [
      'a link without an address',
      { links: [{ href: '', text: 'Runbook' }] },
      "'links[0].href' is missing or blank",
    ],
    [
      'a link to a file of the repository',
      { links: [{ href: 'https://example.com' }, { href: 'runbooks/FalX.md' }] },
      "'links[1].href' is not a valid URL",
    ],
    [
      'a link that would run something',
      { links: [{ href: 'javascript:alert(1)' }] },
      "'links[0].href' is not a valid URL",
    ],
    [
      'a text of a link that is no text',
      { links: [{ href: 'https://a.example', text: 1 }] },
      "'links[0].text' must be a string",
    ],
    ['images that are no list', { images: 'x' }, "'images' must be an array of objects"],
    ['an image without a source', { images: [{ alt: 'x' }] }, "'images[0].src' is missing or blank"],
    [
      'an image that is not served via HTTPS',
      { images: [{ src: 'http://example.com/x.png' }] },
      "'images[0].src' is not a valid URL served via HTTPS",
    ],
    [
      'an image with a bad link',
      { images: [{ src: 'https://example.com/x.png', href: 'x' }] },
      "'images[0].href' is not a valid URL",
    ],
    ['a client that is no text', { client: {} }, "'client' must be a string"],
    ['a client address that is none', { client_url: 'alertmanager' }, "'client_url' is not a valid URL"],
  ])('%s', (_, change, problem) => {
    expect(problems({ ...TRIGGER, ...change })).toEqual([problem]);
  });

  const severities = "(must be one of the following: 'critical', 'warning', 'error' or 'info')";
  test.each([
    ['no summary', { summary: undefined }, "'payload.summary' is missing or blank"],
    ['a summary of nothing visible', { summary: ' \n\u00a0\u200b' }, "'payload.summary' is missing or blank"],
    ['a summary that is no text', { summary: 1 }, "'payload.summary' must be a string"],
    [
      'a summary of 1025 characters',
      { summary: 'x'.repeat(1025) },
      "'summary' is too long (maiximum is 1024 characters)",
    ],
    ['no source', { source: '' }, "'payload.source' is missing or blank"],
    ['no severity', { severity: '' }, "'payload.severity' is missing or blank"],
    ['a severity in capitals', { severity: 'Critical' }, `'payload.severity' is invalid ${severities}`],
    ['severity none', { severity: 'none' }, `'payload.severity' is invalid ${severities}`],
    [
      'a time without a zone',
      { timestamp: '2026-01-02T03:04:05' },
      "'payload.timestamp' is not a valid ISO 8601 timestamp",
    ],
    [
      'a day that does not exist',
      { timestamp: '2026-13-02T03:04:05Z' },
      "'payload.timestamp' is not a valid ISO 8601 timestamp",
    ],
    [
      'a time as a number',
      { timestamp: 1_700_000_000 },
      "'payload.timestamp' is not a valid ISO 8601 timestamp",
    ],
    ['a class that is no text', { class: ['a'] }, "'payload.class' must be a string"],
    ['details that are no object', { custom_details: 'text' }, "'payload.custom_details' must be an object"],
    ['details that are a list', { custom_details: [] }, "'payload.custom_details' must be an object"],
  ])('%s', (_, change, problem) => {
    expect(problems(withPayload(change))).toEqual([problem]);
  });

  test.each([null, [], 'text', 1])('what is no object: %j', (body) => {
    expect(problems(body)).toEqual(['JSON parse error']);
  });

  test('everything that is wrong, at once', () => {
    expect(problems({ event_action: 'trigger', payload: {} })).toHaveLength(4);
  });
});

test('no JSON whatsoever makes it throw, and only an event in order is accepted', () => {
  const event = fc.record(
    {
      routing_key: fc.oneof(fc.jsonValue(), fc.constant(TRIGGER.routing_key)),
      event_action: fc.oneof(fc.jsonValue(), fc.constantFrom('trigger', 'resolve')),
      dedup_key: fc.oneof(fc.jsonValue(), fc.constant('one')),
      payload: fc.oneof(fc.jsonValue(), fc.constant(PAYLOAD)),
      links: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(event, (body) => {
      const verdict = judge(body);
      if (verdict.accepted) expect(verdict.routingKey).toHaveLength(32);
      else expect(verdict.problems.length).toBeGreaterThan(0);
    }),
  );
});
