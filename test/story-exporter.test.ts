import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  FAKE_ADMIN_KEY,
  FAKE_API_KEY,
  type Job,
  type Simulator,
  type SimulatorServer,
  createSimulator,
  defaultWorld,
  trueInferenceMs,
} from 'fal-simulator';
import { DURATION_BOUNDS } from 'opentelemetry-instrumentation-fal/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testCollectors, testConfig } from '../exporter/src/config/test-config.ts';
import { systemClock } from '../exporter/src/domain/clock.ts';
import { type Exporter, startExporter } from '../exporter/src/exporter.ts';
import { createLog } from '../exporter/src/log.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';
import { checkMetrics } from './promtool.ts';
import { waitUntil } from './wait-until.ts';

/**
 * What Prometheus says against what really happened. Sixty runs can be paid; then the budget stops the probes by
 * itself, so that the numbers stand still and can be compared with the simulator's ledger one by one.
 */
const ENDPOINTS = ['fal-ai/flux/schnell', 'fal-ai/fast-sdxl', 'fal-ai/flux/dev'];
const PRICE_NANO = 10_000_000;
const PAID_RUNS = 60;

/** A model whose runs take the given median, at one unit of the one price, without strangers in its queue. */
function worldForTheStory(): ReturnType<typeof defaultWorld> {
  const world = defaultWorld();
  ENDPOINTS.forEach((id, index) => {
    const endpoint = world.endpoints.get(id);
    if (endpoint === undefined) throw new Error(`the default world has no ${id}`);
    Object.assign(endpoint, { unitPriceNano: PRICE_NANO, unitsPerRequest: 1, foreignQueue: 0 });
    endpoint.inference = { medianMs: 400 + index * 500, sigma: 0.35 };
  });
  return world;
}

let simulator: Simulator;
let server: SimulatorServer;
let exporter: Exporter;
let prometheus: Prometheus;
let textOnly: Server;
let stateDir: string;

/** The same exporter for a scraper that takes neither OpenMetrics nor gzip. */
function startTextRelay(target: string): Promise<Server> {
  const relay = createServer((_request, response) => {
    void fetch(`${target}/metrics`, {
      headers: { accept: 'text/plain', 'accept-encoding': 'identity' },
    }).then(async (answer) => {
      response.setHeader('content-type', answer.headers.get('content-type') ?? '');
      response.end(await answer.text());
    });
  });
  return new Promise((resolve) => relay.listen(0, '127.0.0.1', () => resolve(relay)));
}

beforeAll(async () => {
  simulator = createSimulator({ seed: 11, world: worldForTheStory() });
  server = await simulator.listen();
  for (const [endpointId, errorType] of [
    ['fal-ai/fast-sdxl', 'internal_server_error'],
    ['fal-ai/flux/dev', 'content_policy_violation'],
    ['fal-ai/flux/schnell', 'runner_server_error'],
  ] as const) {
    simulator.engine.failNext({ endpointId, errorType, times: 2, final: true });
  }
  stateDir = mkdtempSync(join(tmpdir(), 'fal-observability-story-'));
  const config = testConfig({
    probes: ENDPOINTS.map((endpointId) => ({
      ...{ name: endpointId.replaceAll('/', '-'), endpointId, tier: 'inference' as const },
      ...{ intervalMs: 1_500, timeoutMs: 30_000, input: { prompt: 'status probe' } },
    })),
    account: { name: 'story', concurrencyLimit: 10, lowBalance: 20e9, criticalBalance: 5e9, grants: [] },
    budget: { perHour: PAID_RUNS * PRICE_NANO, perDay: 1e12, perMonth: 1e12, worstCaseRun: PRICE_NANO },
    ...{
      collectors: testCollectors({ intervalMs: 2_000, callsPerHour: 10_000 }),
      stateDir,
      simulatorUrl: server.url,
    },
  });
  exporter = await startExporter({
    ...{ config, clock: systemClock, random: Math.random, randomUuid: () => crypto.randomUUID(), fetch },
    ...{
      falKey: () => FAKE_API_KEY,
      falAdminKey: () => FAKE_ADMIN_KEY,
      env: {},
      version: '0.0.0',
      isDemo: true,
    },
    ...{ log: createLog({ clock: systemClock, write: () => undefined, redact: (t) => t }), redact: (t) => t },
  });
  textOnly = await startTextRelay(exporter.url);
  const textTarget = `127.0.0.1:${(textOnly.address() as AddressInfo).port}`;
  const targets = { 'fal-exporter': [new URL(exporter.url).host, textTarget] };
  prometheus = await startPrometheus({ targets });
  await waitUntil(
    'the budget is used up and every run is over',
    async () => {
      const [left] = await prometheus.query('min(fal_probe_budget_remaining_usd{window="hour"})');
      const [busy] = await prometheus.query('max(fal_account_slots_in_use)');
      const [skipped] = await prometheus.query('sum(increase(fal_probe_skipped_total{reason="budget"}[5s]))');
      const isDone =
        left !== undefined && left.value < 0.0099 && busy?.value === 0 && (skipped?.value ?? 0) > 0;
      return isDone || undefined;
    },
    { withinMs: 110_000 },
  );
  await waitUntil(
    'both targets were scraped after the last run',
    async () => {
      const runs = await prometheus.query('sum by (instance) (fal_probe_runs_total)');
      const total = simulator.ledger.jobs.length;
      return (runs.length === 2 && runs.every(({ value }) => value === total)) || undefined;
    },
    { withinMs: 20_000 },
  );
});

