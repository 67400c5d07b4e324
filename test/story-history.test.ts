import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RequestFact } from './history/ledger-facts.ts';
import { type Past, buildPast } from './history/past.ts';
import { type PastPrometheus, startPastPrometheus } from './history/past-prometheus.ts';
import { bucketOf, latencies, quantile } from './history/truth.ts';

const NAMES = ['ordinary', 'outage'] as const;
/** On a machine that has nothing else to do each takes some ten seconds. */
const BUILT_WITHIN_MS = 1_200_000;

interface Known {
  readonly past: Past;
  readonly prometheus: PastPrometheus;
}

const known = new Map<string, Known>();

beforeAll(async () => {
  await Promise.all(
    NAMES.map(async (name) => {
      const past = await buildPast(name, { hours: 2 });
      known.set(name, { past, prometheus: await startPastPrometheus(past, { rules: 'none' }) });
    }),
  );
}, BUILT_WITHIN_MS);

afterAll(async () => {
  for (const { past, prometheus } of known.values()) {
    await prometheus.stop();
    await past.remove();
  }
});

function the(name: string): Known {
  const found = known.get(name);
  if (found === undefined) throw new Error(`the past ${name} was not built`);
  return found;
}

/** What an instant query gives at the end of the past, by the labels that are asked for; without zeros. */
async function atEnd(
  { past, prometheus }: Known,
  promql: string,
  by: readonly string[],
): Promise<Record<string, number>> {
  const samples = await prometheus.query(promql, past.end);
  const keyOf = (labels: Readonly<Record<string, string>>): string =>
    by.map((name) => labels[name] ?? '').join(' ');
  return Object.fromEntries(
    samples.filter(({ value }) => value !== 0).map(({ labels, value }) => [keyOf(labels), value]),
  );
}

function counted<T>(facts: readonly T[], keyOf: (fact: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const fact of facts) counts[keyOf(fact)] = (counts[keyOf(fact)] ?? 0) + 1;
  return counts;
}

function ended({ past }: Known): RequestFact[] {
  return past.facts.requests.filter(({ outcome }) => outcome !== 'pending');
}

describe.each(NAMES)('the past %s', (name) => {
  test('has every request of the app, by endpoint, operation and outcome', async () => {
    const here = the(name);
    expect(ended(here).length).toBeGreaterThan(300);
    const labels = ['endpoint_id', 'operation', 'outcome'];
    const measured = await atEnd(here, `sum by (${labels.join()}) (fal_client_requests_total)`, labels);
    expect(measured).toEqual(
      counted(ended(here), ({ endpointId, operation, outcome }) => `${endpointId} ${operation} ${outcome}`),
    );
  });

  test('has every error of the app, by type and fault', async () => {
    const here = the(name);
    const labels = ['endpoint_id', 'error_type', 'fault'];
    const measured = await atEnd(here, `sum by (${labels.join()}) (fal_client_errors_total)`, labels);
    const failed = ended(here).filter(({ errorType }) => errorType !== undefined);
    expect(failed.length).toBeGreaterThan(0);
    expect(measured).toEqual(
      counted(failed, ({ endpointId, errorType, fault }) => `${endpointId} ${errorType} ${fault}`),
    );
  });

  test.each([0.5, 0.95, 0.99])('has the quantile %d of each endpoint, within its bucket', async (share) => {
    const here = the(name);
    const buckets = 'fal_client_request_duration_seconds_bucket{outcome=~"ok|timeout"}';
    const promql = `histogram_quantile(${share}, sum by (endpoint_id, le) (${buckets}))`;
    const measured = await atEnd(here, promql, ['endpoint_id']);
    const byEndpoint = Map.groupBy(ended(here), ({ endpointId }) => endpointId);
    expect(Object.keys(measured).length).toBeGreaterThan(4);
    for (const [endpointId, seconds] of Object.entries(measured)) {
      const waited = latencies(byEndpoint.get(endpointId) ?? []);
      const { from, to } = bucketOf(quantile(waited, share));
      expect(seconds, endpointId).toBeGreaterThanOrEqual(from);
      expect(seconds, endpointId).toBeLessThanOrEqual(to);
    }
  });

  test('has the seconds that models ran for the app, to the millisecond', async () => {
    const here = the(name);
    const measured = await atEnd(here, 'sum by (endpoint_id) (fal_client_inference_seconds_sum)', [
      'endpoint_id',
    ]);
    const subscribed = ended(here).filter(
      ({ operation, outcome }) => operation === 'subscribe' && outcome === 'ok',
    );
    const byEndpoint = Map.groupBy(subscribed, ({ endpointId }) => endpointId);
    expect(byEndpoint.size).toBeGreaterThan(2);
    for (const [endpointId, requests] of byEndpoint) {
      const seconds = requests.reduce((sum, { inferenceSeconds = 0 }) => sum + inferenceSeconds, 0);
      const failed = ended(here).filter(
        (each) => each.endpointId === endpointId && each.outcome === 'error',
      ).length;
      // What failed ran as well, for as long as it lasted.
      expect(measured[endpointId], endpointId).toBeGreaterThanOrEqual(seconds - 0.01);
      if (failed === 0) expect(measured[endpointId], endpointId).toBeCloseTo(seconds, 2);
    }
  });

  test('has the money that fal billed, up to a job that a reader may have seen last', async () => {
    const here = the(name);
    const measured = await atEnd(here, 'sum by (endpoint_id) (fal_account_spend_usd_total)', ['endpoint_id']);
    const byEndpoint = Map.groupBy(here.past.facts.jobs, ({ endpointId }) => endpointId);
    expect(Object.keys(measured).length).toBeGreaterThan(3);
    for (const [endpointId, usd] of Object.entries(measured)) {
      const bills = (byEndpoint.get(endpointId) ?? [])
        .filter(({ endedAt }) => endedAt !== undefined)
        .sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0));
      expect(
        possibleSums(bills, here.past.end).some((sum) => Math.abs(sum - usd) < 1e-6),
        endpointId,
      ).toBe(true);
    }
  });
});

/** Billing is half a minute behind and read every two minutes. */
const BILL_LAG_SECONDS = 180;

/** What may have been billed by the end, for each of the newest jobs that may be the last one in it. */
function possibleSums(
  bills: readonly { readonly endedAt?: number; readonly chargedUsd: number }[],
  end: number,
): number[] {
  let sum = 0;
  const sums: number[] = [];
  for (const { endedAt = 0, chargedUsd } of bills) {
    if (endedAt > end - BILL_LAG_SECONDS) sums.push(sum);
    sum += chargedUsd;
  }
  return [...sums, sum];
}
