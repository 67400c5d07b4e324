import { describe, expect, it } from 'vitest';
import { otlpSettings } from './otlp-settings.ts';

const DEFAULTS = { protocol: 'http/protobuf', intervalMs: 15_000, timeoutMs: 10_000, problems: [] };

describe('OTLP push', () => {
  it.each([
    ['nothing is set', {}, false],
    ['an endpoint is set', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }, true],
    [
      'an endpoint for metrics is set',
      { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://c:4318/v1/metrics' },
      true,
    ],
    ['an endpoint for traces is set', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c:4318' }, false],
    ['an empty endpoint is set', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, false],
    ['the exporter is otlp', { OTEL_METRICS_EXPORTER: 'otlp' }, true],
    ['otlp is one exporter of several', { OTEL_METRICS_EXPORTER: 'prometheus, OTLP' }, true],
    [
      'the exporter is another one',
      { OTEL_METRICS_EXPORTER: 'prometheus', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' },
      false,
    ],
    [
      'the exporter is none',
      { OTEL_METRICS_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' },
      false,
    ],
    ['none is listed beside otlp', { OTEL_METRICS_EXPORTER: 'otlp,none' }, false],
    ['the SDK is disabled', { OTEL_METRICS_EXPORTER: 'otlp', OTEL_SDK_DISABLED: 'TRUE' }, false],
    ['the SDK is not disabled', { OTEL_METRICS_EXPORTER: 'otlp', OTEL_SDK_DISABLED: 'false' }, true],
  ])('when %s', (_, env, isOn) => {
    expect(otlpSettings(env)).toEqual(isOn ? DEFAULTS : undefined);
  });

  it('takes the protocol for metrics before the general one', () => {
    const env = { OTEL_METRICS_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
    expect(otlpSettings(env)?.protocol).toBe('grpc');
    expect(otlpSettings({ ...env, OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json' })?.protocol).toBe(
      'http/json',
    );
  });

  it('takes interval and timeout, and never lets a push outlast its interval', () => {
    const env = { OTEL_METRICS_EXPORTER: 'otlp', OTEL_METRIC_EXPORT_INTERVAL: '5000' };
    expect(otlpSettings(env)).toMatchObject({ intervalMs: 5000, timeoutMs: 5000 });
    const both = { ...env, OTEL_METRIC_EXPORT_TIMEOUT: '2000' };
    expect(otlpSettings(both)).toMatchObject({ intervalMs: 5000, timeoutMs: 2000 });
  });

  it.each(['0', '-1', 'soon', '1.5', '99999999999'])('says that an interval of %s is none', (interval) => {
    const settings = otlpSettings({ OTEL_METRICS_EXPORTER: 'otlp', OTEL_METRIC_EXPORT_INTERVAL: interval });
    expect(settings?.intervalMs).toBe(15_000);
    expect(settings?.problems).toEqual([
      expect.stringContaining(`OTEL_METRIC_EXPORT_INTERVAL is "${interval}"`),
    ]);
  });

  it('says that it does not know a protocol, and which there are', () => {
    const settings = otlpSettings({
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'carrier-pigeon',
    });
    expect(settings?.protocol).toBe('http/protobuf');
    expect(settings?.problems[0]).toMatch(/carrier-pigeon.*grpc, http\/protobuf, http\/json/);
  });
});
