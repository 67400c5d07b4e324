import { describe, expect, test } from 'vitest';
import { loadConfig } from './load.ts';
import { formatProblems, problemLines } from './problem.ts';
import { fileError, filesOf, loadText, problemsOf } from './test-load.ts';

/** Readings each minute, and room for twice as many calls. */
const EACH_MINUTE = { enabled: true, intervalMs: 60_000, callsPerHour: 120 };

const DEFAULTS = {
  account: {
    ...{ name: 'default', concurrencyLimit: undefined, lowBalance: 20e9, criticalBalance: 5e9 },
    ...{ hourlyBudget: undefined, monthlyBudget: undefined, grants: [] },
  },
  endpoints: [],
  probes: [
    {
      name: 'fal-hosts',
      tier: 'free',
      endpointId: undefined,
      intervalMs: 60_000,
      timeoutMs: 10_000,
      input: {},
    },
  ],
  budget: { perHour: 0.1e9, perDay: 1e9, perMonth: 20e9, worstCaseRun: 0.05e9 },
  collectors: {
    balance: EACH_MINUTE,
    lock: EACH_MINUTE,
    'billing-events': { ...EACH_MINUTE, callsPerHour: 240 },
    usage: { ...EACH_MINUTE, intervalMs: 300_000 },
    pricing: { ...EACH_MINUTE, intervalMs: 600_000 },
    models: { ...EACH_MINUTE, intervalMs: 3_600_000 },
    analytics: { ...EACH_MINUTE, intervalMs: 300_000 },
    'request-history': { ...EACH_MINUTE, callsPerHour: 240 },
    'status-page': { ...EACH_MINUTE, callsPerHour: 240 },
    'serverless-metrics': { ...EACH_MINUTE, enabled: false },
  },
  statusPage: { enabled: true, url: 'https://status.fal.ai' },
  listen: { host: '127.0.0.1', port: 10_464 },
  webConfigFile: undefined,
  stateDir: '/etc/fal/.fal-exporter',
  series: { limit: 50_000, expireAfterMs: 3_600_000 },
  simulatorUrl: undefined,
};

async function loaded(...arguments_: Parameters<typeof loadText>) {
  const result = await loadText(...arguments_);
  if (!result.ok) throw new Error(formatProblems(result.problems));
  return result;
}

