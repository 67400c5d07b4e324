import { describe, expect, test } from 'vitest';
import { withVariables } from './environment.ts';
import { readFalSettings } from './fal-settings.ts';
import { readSdkSettings } from './sdk-settings.ts';

const noFiles = (): never => {
  throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
};

describe('the settings of the instrumentation', () => {
  test('are its defaults when no variable is set, or all are blank', () => {
    const blank = { OTEL_INSTRUMENTATION_FAL_PRICES: ' ', OTEL_INSTRUMENTATION_FAL_ATTRIBUTES: ' , ' };
    for (const env of [{}, blank]) {
      const { config, problems } = readFalSettings(env, noFiles);
      expect(problems).toEqual([]);
      expect(Object.values(config).filter((value) => value !== undefined)).toEqual([]);
    }
  });

  test('follow their variables', () => {
    const env = {
      OTEL_INSTRUMENTATION_FAL_PRICES:
        '{"fal-ai/flux/dev": 0.025, "a/b": {"unitPriceUsd": 0, "unit": "images"}}',
      OTEL_INSTRUMENTATION_FAL_FETCH_PRICES: 'TRUE',
      OTEL_INSTRUMENTATION_FAL_ATTRIBUTES: 'team, feature,team',
      OTEL_INSTRUMENTATION_FAL_GENAI: 'Latest',
      OTEL_INSTRUMENTATION_FAL_MAX_ENDPOINTS: ' 50 ',
    };
    expect(readFalSettings(env, noFiles)).toEqual({
      config: {
        prices: { 'fal-ai/flux/dev': 0.025, 'a/b': { unitPriceUsd: 0, unit: 'images' } },
        fetchPrices: true,
        attributes: ['team', 'feature'],
        genAi: 'latest',
        maxEndpoints: 50,
      },
      problems: [],
    });
  });

  test('prices may be in a file', () => {
    const readFile = (path: string): string => (path === 'fal/prices.json' ? '{"a/b": 0.5}' : noFiles());
    const { config } = readFalSettings({ OTEL_INSTRUMENTATION_FAL_PRICES: 'fal/prices.json' }, readFile);
    expect(config.prices).toEqual({ 'a/b': 0.5 });
  });

  test('a value that makes no sense is named with what was expected, and the others hold', () => {
    const env = {
      OTEL_INSTRUMENTATION_FAL_PRICES: '{"a/b": "cheap", "c/d": -1, "e/f": 0.1, "g/h": {"unit": "images"}}',
      OTEL_INSTRUMENTATION_FAL_FETCH_PRICES: 'yes',
      OTEL_INSTRUMENTATION_FAL_ATTRIBUTES: 'team,outcome',
      OTEL_INSTRUMENTATION_FAL_GENAI: 'v2',
      OTEL_INSTRUMENTATION_FAL_MAX_ENDPOINTS: '0',
    };
    const { config, problems } = readFalSettings(env, noFiles);
    expect(config).toEqual({
      prices: { 'e/f': 0.1 },
      fetchPrices: undefined,
      attributes: ['team'],
      genAi: undefined,
      maxEndpoints: undefined,
    });
    expect(problems).toHaveLength(5);
    expect(problems.join('\n')).toMatch(
      /"a\/b", "c\/d", "g\/h"[^]*true or false, and got "yes"[^]*"outcome"[^]*off, v1, latest, and got "v2"[^]*1 or more, and got "0"/,
    );
  });

  test.each([
    ['missing.json', 'cannot read the file "missing.json" (ENOENT)'],
    ['[0.025]', 'cannot read the file "[0.025]" (ENOENT)'],
    ['{"a/b": sk-secret}', 'this is no JSON object'],
  ])('prices that cannot be read are told, not thrown: %s', (given, problem) => {
    const { config, problems } = readFalSettings({ OTEL_INSTRUMENTATION_FAL_PRICES: given }, noFiles);
    expect(config.prices).toBeUndefined();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
    expect(problems[0]).not.toContain('secret');
  });

  test.each(['[1]', 'null', 'not json'])('a file with %s holds no prices', (text) => {
    const { config, problems } = readFalSettings({ OTEL_INSTRUMENTATION_FAL_PRICES: 'p.json' }, () => text);
    expect(config.prices).toBeUndefined();
    expect(problems[0]).toContain('the file "p.json" holds no JSON object');
  });
});

describe('where the measurements go', () => {
  test('Prometheus on this machine alone, and no traces, when nothing is said', () => {
    expect(readSdkSettings({})).toEqual({
      metrics: ['prometheus'],
      host: '127.0.0.1',
      port: 9464,
      intervalMs: 60_000,
      timeoutMs: 30_000,
      hasTraces: false,
      problems: [],
    });
  });

  test.each([
    ['otlp', ['otlp']],
    ['console, prometheus,', ['prometheus', 'console']],
    ['none', []],
    ['otlp,none', []],
    ['graphite', ['prometheus']],
    ['graphite,otlp', ['otlp']],
  ])('OTEL_METRICS_EXPORTER=%s', (given, metrics) => {
    const settings = readSdkSettings({ OTEL_METRICS_EXPORTER: given });
    expect(settings.metrics).toEqual(metrics);
    expect(settings.problems).toEqual(
      given.includes('graphite')
        ? ['OTEL_METRICS_EXPORTER: expected prometheus, otlp, console or none, and got "graphite"']
        : [],
    );
  });

  test('an address for metrics alone says where they go; one for everything says so of traces only', () => {
    const own = readSdkSettings({ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://127.0.0.1:4318/v1/metrics' });
    expect(own).toMatchObject({ metrics: ['otlp'], hasTraces: false });
    const all = readSdkSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' });
    expect(all).toMatchObject({ metrics: ['prometheus'], hasTraces: true });
  });

  test.each([
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, true],
    [{ OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }, false],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c:4318/v1/traces' }, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
  ])('traces are sent only where the app has a place for them: %j', (env, hasTraces) => {
    expect(readSdkSettings(env).hasTraces).toBe(hasTraces);
  });

  test('host, port and times follow their variables, and a timeout never outlives its interval', () => {
    const env = {
      OTEL_EXPORTER_PROMETHEUS_HOST: '0.0.0.0',
      OTEL_EXPORTER_PROMETHEUS_PORT: '9999',
      OTEL_METRIC_EXPORT_INTERVAL: '10000',
    };
    expect(readSdkSettings(env)).toMatchObject({
      host: '0.0.0.0',
      port: 9999,
      intervalMs: 10_000,
      timeoutMs: 10_000,
    });
  });

  test.each(['0', '65536', '9464x', '-1', '94.64', '1e3'])('%s is no port', (given) => {
    const { port, problems } = readSdkSettings({ OTEL_EXPORTER_PROMETHEUS_PORT: given });
    expect(port).toBe(9464);
    expect(problems).toEqual([
      `OTEL_EXPORTER_PROMETHEUS_PORT: expected a whole number, from 1 to 65535, and got "${given}"`,
    ]);
  });
});

describe('variables for a while', () => {
  test('are as they were afterwards, also when the work fails', () => {
    const env: Record<string, string | undefined> = { A: 'before', B: 'gone meanwhile' };
    const failing = (): never => {
      expect(env).toEqual({ A: 'now', C: 'new' });
      throw new Error('from the work');
    };
    expect(() => withVariables(env, { A: 'now', B: undefined, C: 'new' }, failing)).toThrow('from the work');
    expect(env).toEqual({ A: 'before', B: 'gone meanwhile' });
    expect(withVariables(env, {}, () => 7)).toBe(7);
  });
});
