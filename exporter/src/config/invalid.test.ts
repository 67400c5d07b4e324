import { describe, expect, test } from 'vitest';
import { problemLines } from './problem.ts';
import { problemsOf } from './test-load.ts';

const NAME = 'a name of 1 to 63 lower-case letters, digits and dashes that begins with a letter or digit';
const ACCOUNT =
  'a name of 1 to 63 letters, digits, dots, dashes and underscores that begins with a letter or digit';
const ENDPOINT =
  'an endpoint id: owner/app or owner/app/path, at most 128 letters, digits, dots, dashes and underscores';
const TOP =
  'account, endpoints, probes, budget, collectors, status_page, listen, web, state_dir, series, simulator_url';
const ADDRESS =
  'host:port with a port from 0 (any free one) to 65535, such as 127.0.0.1:10464 or "[::1]:10464"';
const URL = 'an http or https URL of a fal-simulator without user, query or fragment';
const PAGE = 'an http or https URL of a status page without user, query or fragment';
const ACCOUNT_KEYS =
  'name, concurrency_limit, low_balance_usd, critical_balance_usd, hourly_budget_usd, monthly_budget_usd, grants';
const COLLECTORS =
  'interval, balance, lock, billing_events, usage, pricing, models, analytics, request_history, status_page, ' +
  'serverless_metrics';
const MOMENT = 'a date such as 2027-01-31, or a date-time with its zone such as 2027-01-31T18:00:00Z';
const KEYS = 'keys come from FAL_KEY or FAL_KEY_FILE, never from this file';
const duration = (min: string, max: string): string =>
  `a duration from ${min} to ${max} such as 30s, 5m or 1h30m`;
const money = (min: string, max: string): string =>
  `an amount in USD from ${min} to ${max}, as a plain number`;
const grant = (more: string): string => `account: { grants: [{ ${more} }] }`;
const probe = (more: string): string => `probes: [{ name: a, ${more} }]`;