describe('a configuration', () => {
  test('is complete without a file: one free probe and no money spent', async () => {
    const result = await loadConfig({ env: {}, cwd: '/etc/fal', readFile: filesOf({}) });
    expect(result).toMatchObject({ ok: true, config: DEFAULTS, warnings: [], source: { file: undefined } });
  });

  test.each([
    '',
    '# only a comment\n',
    '---\n',
    '\uFEFF',
    '\n\n',
    'probes:\nbudget:\nweb:\nlisten: 127.0.0.1:10464',
  ])('of %j is the defaults', async (text) => {
    expect((await loaded(text)).config).toEqual(DEFAULTS);
  });

  test('takes the example of the design', async () => {
    const { config } = await loaded(`
account: { name: default, concurrency_limit: 10, low_balance_usd: 20, critical_balance_usd: 5 }
probes:
  - { name: flux-schnell, endpoint_id: fal-ai/flux/schnell, tier: inference, interval: 5m, timeout: 45s,
      input: { prompt: "status probe", num_inference_steps: 1, image_size: square } }
  - { name: queue-gateway, tier: free, interval: 1m }
budget: { per_hour_usd: 0.10, per_day_usd: 1, per_month_usd: 20 }
`);
    expect(config).toEqual({
      ...DEFAULTS,
      account: { ...DEFAULTS.account, concurrencyLimit: 10 },
      endpoints: [{ id: 'fal-ai/flux/schnell', latencyLimitSeconds: 60 }],
      probes: [
        {
          ...{ name: 'flux-schnell', tier: 'inference', endpointId: 'fal-ai/flux/schnell' },
          ...{ intervalMs: 300_000, timeoutMs: 45_000 },
          input: { prompt: 'status probe', num_inference_steps: 1, image_size: 'square' },
        },
        {
          ...{ name: 'queue-gateway', tier: 'free', endpointId: undefined },
          ...{ intervalMs: 60_000, timeoutMs: 10_000, input: {} },
        },
      ],
    });
  });

  test('reads another status page, or none', async () => {
    const moved = await loaded('status_page: { url: "https://status.example.com/fal/" }');
    expect(moved.config.statusPage).toEqual({ enabled: true, url: 'https://status.example.com/fal' });
    const off = await loaded('status_page: { enabled: false }');
    expect(off.config.statusPage).toEqual({ enabled: false, url: 'https://status.fal.ai' });
  });

  test.each([
    'status_page: { enabled: false }',
    'collectors: { status_page: { enabled: false } }',
    'collectors: { status_page: { enabled: true } }\nstatus_page: { enabled: false }',
  ])('reads no status page after %s', async (text) => {
    const { config } = await loaded(text);
    expect([config.statusPage.enabled, config.collectors['status-page'].enabled]).toEqual([false, false]);
  });

  test('runs no probe when the list is written and empty', async () => {
    expect((await loaded('probes: []')).config.probes).toEqual([]);
  });

  test('gives each tier its own defaults, and never a default timeout beyond the interval', async () => {
    const { config } = await loaded(`
probes:
  - { name: a, tier: queue, endpoint_id: x/y }
  - { name: b, tier: inference, endpoint_id: x/y }
  - { name: c, tier: inference, endpoint_id: x/y, interval: 1m }
  - { name: d, tier: free, interval: 5s }
`);
    expect(config.probes.map(({ intervalMs, timeoutMs }) => [intervalMs, timeoutMs])).toEqual([
      [300_000, 30_000],
      [300_000, 120_000],
      [60_000, 60_000],
      [5000, 5000],
    ]);
  });

  test('joins models that only probes mention to the list, behind those with limits', async () => {
    const { config } = await loaded(`
endpoints:
  - { id: fal-ai/kling-video/v2, latency_limit: 10m }
  - { id: fal-ai/unprobed }
probes:
  - { name: a, tier: inference, endpoint_id: fal-ai/flux/dev }
  - { name: b, tier: queue, endpoint_id: fal-ai/kling-video/v2 }
`);
    expect(config.endpoints).toEqual([
      { id: 'fal-ai/kling-video/v2', latencyLimitSeconds: 600 },
      { id: 'fal-ai/unprobed', latencyLimitSeconds: 60 },
      { id: 'fal-ai/flux/dev', latencyLimitSeconds: 60 },
    ]);
  });

  test.each([
    ['0.0.0.0:80', '0.0.0.0', 80],
    ['localhost:0', 'localhost', 0],
    ['"[::1]:10464"', '::1', 10_464],
    ['{ host: "::", port: 9000 }', '::', 9000],
    ['{ port: 9000 }', '127.0.0.1', 9000],
    ['{ host: exporter.internal }', 'exporter.internal', 10_464],
  ])('listens on %s', async (written, host, port) => {
    expect((await loaded(`listen: ${written}`)).config.listen).toEqual({ host, port });
  });

  test('takes the web configuration from beside the file and the state from the working directory', async () => {
    const readFile = filesOf({ '/srv/conf/fal.yml': 'web: { config_file: tls/web.yml }\nstate_dir: state' });
    const { config } = await loaded('', { path: '/srv/conf/fal.yml', readFile });
    expect(config.webConfigFile).toBe('/srv/conf/tls/web.yml');
    expect(config.stateDir).toBe('/etc/fal/state');
  });

  test('keeps the input of a probe as it stands, down to keys that JavaScript treats in a special way', async () => {
    const { config } = await loaded(`
probes:
  - name: a
    tier: inference
    endpoint_id: x/y
    input:
      base: &base { seed: 7, note: null }
      again: *base
      list: [1, 2.5, true, "03"]
      __proto__: { polluted: true }
      constructor: text
      2024-01-01: a date that stays a text
`);
    const input = config.probes[0]?.input ?? {};
    expect(JSON.parse(JSON.stringify(input))).toEqual(
      JSON.parse(`{ "base": { "seed": 7, "note": null }, "again": { "seed": 7, "note": null },
        "list": [1, 2.5, true, "03"], "__proto__": { "polluted": true }, "constructor": "text",
        "2024-01-01": "a date that stays a text" }`),
    );
    expect(Object.getPrototypeOf(input)).toBe(Object.prototype);
    expect({}).not.toHaveProperty('polluted');
  });

  test('counts money in whole nano-dollars', async () => {
    const { config } = await loaded(
      'budget: { per_hour_usd: 0.1, per_day_usd: 0.3, worst_case_run_usd: 0.0001 }',
    );
    expect(config.budget).toMatchObject({ perHour: 100_000_000, perDay: 300_000_000, worstCaseRun: 100_000 });
  });

  test('tells which options were given, and by which file', async () => {
    const { source } = await loaded('series: { limit: 2000 }', { flags: { stateDir: 's' } });
    expect(source.file).toBe('fal-exporter.yml');
    expect(source.given.has('series.limit')).toBe(true);
    expect(source.given.has('state_dir')).toBe(true);
    expect(source.given.has('listen')).toBe(false);
  });
});

