import { expect, test } from 'vitest';
import { page } from './page.ts';
import { ago } from './page-words.ts';
import { PagerDutyService } from './service.ts';

const START = Date.UTC(2026, 0, 2, 3, 4, 5);

interface Happening {
  readonly key: string;
  readonly action?: 'trigger' | 'acknowledge' | 'resolve';
  readonly severity?: string;
  readonly summary?: string;
  readonly links?: readonly object[];
}

/** The page a while after these events, one a minute. */
function pageAfter(
  happenings: readonly Happening[],
  prepare: (service: PagerDutyService) => void = () => undefined,
): string {
  let now = START;
  const service = new PagerDutyService({ now: () => now });
  for (const { key, action = 'trigger', severity = 'critical', summary = 'it broke', links } of happenings) {
    const payload = { summary, source: 'fal-ai/flux/dev', class: 'FalX', severity };
    const body = { routing_key: 'k'.repeat(32), event_action: action, dedup_key: key, payload, links };
    service.take({ contentType: 'application/json', body: JSON.stringify(body) });
    now += 60_000;
  }
  prepare(service);
  return page({ service, now });
}

const textOf = (html: string): string =>
  html
    .replace(/<style>[^]*?<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

test('before anything happened it says so', () => {
  expect(textOf(pageAfter([]))).toContain('No incident yet');
});

test('what rings is told apart from what does not, with the time it is open', () => {
  const text = textOf(
    pageAfter([
      { key: 'a', summary: 'all models fail' },
      { key: 'b', summary: 'one is slow', severity: 'warning' },
    ]),
  );
  expect(text).toContain('The phone rings: an incident of high urgency Since 2 min 0 s: all models fail');
  expect(text).toMatch(/Rings the phone 1 .* open for 2 min 0 s since 03:04:05 UTC all models fail/);
  expect(text).toMatch(/Waits until somebody looks 1 .* open for 1 min 0 s since 03:05:05 UTC one is slow/);
});

test('low urgency alone rings no phone', () => {
  expect(textOf(pageAfter([{ key: 'a', severity: 'warning' }]))).toContain(
    'No phone rings: 1 incident of low urgency',
  );
});

test('resolved ones are listed below with how long they lasted and whether they rang', () => {
  const text = textOf(pageAfter([{ key: 'a' }, { key: 'a', action: 'resolve' }]));
  expect(text).toContain('All resolved The last one 1 min 0 s ago.');
  expect(text).toMatch(/Resolved 1 .* critical it broke 1 min 0 s 1 min 0 s ago rang/);
});

test('repeated triggers and an acknowledgement are told', () => {
  const text = textOf(pageAfter([{ key: 'a' }, { key: 'a' }, { key: 'a', action: 'acknowledge' }]));
  expect(text).toContain('sent 2 times, last 2 min 0 s ago');
  expect(text).toContain('somebody is on it');
});

test('refused events are listed with the reason and what they were about', () => {
  const text = textOf(pageAfter([{ key: 'a', severity: 'none' }]));
  expect(text).toMatch(/Not accepted 1 .* 400 &#39;payload.severity&#39; is invalid/);
});

test('being out of order on purpose is announced', () => {
  const limited = pageAfter([], ({ behaviour }) => behaviour.set('rate-limited', 2));
  expect(textOf(limited)).toContain(
    'Out of order on purpose: it says “too many calls” (429) for 2 more requests.',
  );
  const hanging = pageAfter([], ({ behaviour }) => behaviour.set('hang'));
  expect(textOf(hanging)).toContain('it takes calls and never answers until it is switched.');
});

test('what comes with an event is text, and its links lead to http and https only', () => {
  const html = pageAfter([
    {
      key: 'a',
      summary: '<script>alert("1")</script> & more',
      links: [{ href: 'https://example.com/?a=1&b="2"', text: '<b>Runbook</b>' }],
    },
  ]);
  expect(html).not.toContain('<script');
  expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; more');
  expect(html).toContain('href="https://example.com/?a=1&amp;b=&quot;2&quot;"');
  expect(html).toContain('&lt;b&gt;Runbook&lt;/b&gt;');
});

test('only the newest resolved and refused ones are shown, and the rest is counted', () => {
  const many = Array.from({ length: 30 }, (_, index): Happening[] => [
    { key: `k${index}`, summary: `number ${index} broke` },
    { key: `k${index}`, action: 'resolve' },
    { key: `k${index}`, severity: 'none' },
  ]).flat();
  const text = textOf(pageAfter(many));
  expect(text).toContain('Resolved 30 The newest 20 of 30.');
  expect(text).toContain('number 10 broke');
  expect(text).not.toContain('number 9 broke');
  expect(text).toContain('The newest 10 of 30.');
});

test.each([
  [0, '0 s'],
  [59_999, '59 s'],
  [61_000, '1 min 1 s'],
  [600_000, '10 min'],
  [7_500_000, '2 h 5 min'],
  [90_000_000, '1 d 1 h'],
])('%d ms are %s', (ms, words) => {
  expect(ago(START, START + ms)).toBe(words);
});
