/**
 * Names as Prometheus takes them. Rules: OpenTelemetry specification, "Prometheus and OpenMetrics
 * Compatibility" (https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/).
 */

/** A metric name: other characters become one `_`, runs collapse, and no digit leads. */
export function sanitizeMetricName(name: string): string {
  return sanitize(name, /[^a-zA-Z0-9_:]/g);
}

/** A label name: as a metric name, without the colon. Collapsing also keeps clear of the reserved `__` prefix. */
export function sanitizeLabelName(name: string): string {
  return sanitize(name, /[^a-zA-Z0-9_]/g);
}

function sanitize(name: string, foreign: RegExp): string {
  const clean = name.replace(foreign, '_').replace(/_{2,}/g, '_');
  if (clean === '') return '_';
  return /^[0-9]/.test(clean) ? `_${clean}` : clean;
}

const UNIT_WORDS: Readonly<Record<string, string>> = {
  s: 'seconds',
  By: 'bytes',
  '1': 'ratio',
  '{USD}': 'usd',
};

/**
 * The unit word for an OpenMetrics `# UNIT` line, or undefined. OpenMetrics refuses a unit that the family
 * name does not end in, so `{run}` and the like have none.
 */
export function unitWordIn(familyName: string, unit: string): string | undefined {
  const word = UNIT_WORDS[unit];
  return word !== undefined && familyName.endsWith(`_${word}`) ? word : undefined;
}