describe('the command line and the environment', () => {
  const flags = {
    ...{ listen: '0.0.0.0:0', stateDir: 'flag-state', webConfigFile: 'flag-web.yml' },
    simulatorUrl: 'http://flag:1',
  };

  test('win over the file, with paths relative to the working directory', async () => {
    const text =
      'listen: 127.0.0.1:1\nstate_dir: /file\nweb: { config_file: w }\nsimulator_url: http://file:1/';
    const { config } = await loaded(text, { flags, env: { FAL_SIMULATOR_URL: 'http://env:1' } });
    expect(config).toMatchObject({
      ...{ listen: { host: '0.0.0.0', port: 0 }, stateDir: '/etc/fal/flag-state' },
      ...{ webConfigFile: '/etc/fal/flag-web.yml', simulatorUrl: 'http://flag:1' },
    });
  });

  test('rank: command line, environment, file', async () => {
    const text = 'simulator_url: http://file:1/';
    const env = { FAL_SIMULATOR_URL: ' http://env:1/ ' };
    expect((await loaded(text, { env })).config.simulatorUrl).toBe('http://env:1');
    expect((await loaded(text, { env: { FAL_SIMULATOR_URL: '' } })).config.simulatorUrl).toBe(
      'http://file:1',
    );
  });

  test('are refused by their own names, together with what is wrong in the file', async () => {
    const result = await loadText('series: { limit: 1 }', {
      flags: { listen: '80' },
      env: { FAL_SIMULATOR_URL: 'http://user:password@host' },
    });
    expect(result.ok ? [] : problemLines(result.problems)).toEqual([
      'fal-exporter.yml:1:18 series.limit: got 1, expected a whole number from 1000 to 1000000',
      '--listen: got "80", expected host:port with a port from 0 (any free one) to 65535, such as 127.0.0.1:10464 or ' +
        '"[::1]:10464"; write 127.0.0.1:80 for this machine only, or 0.0.0.0:80 for every network',
      'FAL_SIMULATOR_URL: not usable, expected an http or https URL of a fal-simulator without user, query or fragment',
    ]);
  });

  test('FAL_EXPORTER_CONFIG names the file, unless --config does', async () => {
    const readFile = filesOf({ '/a.yml': 'state_dir: /a', '/b.yml': 'state_dir: /b' });
    const env = { FAL_EXPORTER_CONFIG: '/a.yml' };
    expect((await loaded('', { env, readFile })).config.stateDir).toBe('/a');
    expect((await loaded('', { env, readFile, path: '/b.yml' })).config.stateDir).toBe('/b');
  });
});

