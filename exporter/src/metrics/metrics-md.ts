import type { MetricDefinition } from 'opentelemetry-instrumentation-fal/core';
import type { CatalogueGroup } from './catalogue.ts';

/** Every metric and label as a page for people. The catalogue is its only source. */
export function metricsMarkdown(catalogue: readonly CatalogueGroup[]): string {
  return `${[INTRO, ...catalogue.map(groupSection), boundsSection(catalogue)].join('\n\n')}\n`;
}

const INTRO = `# Metrics of fal-observability

Generated from the catalogue in \`src/metrics/catalogue.ts\` by \`npm run generate\`; a test compares the two.

Names are the same on every road: \`/metrics\` as text or OpenMetrics, and OTLP push through a Collector,
Prometheus or Mimir with the translation strategy \`UnderscoreEscapingWithSuffixes\` (the default). What is unknown
is absent, never 0 and never NaN. An empty label is left out, which Prometheus reads as the same. Units are UCUM
codes; money is \`{USD}\`.

A *failure* is an error with \`fault!~"app|account"\`; an error ratio is failures ÷ finished without the cancelled.
Latency quantiles are over \`outcome=~"ok|timeout"\`. Counters and histograms add up across exporters; the gauges
with a label \`quantile\` or \`window\` do not.

Everything that is measured for an account carries its alias as \`account\` (\`account.name\` in the configuration), so
that several exporters in one Prometheus do not mix. *Fed by* says who writes a family; a collector that
is switched off, or that lacks its key, leaves its families out.`;

function groupSection({ title, intro, metrics }: CatalogueGroup): string {
  const rows = metrics.map(metricRow);
  const head = ['| name | type | unit | labels | fed by | meaning |', '|---|---|---|---|---|---|'];
  return [`## ${title}`, '', intro, '', ...head, ...rows].join('\n');
}

function metricRow(metric: MetricDefinition): string {
  const { name, type, unit, labels, fedBy, help } = metric;
  const cells = [
    `\`${name}\``,
    metric.type === 'gauge' && metric.scrapedAs !== undefined
      ? `${type} (${metric.scrapedAs} in a scrape)`
      : type,
    unit === '' ? '–' : `\`${unit}\``,
    labels.length === 0 ? '–' : labels.map((label) => `\`${label}\``).join(', '),
    fedBy,
    help.replaceAll('|', '\\|'),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Histograms with the same bounds share a line. */
function boundsSection(catalogue: readonly CatalogueGroup[]): string {
  const names = new Map<string, string[]>();
  for (const metric of catalogue.flatMap(({ metrics }) => metrics)) {
    if (metric.type !== 'histogram') continue;
    const bounds = metric.bounds.join(' ');
    names.set(bounds, [...(names.get(bounds) ?? []), `\`${metric.name}\``]);
  }
  const rows = [...names].map(([bounds, histograms]) => `- ${bounds}: ${histograms.join(', ')}`);
  const intro = 'Upper bounds in the unit of the histogram, inclusive; `+Inf` follows.';
  return ['## Bounds of the histograms', '', intro, '', ...rows].join('\n');
}
