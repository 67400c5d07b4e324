import { type FalClient, createFalClient } from '@fal-ai/client';
import { trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { wrapFactory } from '../client/instrument-client.ts';
import type { FalTelemetry } from '../telemetry.ts';
import { beginTime, comeToRest, pass } from './passing-time.ts';
import { Recorder } from './recorded.ts';
import { close, watch } from './stage.ts';

const REQUESTS = 10_000;
const MORE = 2000;
const ENDPOINTS_KEPT = 200;
const JOBS_REMEMBERED = 10_000;
/** The SDK folds what goes beyond, and gets the totals of observable counters wrong. */
const SDK_LIMIT = 2000;

let recorder: Recorder;
let telemetry: FalTelemetry;
let logged: string[];
beforeEach(() => {
  beginTime();
  recorder = new Recorder();
  logged = [];
  // Spans are the app's own to bound, and would take most of the time here.
  const tracerProvider = trace.getTracerProvider();
  telemetry = watch({ meterProvider: recorder.meterProvider, tracerProvider }, { logged });
});
afterEach(close);

describe(
  'ten thousand endpoint ids, as an app makes them that takes them from its users',
  { timeout: 30_000 },
  () => {
    test('end in the overflow series, with nothing lost and memory bounded', async () => {
      const fal = clientThatGets(() =>
        Response.json({ ok: true }, { headers: { 'x-fal-billable-units': '2' } }),
      );
      await inBatches(REQUESTS, (index) => fal.run(`someone/app-${index}`, { input: {} }));
      const reading = await recorder.collect();
      expect(reading.sum('fal.client.requests')).toBe(REQUESTS);
      expect(reading.count('fal.client.request.duration.seconds')).toBe(REQUESTS);
      expect(reading.sum('fal.client.attempts')).toBe(REQUESTS);
      expect(reading.sum('fal.client.billable_units')).toBe(2 * REQUESTS);
      expect(reading.sum('fal.client.unpriced_requests')).toBe(REQUESTS);
      const byEndpoint = reading.by('fal.client.requests', 'endpoint_id');
      expect(Object.keys(byEndpoint)).toHaveLength(ENDPOINTS_KEPT + 1);
      expect(byEndpoint._OTHER).toBe(REQUESTS - ENDPOINTS_KEPT);
      for (const instrument of reading.instruments) {
        expect(reading.all(instrument).length).toBeLessThan(SDK_LIMIT);
      }
      // What more of them add is nothing.
      await inBatches(MORE, (index) => fal.run(`someone/other-${index}`, { input: {} }));
      const later = await recorder.collect();
      expect(later.series).toBe(reading.series);
      expect(later.sum('fal.client.requests')).toBe(REQUESTS + MORE);
      expect([...telemetry.desk.active()]).toEqual([]);
      expect(logged.filter((message) => message.includes('endpoint ids'))).toHaveLength(1);
      expect(logged).toHaveLength(1);
    });

    test('of jobs that nobody fetches are remembered up to a limit, and for a minute in the gauges', async () => {
      let submitted = 0;
      const fal = clientThatGets(() =>
        Response.json({ status: 'IN_QUEUE', request_id: `job-${(submitted += 1)}` }),
      );
      await inBatches(REQUESTS, (index) => fal.queue.submit(`someone/app-${index}`, { input: {} }));
      expect((await recorder.collect()).sum('fal.client.active_requests')).toBe(REQUESTS);
      await inBatches(MORE, (index) => fal.queue.submit(`someone/app-${index}`, { input: {} }));
      expect([...telemetry.desk.active()]).toHaveLength(JOBS_REMEMBERED);
      await pass(61_000);
      expect((await recorder.collect()).sum('fal.client.active_requests')).toBe(0);
      const known = Array.from({ length: submitted }, (_, index) => telemetry.desk.find(`job-${index + 1}`));
      expect(known.findIndex((job) => job !== undefined)).toBe(submitted - JOBS_REMEMBERED);
      expect(known.filter((job) => job !== undefined)).toHaveLength(JOBS_REMEMBERED);
    });
  },
);

function clientThatGets(answer: () => Response): FalClient {
  const create = wrapFactory(telemetry, createFalClient);
  const config = { credentials: 'key-id:key-secret', fetch: () => Promise.resolve(answer()) };
  return create(config as never) as FalClient;
}

/** Many calls at a time, as a busy server makes them. */
async function inBatches(total: number, call: (index: number) => Promise<unknown>): Promise<void> {
  const size = 500;
  for (let from = 0; from < total; from += size) {
    await Promise.all(Array.from({ length: size }, (_, index) => call(from + index)));
    await comeToRest();
  }
}