afterAll(async () => {
  await prometheus.stop();
  textOnly.closeAllConnections();
  textOnly.close();
  await exporter.stop();
  await server.close();
  simulator.close();
  rmSync(stateDir, { recursive: true, force: true });
});

/** Through the target that speaks OpenMetrics with gzip, as Prometheus asks for by itself. */
const openMetrics = (): string => `instance="${new URL(exporter.url).host}"`;

async function valueOf(promql: string): Promise<number> {
  const samples = await prometheus.query(promql);
  expect(samples, promql).toHaveLength(1);
  return samples[0]?.value ?? NaN;
}

/** Values of what the probes did, by name and labels; without what moves while nothing runs. */
async function probeSeries(selector: string): Promise<Map<string, number>> {
  const names = 'fal_probe_(runs|errors|spend|duration_seconds|queue_wait|inference).*';
  const samples = await prometheus.query(`{__name__=~"${names}", ${selector}}`);
  return new Map(
    samples.map(({ labels, value }) => {
      const rest = Object.entries(labels).filter(([name]) => name !== 'instance');
      return [JSON.stringify(rest.sort()), value];
    }),
  );
}

const jobsOf = (endpointId: string): readonly Job[] =>
  simulator.ledger.jobs.filter((job) => job.endpointId === endpointId);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

/** Nearest rank, the definition of the window gauge. */
function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? NaN;
}

/** How long callers waited for their result, by the ledger: the definition of the latency quantiles. */
const truthSeconds = (endpointId: string): number[] =>
  jobsOf(endpointId)
    .filter((job) => job.outcome === 'ok')
    .map((job) => ((job.resultFetchedAt ?? NaN) - job.submittedAt) / 1000);

