import process from 'node:process';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordExporter } from './exporter-metrics.ts';
import { HandClock } from './hand-clock.ts';
import { nodeRuntime, recordRuntime } from './runtime-metrics.ts';
import type { Runtime } from './runtime-metrics.ts';
import { MetricStore } from './store.ts';

let clock: HandClock;
let store: MetricStore;

beforeEach(() => {
  clock = new HandClock();
  store = new MetricStore({ clock, limit: 20, expireAfterMs: 1000 });
});

function valueOf(name: string): number | undefined {
  return store.collect().families.find((family) => family.name === name)?.values[0];
}

const runtime: Runtime = {
  startedAtSeconds: 1000,
  cpuSeconds: () => 2.5,
  residentBytes: () => 2048,
  heapUsedBytes: () => 1024,
  takeLoopLagP99Seconds: () => undefined,
  openFds: () => Promise.resolve(17),
};

describe('runtime metrics', () => {
  it('are read at each collection', () => {
    let cpu = 1;
    recordRuntime(store, { ...runtime, cpuSeconds: () => cpu });
    expect(valueOf('process_cpu_seconds_total')).toBe(1);
    cpu = 3;
    expect(valueOf('process_cpu_seconds_total')).toBe(3);
    expect(valueOf('process_resident_memory_bytes')).toBe(2048);
    expect(valueOf('nodejs_heap_size_used_bytes')).toBe(1024);
    expect(valueOf('process_start_time_seconds')).toBe(1000);
  });

  it('show the count of descriptors that the collection before ordered, and none when counting fails', async () => {
    const counts = [() => Promise.resolve(17), () => Promise.reject(new Error('no such directory'))];
    recordRuntime(store, {
      ...runtime,
      openFds: () => (counts.shift() ?? (() => Promise.resolve(undefined)))(),
    });
    await turnOfTheLoop();
    expect(valueOf('process_open_fds')).toBe(17);
    await turnOfTheLoop();
    expect(valueOf('process_open_fds')).toBeNaN();
  });

  it('leave out a lag that was not sampled', () => {
    recordRuntime(store, runtime);
    expect(valueOf('nodejs_eventloop_lag_p99_seconds')).toBeNaN();
  });
});

describe('this process', () => {
  const runtime = nodeRuntime(process);
  afterEach(() => runtime.stop());

  it('tells plausible numbers about itself', async () => {
    expect(runtime.cpuSeconds()).toBeGreaterThan(0);
    expect(runtime.residentBytes()).toBeGreaterThan(10_000_000);
    expect(runtime.heapUsedBytes()).toBeGreaterThan(1_000_000);
    expect(Math.abs(runtime.startedAtSeconds - (Date.now() / 1000 - process.uptime()))).toBeLessThan(5);
    const fds = await runtime.openFds();
    if (process.platform === 'linux') expect(fds).toBeGreaterThan(2);
    else expect(fds).toBeUndefined();
    expect(runtime.takeLoopLagP99Seconds() ?? 0).toBeGreaterThanOrEqual(0);
  });
});

describe('metrics of the exporter itself', () => {
  it('tell the build, the mode and the state of the store', () => {
    recordExporter(store, { version: '1.2.3', nodeVersion: '24.21.0', isDemo: true, clock });
    expect(valueOf('fal_exporter_build_info')).toBe(1);
    expect(valueOf('fal_exporter_demo_mode')).toBe(1);
    expect(valueOf('fal_exporter_series')).toBe(store.stats.lines);
    expect(valueOf('fal_exporter_series_refused_total')).toBe(0);
    expect(valueOf('fal_exporter_time_seconds')).toBe(clock.now() / 1000);
  });

  it('count what was refused, although the store is full', () => {
    recordExporter(store, { version: '1.2.3', nodeVersion: '24.21.0', isDemo: false, clock });
    store.reconfigure({ limit: store.stats.lines, expireAfterMs: 1000 });
    recordRuntime(store, runtime);
    expect(valueOf('fal_exporter_series_refused_total')).toBe(store.stats.refused);
    expect(store.stats.refused).toBeGreaterThan(0);
  });
});
