import type { Ledger } from 'fal-simulator';
import type { Delivery } from '../http-sink.ts';

/** Sums by what they are of: requests by endpoint, operation and outcome; billable units by endpoint. */
export interface Measured {
  readonly requests: Readonly<Record<string, number>>;
  readonly units: Readonly<Record<string, number>>;
}

type Labels = Readonly<Record<string, string>>;

/** One series and its value. */
interface Sample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

/** What really happened. */
export function measuredByLedger({ jobs }: Ledger): Measured {
  return {
    requests: tally(jobs, ({ endpointId, outcome }) => [`${endpointId} subscribe ${outcome}`, 1]),
    units: tally(jobs, ({ endpointId, billableUnits = 0 }) => [endpointId, billableUnits]),
  };
}

/** What a scrape says. */
export function measuredByScrape(text: string): Measured {
  return measuredBySamples(samplesOf(text), 'fal_client_requests_total', 'fal_client_billable_units_total');
}

/** What a collector got, whichever way the numbers were told: as totals, or as what is new. */
export function measuredByOtlp(deliveries: readonly Delivery[]): Measured {
  const values = new Map<string, Sample>();
  for (const { name, point, isDelta } of deliveries.flatMap(pointsOf)) {
    const labels = Object.fromEntries(point.attributes.map(({ key, value }) => [key, value.stringValue]));
    const key = JSON.stringify([name, labels]);
    const before = isDelta ? (values.get(key)?.value ?? 0) : 0;
    values.set(key, { name, labels, value: before + Number(point.asDouble ?? point.asInt) });
  }
  return measuredBySamples([...values.values()], 'fal.client.requests', 'fal.client.billable_units');
}

/** The values that a label has on series that counted something. */
export function valuesOf(text: string, name: string, label: string): readonly (string | undefined)[] {
  const counted = samplesOf(text).filter((sample) => sample.name === name && sample.value > 0);
  return [...new Set(counted.map(({ labels }) => labels[label]))];
}

function measuredBySamples(samples: readonly Sample[], requests: string, units: string): Measured {
  const of = (name: string): readonly Sample[] => samples.filter((sample) => sample.name === name);
  return {
    requests: tally(of(requests), ({ labels, value }) => [
      `${labels.endpoint_id} ${labels.operation} ${labels.outcome}`,
      value,
    ]),
    units: tally(of(units), ({ labels, value }) => [labels.endpoint_id ?? '', value]),
  };
}

function samplesOf(text: string): readonly Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^(\w+)\{(.*)\} (\S+)/.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(
      ([, key = '', told = '']) => [key, told] as const,
    );
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

/** Sums; what is zero, as series are before their first increase, is left out. */
function tally<T>(
  items: readonly T[],
  entry: (item: T) => readonly [string, number],
): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const [key, amount] of items.map(entry)) if (amount !== 0) sums[key] = (sums[key] ?? 0) + amount;
  return sums;
}

/** The part of OTLP in JSON that we read: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
interface OtlpPush {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly OtlpMetric[] }[];
  }[];
}
interface OtlpMetric {
  readonly name: string;
  readonly sum?: { readonly aggregationTemporality: number; readonly dataPoints: readonly OtlpPoint[] };
}
interface OtlpPoint {
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[];
  readonly asInt?: number | string;
  readonly asDouble?: number;
}

const DELTA = 1;

function pointsOf({ body }: Delivery): readonly {
  readonly name: string;
  readonly isDelta: boolean;
  readonly point: OtlpPoint;
}[] {
  const { resourceMetrics } = JSON.parse(body) as OtlpPush;
  const metrics = resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((each) => each.metrics));
  return metrics.flatMap(({ name, sum }) =>
    (sum?.dataPoints ?? []).map((point) => ({
      name,
      isDelta: sum?.aggregationTemporality === DELTA,
      point,
    })),
  );
}