describe('what Prometheus says of sixty probe runs', () => {
  test('both targets are up, whichever format they speak', async () => {
    const targets = await prometheus.targets();
    const ours = targets.filter(({ job }) => job === 'fal-exporter');
    expect(ours.map(({ health, lastError }) => [health, lastError])).toEqual([
      ['up', ''],
      ['up', ''],
    ]);
  });

  test('promtool finds nothing in the text', async () => {
    const text = await (await fetch(`${exporter.url}/metrics`)).text();
    expect(await checkMetrics(text)).toEqual({ exitCode: 0, output: '' });
  });

  test('both formats give the same series and values', async () => {
    const own = await probeSeries(openMetrics());
    const other = await probeSeries(openMetrics().replace('=', '!='));
    expect(own.size).toBeGreaterThan(500);
    expect(other).toEqual(own);
  });

  test('every run is counted once, with the outcome that the ledger knows', async () => {
    for (const endpointId of ENDPOINTS) {
      const jobs = jobsOf(endpointId);
      const selector = `endpoint_id="${endpointId}", ${openMetrics()}`;
      expect(await valueOf(`sum(fal_probe_runs_total{${selector}})`)).toBe(jobs.length);
      expect(await valueOf(`fal_probe_runs_total{${selector}, outcome="ok"}`)).toBe(
        jobs.filter(({ outcome }) => outcome === 'ok').length,
      );
    }
    expect(simulator.ledger.jobs.length).toBeGreaterThanOrEqual(PAID_RUNS);
  });

  test('every failure is counted by its type and by whose fault it is', async () => {
    const counts = await prometheus.query(
      `sum by (endpoint_id, error_type, fault) (fal_probe_errors_total{${openMetrics()}}) > 0`,
    );
    const seen = counts.map(
      ({ labels, value }) => `${labels.endpoint_id} ${labels.error_type} ${labels.fault} ${value}`,
    );
    expect(seen.sort()).toEqual([
      'fal-ai/fast-sdxl internal_server_error model 2',
      'fal-ai/flux/dev content_policy_violation app 2',
      'fal-ai/flux/schnell runner_server_error platform 2',
    ]);
  });

  test('the window gauge of P95 is within 2 % of the truth', async () => {
    for (const endpointId of ENDPOINTS) {
      const truth = quantile(truthSeconds(endpointId), 0.95);
      const gauge = await valueOf(
        `fal_probe_duration_quantile_seconds{endpoint_id="${endpointId}", quantile="0.95", window="5m", ${openMetrics()}}`,
      );
      // The ledger's clock starts when the submit arrives and stops when the result is asked for: two trips over
      // the loopback interface less than what a caller waits, in one event loop with the simulator and this test.
      const tripsSeconds = 0.05;
      expect(Math.abs(gauge - truth), `${endpointId}: ${gauge} against ${truth}`).toBeLessThanOrEqual(
        truth * 0.02 + tripsSeconds,
      );
    }
  });

  test('the histogram gives P95 within one bucket of the truth', async () => {
    for (const endpointId of ENDPOINTS) {
      const truth = quantile(truthSeconds(endpointId), 0.95);
      const estimate = await valueOf(
        `histogram_quantile(0.95, sum by (le) (fal_probe_duration_seconds_bucket{endpoint_id="${endpointId}", outcome="ok", ${openMetrics()}}))`,
      );
      const bucket = (seconds: number): number => DURATION_BOUNDS.findIndex((bound) => seconds <= bound);
      expect(
        Math.abs(bucket(estimate) - bucket(truth)),
        `${endpointId}: ${estimate} against ${truth}`,
      ).toBeLessThanOrEqual(1);
    }
  });

  test('inference adds up to what the runners did', async () => {
    for (const endpointId of ENDPOINTS) {
      const truth = sum(
        jobsOf(endpointId)
          .filter(({ outcome }) => outcome === 'ok')
          .map((job) => (trueInferenceMs(job) ?? NaN) / 1000),
      );
      const measured = await valueOf(
        `fal_probe_inference_seconds_sum{endpoint_id="${endpointId}", ${openMetrics()}}`,
      );
      expect(measured).toBeGreaterThanOrEqual(truth * 0.999);
    }
  });

  test('the spend is what fal charged, to the nano-dollar, and within the cap', async () => {
    const charged = sum(simulator.ledger.jobs.map(({ chargedNano }) => chargedNano ?? 0));
    const spent = Math.round((await valueOf(`fal_probe_spend_usd_total{${openMetrics()}}`)) * 1e9);
    expect(charged).toBeGreaterThan(0);
    expect(spent).toBeGreaterThanOrEqual(charged);
    expect(spent).toBeLessThanOrEqual(PAID_RUNS * PRICE_NANO);
  });

  test('balance and price are as fal reports them', async () => {
    const account = simulator.world.accounts.get('simulated-team');
    await prometheus.until(
      `fal_account_balance_usd{account="story", ${openMetrics()}} == ${(account?.balanceNano ?? NaN) / 1e9}`,
    );
    expect(await valueOf(`min(fal_model_unit_price_usd{${openMetrics()}})`)).toBe(PRICE_NANO / 1e9);
  });

  test('nothing is NaN and no label holds a request id, a prompt or a key', async () => {
    const samples = await prometheus.query('{job="fal-exporter", __name__=~"fal_.*"}');
    expect(samples.length).toBeGreaterThan(1000);
    expect(samples.filter(({ value }) => Number.isNaN(value))).toEqual([]);
    const text = await (await fetch(`${exporter.url}/metrics`)).text();
    for (const secret of [
      FAKE_API_KEY,
      FAKE_ADMIN_KEY,
      'status probe',
      ...simulator.ledger.jobs.map(({ requestId }) => requestId),
    ]) {
      expect(text).not.toContain(secret);
    }
  });
});
