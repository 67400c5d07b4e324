import { describe, expect, it } from 'vitest';
import { CLIENT_METRICS } from './client-metrics.ts';
import { linesOf } from './definition.ts';
import { DURATION_BOUNDS } from './duration-bounds.ts';

describe('the metrics of the app side', () => {
  it.each(CLIENT_METRICS)('$name has an instrument that becomes its Prometheus name', (metric) => {
    const { name, instrument, type } = metric;
    const translated = instrument.replaceAll('.', '_') + (type === 'counter' ? '_total' : '');
    expect(translated).toBe(name);
    expect(name).toMatch(/^fal_client_[a-z_]+$/);
  });

  it.each(CLIENT_METRICS)('$name names its unit in its name, and in the unit of the instrument', (metric) => {
    const { name, unit } = metric;
    expect(unit === 's').toBe(name.endsWith('_seconds'));
    expect(unit === '{USD}').toBe(/_usd(_total)?$/.test(name));
    // A gauge of unit 1 would be called a ratio by translators.
    expect(unit).not.toBe('1');
  });

  it.each(CLIENT_METRICS)('$name carries nothing that grows with the traffic', ({ labels }) => {
    const allowed = ['endpoint_id', 'operation', 'outcome', 'error_type', 'fault', 'state', 'status'];
    allowed.push('unit', 'source', 'reason', 'provider', 'direction');
    for (const label of labels) expect(allowed).toContain(label);
    expect(labels[0]).toBe('endpoint_id');
  });

  it.each(CLIENT_METRICS)('$name is fed by the app and tells what to do with it', ({ fedBy, help }) => {
    expect(fedBy).toBe('app');
    expect(help.length).toBeGreaterThan(60);
    expect(help.endsWith('.')).toBe(true);
  });

  it('count durations with the bounds that all durations have', () => {
    const histograms = CLIENT_METRICS.filter((metric) => metric.type === 'histogram');
    expect(histograms).toHaveLength(7);
    for (const metric of histograms) expect(metric.bounds).toBe(DURATION_BOUNDS);
  });
});

describe('the lines of a series', () => {
  it('are one, or for a histogram one per bound, +Inf, sum and count', () => {
    const lines = CLIENT_METRICS.map((metric) => [metric.type, linesOf(metric)]);
    for (const [type, count] of lines)
      expect(count).toBe(type === 'histogram' ? DURATION_BOUNDS.length + 3 : 1);
  });
});