/** One bad file for each rule: the text, and the only line that may come of it (after the name of the file). */
const BAD: readonly (readonly [yaml: string, line: string])[] = [
  // Shape, and unknown keys at every level.
  ['- 1', `:1:1 got a list, expected a mapping with the keys ${TOP}`],
  ['42', `:1:1 got 42, expected a mapping with the keys ${TOP}`],
  ['prob: []', `:1:1 prob: unknown key \`prob\`, expected one of ${TOP}; did you mean \`probes\`?`],
  ['colour: red', `:1:1 colour: unknown key \`colour\`, expected one of ${TOP}`],
  ['1: red', `:1:1 an unknown key (not shown here), expected one of ${TOP}`],
  ['[a, b]: red', `:1:1 an unknown key (not shown here), expected one of ${TOP}`],
  ['__proto__: {}', `:1:1 __proto__: unknown key \`__proto__\`, expected one of ${TOP}`],
  [
    'account: { nmae: x }',
    `:1:12 account.nmae: unknown key \`nmae\`, expected one of ${ACCOUNT_KEYS}; did you mean \`name\`?`,
  ],
  [
    'endpoints: [{ id: a/b, latencyLimit: 1m }]',
    ':1:24 endpoints[0].latencyLimit: unknown key `latencyLimit`, expected one of id, latency_limit; ' +
      'did you mean `latency_limit`?',
  ],
  [
    probe('tier: free, every: 5m'),
    ':1:33 probes[0].every: unknown key `every`, expected one of name, tier, endpoint_id, interval, timeout, input',
  ],
  [
    'budget: { per_our_usd: 1 }',
    ':1:11 budget.per_our_usd: unknown key `per_our_usd`, expected one of per_hour_usd, per_day_usd, ' +
      'per_month_usd, worst_case_run_usd; did you mean `per_hour_usd`?',
  ],
  [
    'listen: { hosts: x }',
    ':1:11 listen.hosts: unknown key `hosts`, expected one of host, port; did you mean `host`?',
  ],
  [
    'web: { config: x }',
    ':1:8 web.config: unknown key `config`, expected one of config_file; did you mean `config_file`?',
  ],
  ['series: { max: 1 }', ':1:11 series.max: unknown key `max`, expected one of limit, expire_after'],
  [
    'collectors: { intervals: 1m }',
    `:1:15 collectors.intervals: unknown key \`intervals\`, expected one of ${COLLECTORS}; did you mean \`interval\`?`,
  ],
  ['account: yes', `:1:10 account: got "yes", expected a mapping with the keys ${ACCOUNT_KEYS}`],
  ['probes: { name: a }', ':1:9 probes: got a mapping, expected a list, each item behind a dash'],
  ['endpoints: a/b', ':1:12 endpoints: got "a/b", expected a list, each item behind a dash'],
  ['endpoints: [a/b]', ':1:13 endpoints[0]: got "a/b", expected a mapping with the keys id, latency_limit'],
  // Account.
  ['account: { name: -x }', `:1:18 account.name: got "-x", expected ${ACCOUNT}`],
  ['account: { name: 7 }', `:1:18 account.name: got 7, expected ${ACCOUNT}; write it in quotes: "7"`],
  ['account: { name: }', `:1:18 account.name: got nothing, expected ${ACCOUNT}`],
  [
    'account: { concurrency_limit: 0 }',
    ':1:31 account.concurrency_limit: got 0, expected a whole number from 1 to 100000',
  ],
  [
    'account: { concurrency_limit: 1.5 }',
    ':1:31 account.concurrency_limit: got 1.5, expected a whole number from 1 to 100000',
  ],
  [
    'account: { concurrency_limit: "10" }',
    ':1:31 account.concurrency_limit: got "10", expected a whole number from 1 to 100000',
  ],
  [
    'account: { low_balance_usd: -1 }',
    `:1:29 account.low_balance_usd: got -1, expected ${money('0', '1000000')}`,
  ],
  [
    'account: { low_balance_usd: 3 }',
    ':1:29 account.low_balance_usd: got 3, expected no less than critical_balance_usd, which is 5',
  ],
  // Spend and grants.
  [
    'account: { hourly_budget_usd: 0 }',
    `:1:31 account.hourly_budget_usd: got 0, expected ${money('0.01', '10000000')}`,
  ],
  [
    'account: { hourly_budget_usd: 5, monthly_budget_usd: 4.99 }',
    ':1:54 account.monthly_budget_usd: got 4.99, expected no less than hourly_budget_usd, which is 5',
  ],
  [
    'account: { grants: launch }',
    ':1:20 account.grants: got "launch", expected a list, each item behind a dash',
  ],
  [
    grant('name: a, expires: 2027-01-31, amount: 5'),
    ':1:53 account.grants[0].amount: unknown key `amount`, expected one of name, expires, amount_usd; ' +
      'did you mean `amount_usd`?',
  ],
  [grant('expires: 2027-01-31'), `:1:21 account.grants[0].name: missing, expected ${ACCOUNT}`],
  [grant('name: a'), `:1:21 account.grants[0].expires: missing, expected ${MOMENT}`],
  [
    grant('name: a, expires: 2027-01-31 }, { name: a, expires: 2027-01-31'),
    ':1:63 account.grants[1].name: "a" again, expected one that account.grants[0] does not have',
  ],
  [
    grant('name: a, expires: 2027-02-29'),
    `:1:41 account.grants[0].expires: got "2027-02-29", expected ${MOMENT}`,
  ],
  [
    grant('name: a, expires: 31.1.2027'),
    `:1:41 account.grants[0].expires: got "31.1.2027", expected ${MOMENT}; write 2027-01-31`,
  ],
  [
    grant('name: a, expires: 2027/01/31'),
    `:1:41 account.grants[0].expires: got "2027/01/31", expected ${MOMENT}; write 2027-01-31`,
  ],
  [
    grant('name: a, expires: "2027-01-31 18:00"'),
    `:1:41 account.grants[0].expires: got "2027-01-31 18:00", expected ${MOMENT}; write 2027-01-31 18:00Z`,
  ],
  [grant('name: a, expires: 2027'), `:1:41 account.grants[0].expires: got 2027, expected ${MOMENT}`],
  [
    grant('name: a, expires: 2027-01-31, amount_usd: $5'),
    `:1:65 account.grants[0].amount_usd: got "$5", expected ${money('0', '1000000')}; write 5 without quotes or sign`,
  ],
  // Endpoints.
  ['endpoints: [{ latency_limit: 1m }]', `:1:13 endpoints[0].id: missing, expected ${ENDPOINT}`],
  ['endpoints: [{ id: flux }]', `:1:19 endpoints[0].id: got "flux", expected ${ENDPOINT}`],
  ['endpoints: [{ id: /a/b }]', `:1:19 endpoints[0].id: got "/a/b", expected ${ENDPOINT}`],
  ['endpoints: [{ id: a/b c }]', `:1:19 endpoints[0].id: got "a/b c", expected ${ENDPOINT}`],
  ['endpoints: [{ id: a/../b }]', `:1:19 endpoints[0].id: got "a/../b", expected ${ENDPOINT}`],
  [
    `endpoints: [{ id: a/${'b'.repeat(127)} }]`,
    `:1:19 endpoints[0].id: got "a/${'b'.repeat(37)}…", expected ${ENDPOINT}`,
  ],
  [
    'endpoints: [{ id: "https://fal.run/a/b" }]',
    `:1:19 endpoints[0].id: got "https://fal.run/a/b", expected ${ENDPOINT}; ` +
      'write only what follows the host, such as fal-ai/flux/schnell',
  ],
  [
    'endpoints: [{ id: a/b }, { id: a/b }]',
    ':1:32 endpoints[1].id: "a/b" again, expected one that endpoints[0] does not have',
  ],
  [
    'endpoints: [{ id: a/b, latency_limit: 60 }]',
    `:1:39 endpoints[0].latency_limit: got 60, expected ${duration('1s', '1h')}; write 1m`,
  ],
  [
    'endpoints: [{ id: a/b, latency_limit: 2h }]',
    `:1:39 endpoints[0].latency_limit: got "2h", expected ${duration('1s', '1h')}`,
  ],
  // Probes.
  ['probes: [{ tier: free }]', `:1:10 probes[0].name: missing, expected ${NAME}`],
  [
    'probes: [{ name: Flux Dev, tier: free }]',
    `:1:18 probes[0].name: got "Flux Dev", expected ${NAME}; write flux-dev`,
  ],
  [
    `probes: [{ name: ${'a'.repeat(64)}, tier: free }]`,
    `:1:18 probes[0].name: got "${'a'.repeat(39)}…", expected ${NAME}`,
  ],
  [
    'probes: [{ name: a, tier: free }, { name: a, tier: free }]',
    ':1:43 probes[1].name: "a" again, expected one that probes[0] does not have',
  ],
  ['probes: [{ name: a }]', ':1:10 probes[0].tier: missing, expected one of free, queue, inference'],
  [probe('tier: paid'), ':1:27 probes[0].tier: got "paid", expected one of free, queue, inference'],
  [
    probe('tier: inference'),
    ':1:10 probes[0].endpoint_id: missing, expected an endpoint id such as fal-ai/flux/schnell, since the tier is inference',
  ],
  [probe('tier: queue, endpoint_id: flux'), `:1:47 probes[0].endpoint_id: got "flux", expected ${ENDPOINT}`],
  [
    probe('tier: free, interval: 30'),
    `:1:43 probes[0].interval: got 30, expected ${duration('5s', '24h')}; write 30s`,
  ],
  [
    probe('tier: free, interval: "5 min"'),
    `:1:43 probes[0].interval: got "5 min", expected ${duration('5s', '24h')}; write 5m`,
  ],
  [
    probe('tier: free, interval: 4s'),
    `:1:43 probes[0].interval: got "4s", expected ${duration('5s', '24h')}`,
  ],
  [
    probe('tier: queue, endpoint_id: a/b, interval: 9s'),
    ':1:62 probes[0].interval: got 9s, expected at least 10s for the tier queue',
  ],
  [
    probe('tier: inference, endpoint_id: a/b, interval: 9999ms'),
    ':1:66 probes[0].interval: got 9s999ms, expected at least 10s for the tier inference',
  ],
  [
    probe('tier: free, timeout: 999ms'),
    `:1:42 probes[0].timeout: got "999ms", expected ${duration('1s', '1h')}`,
  ],
  [probe('tier: free, timeout: 61m'), `:1:42 probes[0].timeout: got "61m", expected ${duration('1s', '1h')}`],
  [
    probe('tier: free, input: words'),
    ':1:40 probes[0].input: got something else (not shown here), expected a mapping of names to values',
  ],
  [
    probe('tier: free, input: { a: .inf }'),
    ':1:45 probes[0].input: a number that is not finite, expected what JSON can hold',
  ],
  [
    probe('tier: free, input: { [a]: 1 }'),
    ':1:42 probes[0].input: a key that is no text, expected what JSON can hold',
  ],
  // Budget.
  ['budget: { per_hour_usd: -1 }', `:1:25 budget.per_hour_usd: got -1, expected ${money('0', '100000')}`],
  [
    'budget: { per_hour_usd: $0.10 }',
    `:1:25 budget.per_hour_usd: got "$0.10", expected ${money('0', '100000')}; write 0.10 without quotes or sign`,
  ],
  [
    'budget: { per_hour_usd: .nan }',
    ':1:25 budget.per_hour_usd: a number that is not finite, expected what JSON can hold',
  ],
  [
    'budget: { worst_case_run_usd: 0 }',
    `:1:31 budget.worst_case_run_usd: got 0, expected ${money('0.0001', '1000')}`,
  ],
  [
    'budget: { per_hour_usd: 2 }',
    ':1:1 budget.per_day_usd: 1 by default, expected no less than per_hour_usd, which is 2',
  ],
  [
    'budget: { per_day_usd: 30 }',
    ':1:1 budget.per_month_usd: 20 by default, expected no less than per_day_usd, which is 30',
  ],
  // Collectors.
  ['collectors: { interval: 5s }', `:1:25 collectors.interval: got "5s", expected ${duration('10s', '24h')}`],
  [
    'collectors: { interval: 25h }',
    `:1:25 collectors.interval: got "25h", expected ${duration('10s', '24h')}`,
  ],
  [
    'collectors: { billing-events: {} }',
    `:1:15 collectors.billing-events: unknown key \`billing-events\`, expected one of ${COLLECTORS}; ` +
      'did you mean `billing_events`?',
  ],
  [
    'collectors: { usage: 5m }',
    ':1:22 collectors.usage: got "5m", expected a mapping with the keys enabled, interval, calls_per_hour',
  ],
  [
    'collectors: { balance: { interval: 9s } }',
    `:1:36 collectors.balance.interval: got "9s", expected ${duration('10s', '24h')}`,
  ],
  [
    'collectors: { lock: { enabled: on } }',
    ':1:32 collectors.lock.enabled: got "on", expected true or false; write true',
  ],
  [
    'collectors: { models: { calls_per_hour: 0 } }',
    ':1:41 collectors.models.calls_per_hour: got 0, expected a whole number from 1 to 100000',
  ],
  [
    'collectors: { models: { calls_per_our: 9 } }',
    ':1:25 collectors.models.calls_per_our: unknown key `calls_per_our`, expected one of enabled, interval, ' +
      'calls_per_hour; did you mean `calls_per_hour`?',
  ],
  // The rest.
  [
    'listen: 10464',
    `:1:9 listen: got 10464, expected ${ADDRESS}; write 127.0.0.1:10464 for this machine only, or 0.0.0.0:10464 for every network`,
  ],
  [
    'listen: ":80"',
    `:1:9 listen: got ":80", expected ${ADDRESS}; write 127.0.0.1:80 for this machine only, or 0.0.0.0:80 for every network`,
  ],
  ['listen: "::1:80"', `:1:9 listen: got "::1:80", expected ${ADDRESS}`],
  ['listen: localhost:65536', `:1:9 listen: got "localhost:65536", expected ${ADDRESS}`],
  ['listen: [localhost]', `:1:9 listen: got a list, expected ${ADDRESS}`],
  ['listen: { port: 70000 }', ':1:17 listen.port: got 70000, expected a whole number from 0 to 65535'],
  [
    'listen: { host: "a b" }',
    ':1:17 listen.host: got "a b", expected a host name or address, such as 127.0.0.1, localhost or "::1"',
  ],
  [
    'web: { config_file: "" }',
    ':1:21 web.config_file: got "", expected a path of at most 4096 characters on one line',
  ],
  [
    'state_dir: "a\\nb"',
    ':1:12 state_dir: got "a b", expected a path of at most 4096 characters on one line',
  ],
  ['series: { limit: 999 }', ':1:18 series.limit: got 999, expected a whole number from 1000 to 1000000'],
  ['series: { expire_after: 1m }', `:1:25 series.expire_after: got "1m", expected ${duration('5m', '7d')}`],
  ['simulator_url: file:///etc', `:1:16 simulator_url: got something else (not shown here), expected ${URL}`],
  [
    'simulator_url: localhost:10465',
    `:1:16 simulator_url: got something else (not shown here), expected ${URL}; begin it with http://`,
  ],
  // Status page.
  [
    'status_page: { enabled: off }',
    ':1:25 status_page.enabled: got "off", expected true or false; write false',
  ],
  [
    'status_page: { enabled: Yes }',
    ':1:25 status_page.enabled: got "Yes", expected true or false; write true',
  ],
  ['status_page: { enabled: 1 }', ':1:25 status_page.enabled: got 1, expected true or false'],
  [
    'status_page: { url: status.fal.ai }',
    `:1:21 status_page.url: got something else (not shown here), expected ${PAGE}; begin it with https://`,
  ],
  [
    'status_page: { url: "https://me:secret@status.fal.ai" }',
    `:1:21 status_page.url: got something else (not shown here), expected ${PAGE}`,
  ],
  [
    'status_page: { url: "https://status.fal.ai:99999" }',
    `:1:21 status_page.url: got something else (not shown here), expected ${PAGE}`,
  ],
  // Keys.
  ['fal_key: abc', `:1:1 fal_key: a key or password; ${KEYS}`],
  ['account: { falKey: abc }', `:1:12 account.falKey: a key or password; ${KEYS}`],
  [
    'probes: [{ name: a, tier: free, api-token: abc }]',
    `:1:33 probes[0].api-token: a key or password; ${KEYS}`,
  ],
  // YAML itself.
  ['account: {}\naccount: {}', ':2:1 this key stands twice in the same mapping; keep one of them'],
  [
    probe('tier: free, input: { a: 1, a: 2 }'),
    ':1:48 this key stands twice in the same mapping; keep one of them',
  ],
  ['listen: "abc\n', ':1:9 a quote that is never closed'],
  ['probes: [{ name: a', ':1:10 a bracket that is never closed'],
  ['probes:\n\t- name: a', ':2:1 a tab as indentation; use spaces'],
  [
    'budget: per_hour_usd: 1',
    ':1:9 a second "key: value" on the same line, or wrong indentation; put each key on a line of its own, or the ' +
      'value in quotes if it contains a colon',
  ],
  [
    'state_dir: @home',
    ':1:12 a text that begins with a character that YAML reserves (@, `, %, &, *, !); put it in quotes',
  ],
  [
    'state_dir: "C:\\dir"',
    ':1:15 a backslash in double quotes that begins no escape; double the backslash, or use single quotes',
  ],
  ['series: {}\n---\nseries: {}', ':2:1 a second document (---) in the file; keep one'],
  ['state_dir: !env HOME', ':1:12 a tag (!name), which a configuration needs nowhere; remove it'],
  [
    'state_dir: *home',
    ':1:12 an alias (*name) without its anchor (&name) before it; put the text in quotes if it begins with a star',
  ],
];

describe('a bad file', () => {
  test.each(BAD)('%s', async (yaml, line) => {
    expect(problemLines(await problemsOf(yaml))).toEqual([`fal-exporter.yml${line}`]);
  });
});
