import { describe, expect, test } from 'vitest';
import { formatProblems } from './problem.ts';
import { loadText } from './test-load.ts';

async function warningsOf(text: string): Promise<readonly string[]> {
  const loaded = await loadText(text);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.warnings;
}

describe('a warning', () => {
  const queue = (id: string): string => `probes: [{ name: v, tier: queue, endpoint_id: ${id} }]`;

  test('names a video model without a limit, and the line to add', async () => {
    expect(await warningsOf(queue('fal-ai/kling-video/v2'))).toEqual([
      'endpoints: fal-ai/kling-video/v2 looks like a video model, which needs minutes, and has the usual limit of 1m; ' +
        'add - { id: fal-ai/kling-video/v2, latency_limit: 5m } to endpoints, or it will look slow all the time',
    ]);
    expect(await warningsOf('endpoints: [{ id: x/image-to-video }]')).toHaveLength(1);
  });

  test('is not given for a video model with a limit, whatever the limit is', async () => {
    const text = `endpoints: [{ id: a/video, latency_limit: 60s }]\n${queue('a/video')}`;
    expect(await warningsOf(text)).toEqual([]);
    expect(await warningsOf(queue('fal-ai/flux/dev'))).toEqual([]);
  });

  test('says when a timeout is longer than the interval', async () => {
    expect(await warningsOf('probes: [{ name: p, tier: free, interval: 30s, timeout: 1m }]')).toEqual([
      'probes[0].timeout: 1m is longer than the interval of p (30s); runs of one probe never overlap, so a slow run ' +
        'delays the next',
    ]);
    expect(await warningsOf('probes: [{ name: p, tier: free, interval: 30s, timeout: 30s }]')).toEqual([]);
  });

  test('says when the input of a free probe is not used', async () => {
    expect(await warningsOf('probes: [{ name: p, tier: free, input: { prompt: secret } }]')).toEqual([
      'probes[0].input: p is a free probe, which asks no model; the input is not used',
    ]);
  });

  describe('about money', () => {
    const probes = (interval: string): string => `probes:
  - { name: a, tier: inference, endpoint_id: a/b, interval: ${interval} }
  - { name: b, tier: inference, endpoint_id: a/c, interval: ${interval} }
`;

    test('says when probes may cost more than the budget of an hour', async () => {
      expect(await warningsOf(probes('10m'))).toEqual([
        'budget: 12 inference runs per hour at worst_case_run_usd 0.05 each could cost 0.6 USD and budget.per_hour_usd ' +
          'is 0.1; while their price is unknown, runs beyond the budget are skipped; probe less often, or set ' +
          'worst_case_run_usd to what a run really costs at most',
      ]);
    });

    test('says when not even one run fits', async () => {
      expect(await warningsOf(`${probes('10m')}budget: { worst_case_run_usd: 0.2 }`)).toEqual([
        'budget: budget.per_hour_usd is 0.1, less than one run at worst_case_run_usd 0.2 each; while its price is ' +
          'unknown, no inference probe will run',
      ]);
    });

    test('is not given when the worst case just fits, nor for probes that cost nothing', async () => {
      expect(await warningsOf(`${probes('1h')}budget: { worst_case_run_usd: 0.05 }`)).toEqual([]);
      expect(await warningsOf('budget: { per_hour_usd: 0 }')).toEqual([]);
    });
  });

  describe('about the calls of a collector', () => {
    const balance = (more: string): string => `collectors: { balance: { ${more} } }`;

    test('says when they do not allow its readings', async () => {
      expect(await warningsOf(balance('interval: 10s, calls_per_hour: 359'))).toEqual([
        'collectors.balance: a reading every 10s needs at least 360 calls per hour and calls_per_hour is 359; what is ' +
          'beyond it waits; read less often, or allow more calls',
      ]);
    });

    test('counts a call for each fifty models', async () => {
      const models = Array.from({ length: 51 }, (_, index) => `{ id: a/m${index} }`).join(', ');
      const text = `endpoints: [${models}]\ncollectors: { pricing: { calls_per_hour: 11 } }`;
      expect(await warningsOf(text)).toEqual([expect.stringContaining('needs at least 12 calls per hour')]);
    });

    test('is not given when they just do, for one that is off, nor for any default', async () => {
      expect(await warningsOf(balance('interval: 10s, calls_per_hour: 360'))).toEqual([]);
      expect(await warningsOf(balance('enabled: false, calls_per_hour: 1'))).toEqual([]);
      expect(await warningsOf('collectors: { interval: 10s }')).toEqual([]);
      expect(await warningsOf('collectors: { interval: 24h }')).toEqual([]);
    });
  });

  test.each(['0.0.0.0:1', '"[::]:1"', 'exporter.internal:1', '10.0.0.1:1'])(
    'says that %s is open to others, unless there is a web configuration',
    async (listen) => {
      const [warning] = await warningsOf(`listen: ${listen}`);
      expect(warning).toMatch(/^listen: .* may be reached from other machines/);
      expect(await warningsOf(`listen: ${listen}\nweb: { config_file: web.yml }`)).toEqual([]);
    },
  );

  test.each(['127.0.0.1:1', '127.1.2.3:1', 'localhost:1', '"[::1]:1"'])(
    'is not given for %s',
    async (listen) => {
      expect(await warningsOf(`listen: ${listen}`)).toEqual([]);
    },
  );
});
