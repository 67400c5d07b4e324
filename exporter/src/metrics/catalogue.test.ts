import { readFileSync } from 'node:fs';
import { DURATION_BOUNDS } from 'opentelemetry-instrumentation-fal/core';
import { describe, expect, it } from 'vitest';
import { CATALOGUE, METRICS } from './catalogue.ts';
import { metricsMarkdown } from './metrics-md.ts';
import { sanitizeLabelName, sanitizeMetricName } from './naming.ts';

describe('the catalogue', () => {
  it('has each name once, also as sample names of other families', () => {
    const sampleNames = METRICS.flatMap(({ name, type }) =>
      type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    );
    expect(new Set(sampleNames).size).toBe(sampleNames.length);
    expect(new Set(METRICS.map(({ instrument }) => instrument)).size).toBe(METRICS.length);
  });

  it.each(METRICS)('names $name in a form that needs no sanitising', ({ name, labels, type }) => {
    expect(sanitizeMetricName(name)).toBe(name);
    for (const label of labels) expect(sanitizeLabelName(label)).toBe(label);
    expect(name.endsWith('_total')).toBe(type === 'counter');
  });

  it.each(METRICS)('tells what to do with $name in a sentence', ({ help }) => {
    expect(help.length).toBeGreaterThan(60);
    expect(help.endsWith('.')).toBe(true);
  });

  it('has bounds at every threshold that users named', () => {
    for (const threshold of [10, 15, 30, 60, 300]) expect(DURATION_BOUNDS).toContain(threshold);
  });

  it('never uses the label name endpoint, which Prometheus Operator sets itself', () => {
    expect(METRICS.filter(({ labels }) => labels.includes('endpoint'))).toEqual([]);
  });

  it.each(METRICS)('says of $name whose it is when it is measured for an account', ({ name, labels }) => {
    // The app names no account: its own telemetry says where it runs.
    const isOfAccount = !/^fal_(exporter|status|client|platform_data)_|^(process|nodejs)_/.test(name);
    expect(labels.indexOf('account')).toBe(isOfAccount ? 0 : -1);
  });
});

describe('METRICS.md', () => {
  it('is what the catalogue says', () => {
    const file = readFileSync(new URL('../../METRICS.md', import.meta.url), 'utf8');
    expect(file).toBe(metricsMarkdown(CATALOGUE));
  });

  it('has one table row per metric', () => {
    const rows = metricsMarkdown(CATALOGUE)
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows.map((row) => row.split('`')[1])).toEqual(METRICS.map(({ name }) => name));
    // A bar inside a cell would start a column of its own.
    for (const row of rows) expect(row.replaceAll('\\|', '').split('|')).toHaveLength(8);
  });
});
