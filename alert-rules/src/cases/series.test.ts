import { describe, expect, it } from 'vitest';
import { counter, durations, gauge, queueWaits, traffic } from './series.ts';

describe('a counter', () => {
  it('begins at zero and grows from where the phase before it ended', () => {
    expect(
      counter([
        { minutes: 1, value: 4 },
        { minutes: 0.5, value: 8 },
      ]),
    ).toBe('0 1+1x3 6+2x1');
  });

  it('begins again at zero when its process does', () => {
    expect(
      counter([
        { minutes: 1, value: 4 },
        { minutes: 1, value: 4, restart: true },
      ]),
    ).toBe('0 1+1x3 0+1x3');
  });

  it('goes on while nobody looks, and is stale for Prometheus', () => {
    expect(
      counter([
        { minutes: 1, value: 4, missing: true },
        { minutes: 0.25, value: 4 },
      ]),
    ).toBe('0 stale _x3 5+1x0');
  });

  it('cannot have half a sample', () => {
    expect(() => counter([{ minutes: 0.1, value: 1 }])).toThrow('0.1 min is not a whole number of steps');
  });
});

describe('a gauge', () => {
  it('stands at its value from the very start', () => {
    expect(
      gauge(
        [
          { minutes: 2, value: 3 },
          { minutes: 1, value: 0 },
        ],
        { step: 60 },
      ),
    ).toBe('3+0x2 0+0x0');
  });
});

describe('traffic', () => {
  it('is counted by outcome, and its errors by type and by whose fault they are', () => {
    const series = traffic([
      { minutes: 1, perMinute: { ok: 8, client_timeout: 4, validation_error: 4, aborted: 4 } },
    ]);
    const shown = Object.entries(series).map(
      ([name, values]) => `${name.replace(/job.*operation="\w+", /, '')} ${values}`,
    );
    expect(shown).toEqual([
      'fal_client_requests_total{outcome="ok"} 0 2+2x3',
      'fal_client_requests_total{outcome="timeout"} 0 1+1x3',
      'fal_client_requests_total{outcome="error"} 0 1+1x3',
      'fal_client_requests_total{outcome="cancelled"} 0 1+1x3',
      'fal_client_errors_total{error_type="client_timeout", fault="unknown"} 0 1+1x3',
      'fal_client_errors_total{error_type="validation_error", fault="app"} 0 1+1x3',
    ]);
  });
});

describe('a histogram', () => {
  const told = durations([{ minutes: 1, perMinute: { 5: 8, 4000: 4 } }]);
  const bucket = (le: string): string | undefined =>
    Object.entries(told).find(([name]) => name.includes(`le="${le}"`))?.[1];

  it('has all its buckets, each with what took at most that long', () => {
    expect(bucket('4')).toBe('0 0+0x3');
    expect(bucket('6')).toBe('0 2+2x3');
    expect(bucket('3600')).toBe('0 2+2x3');
    expect(bucket('+Inf')).toBe('0 3+3x3');
  });

  it('writes whole bounds as the scraped format does', () => {
    const names = Object.keys(
      durations([{ minutes: 1, perMinute: { 5: 8 } }], { spelling: 'openmetrics' }),
    ).join('\n');
    expect(names).toContain('le="60.0"');
    expect(names).toContain('le="0.05"');
    expect(Object.keys(told).join('\n')).toContain('le="60"');
  });

  it('of queue waits knows no operation and no outcome', () => {
    expect(Object.keys(queueWaits([{ minutes: 1, perMinute: { 5: 8 } }])).join('\n')).not.toMatch(
      /operation|outcome/,
    );
  });
});
