import { setImmediate as nextTurn } from 'node:timers/promises';
import { APP_METRIC_PREFIX, type AppMetricFamily } from '../../domain/app-metrics.ts';
import { ExpositionText, ExpositionTextError, type TextMetric } from './exposition-text.ts';

const MOST_SAMPLES = 5000;
/** A few milliseconds of work between two turns of the event loop. */
const LINES_PER_TURN = 250;

export interface ReadAppMetricsOptions {
  /** Lets everything else of this process have its turn; `setImmediate` unless told otherwise. */
  readonly breathe?: (() => Promise<unknown>) | undefined;
}

/**
 * The metrics of deployed apps in fal's text. The whole text is checked, and only what has the prefix is kept.
 *
 * @throws ExpositionTextError for text that breaks a rule or was cut off, RangeError for more than 5,000 samples.
 */
export async function readAppMetrics(
  text: string,
  { breathe = nextTurn }: ReadAppMetricsOptions = {},
): Promise<AppMetricFamily[]> {
  const keeps = (name: string): boolean => name.startsWith(APP_METRIC_PREFIX);
  const exposition = new ExpositionText({ keeps, mostSamples: MOST_SAMPLES });
  const lines = text.split('\n');
  if (lines.pop() !== '')
    throw new ExpositionTextError(lines.length + 1, 'the text ends in the middle of it');
  for (const [index, line] of lines.entries()) {
    if (index > 0 && index % LINES_PER_TURN === 0) await breathe();
    exposition.read(line);
  }
  return familiesOf(exposition.metrics);
}

function familiesOf(metrics: ReadonlyMap<string, TextMetric>): AppMetricFamily[] {
  const families: AppMetricFamily[] = [];
  for (const [name, metric] of metrics) {
    // NaN is how a client library says that it does not know; what is unknown is absent here.
    const samples = metric.samples.filter(({ value }) => !Number.isNaN(value));
    if (samples.length === 0) continue;
    const help = metric.help ?? metrics.get(baseOf(name))?.help;
    families.push({ name, help: helpOf(help), isGauge: isGauge(name, metric), samples });
  }
  return families;
}

/**
 * A label `le` or `quantile`, or one of these endings, means something to Prometheus and its linter that a gauge does
 * not mean. fal has such a gauge: `fal_app_request_latency` with `le`. As untyped everybody takes it.
 */
const TYPED_SUFFIX = /_(?:bucket|sum|count|total|created|info)$/;

function isGauge(name: string, { type, samples }: TextMetric): boolean {
  if (type !== 'gauge' || TYPED_SUFFIX.test(name)) return false;
  return !samples.some(({ labels }) => labels.some(([label]) => label === 'le' || label === 'quantile'));
}

/** The family of a histogram's or a summary's sample, where HELP stands. */
function baseOf(name: string): string {
  return name.replace(/_(?:bucket|sum|count)$/, '');
}

function helpOf(text: string | undefined): string {
  return text === undefined || text.trim() === ''
    ? 'A metric of a deployed app, passed on from fal as it came.'
    : text;
}