describe('a file that cannot be read', () => {
  const utf16 = Buffer.from('\uFEFFlisten: x', 'utf16le');

  test.each([
    [
      'is missing although it was named',
      undefined,
      'the file does not exist; look at the path, or leave it out to run on the defaults',
    ],
    [
      'is forbidden',
      fileError('EACCES'),
      'the file may not be read; allow the user that runs the exporter to read it',
    ],
    ['is a folder', fileError('EISDIR'), 'it is a folder; name the file in it'],
    ['is on a broken disk', fileError('EIO'), 'the file cannot be read (EIO)'],
    ['is too large', Buffer.alloc(1_000_001, 35), 'the file is larger than 1000 kB'],
    ['has NUL bytes', 'listen: \0', 'the file is binary (it has NUL bytes)'],
    ['is in UTF-16', utf16, 'the file is in UTF-16; save it in UTF-8'],
    ['is in Latin-1', Buffer.from('# caf\xe9', 'latin1'), 'the file is not text in UTF-8; save it in UTF-8'],
  ])('because it %s is a problem', async (_why, content, sentence) => {
    const readFile = filesOf(content === undefined ? {} : { '/etc/fal/my.yml': content });
    const result = await loadConfig({ path: 'my.yml', env: {}, cwd: '/etc/fal', readFile });
    expect(result.ok ? [] : problemLines(result.problems)).toEqual([`my.yml ${sentence}`]);
  });

  test('of exactly the greatest size is read', async () => {
    const text = `state_dir: /x\n${'#'.repeat(1_000_000 - 14)}`;
    expect((await loaded(text)).config.stateDir).toBe('/x');
  });
});

describe('problems', () => {
  test('are told all at once, in the order of the file, with the offending part underlined', async () => {
    const text = `acount: { name: x }
probes:
  - name: flux
    endpoint_id: fal-ai/flux/schnell
    tier: inference
    intervall: 5m
    timeout: 45
  - { name: flux, tier: queue, interval: 5s }
budget: { per_hour_usd: 2, per_day_usd: 1 }
`;
    expect(formatProblems(await problemsOf(text))).toBe(`7 problems in the configuration

fal-exporter.yml:1:1 acount
  unknown key \`acount\`, expected one of account, endpoints, probes, budget, collectors, status_page, listen, web, state_dir, series, simulator_url; did you mean \`account\`?
    1 | acount …
      | ^^^^^^

fal-exporter.yml:6:5 probes[0].intervall
  unknown key \`intervall\`, expected one of name, tier, endpoint_id, interval, timeout, input; did you mean \`interval\`?
    6 |     intervall …
      |     ^^^^^^^^^

fal-exporter.yml:7:14 probes[0].timeout
  got 45, expected a duration from 1s to 1h such as 30s, 5m or 1h30m; write 45s
    7 |     timeout: 45
      |              ^^

fal-exporter.yml:8:5 probes[1].endpoint_id
  missing, expected an endpoint id such as fal-ai/flux/schnell, since the tier is queue
    8 |   - { …
      |     ^

fal-exporter.yml:8:13 probes[1].name
  "flux" again, expected one that probes[0] does not have
    8 |   - { name: flux …
      |             ^^^^

fal-exporter.yml:8:42 probes[1].interval
  got 5s, expected at least 10s for the tier queue
    8 |   - { name: flux, tier: queue, interval: 5s …
      |                                          ^^

fal-exporter.yml:9:41 budget.per_day_usd
  got 1, expected no less than per_hour_usd, which is 2
    9 | budget: { per_hour_usd: 2, per_day_usd: 1 …
      |                                         ^
`);
  });

  test('never show what a probe is given, nor the value of an unknown key', async () => {
    const text = `probes:
  - { input: { prompt: a private thought }, promt: a private thought, tier: fre, name: x }
  - { name: y, tier: free, input: a private thought }
  - { name: z, tier: free, input: [a private thought], endpoint_id: { prompt: a private thought }, interval: 1 }
budget: [a private thought]
probe: a private thought
`;
    const told = formatProblems(await problemsOf(text));
    expect(told).toMatch(/^8 problems/);
    expect(told).not.toContain('private');
    expect(told).toContain('probes[0].tier');
  });

  test('shorten long values and clean control characters', async () => {
    const [problem] = await problemsOf(`account: { name: "\\e[31m${'x'.repeat(500)}" }`);
    expect(problem?.found).toBe(`got " [31m${'x'.repeat(34)}…"`);
    expect(formatProblems([problem ?? { path: '', found: '' }])).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  });

  test('end at fifty, and the rest is counted', async () => {
    const problems = await problemsOf(Array.from({ length: 80 }, (_, index) => `key${index}: 1`).join('\n'));
    expect(problems).toHaveLength(51);
    expect(problems.at(-1)?.found).toBe('and 30 more problems');
  });
});
