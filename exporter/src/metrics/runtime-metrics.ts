import { readdir } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as catalogue from './catalogue.ts';
import type { MetricStore } from './store.ts';

/** What the running process can tell about itself without waiting. */
export interface Runtime {
  /** Unix time in seconds. */
  readonly startedAtSeconds: number;
  /** User and system time in seconds since the start. */
  cpuSeconds(): number;
  residentBytes(): number;
  heapUsedBytes(): number;
  /** P99 of the event loop's lateness in seconds since the call before; undefined when nothing was sampled. */
  takeLoopLagP99Seconds(): number | undefined;
  /** Number of open file descriptors; undefined where the system does not tell. */
  openFds(): Promise<number | undefined>;
}

/** Feeds `process_*` and `nodejs_*` at each collection. */
export function recordRuntime(store: MetricStore, runtime: Runtime): void {
  const cpu = store.bind(catalogue.processCpu, {});
  const resident = store.bind(catalogue.processResidentMemory, {});
  const heap = store.bind(catalogue.heapUsed, {});
  const lag = store.bind(catalogue.eventLoopLagP99, {});
  const fds = store.bind(catalogue.processOpenFds, {});
  store.bind(catalogue.processStartTime, {}).set(runtime.startedAtSeconds);
  // Counting descriptors reads a directory, so a collection shows the count that the one before it ordered.
  const countFds = (): void => {
    runtime.openFds().then(
      (count) => fds.set(count ?? NaN),
      () => fds.clear(),
    );
  };
  countFds();
  store.beforeCollect('runtime', () => {
    cpu.raiseTo(runtime.cpuSeconds());
    resident.set(runtime.residentBytes());
    heap.set(runtime.heapUsedBytes());
    lag.set(runtime.takeLoopLagP99Seconds() ?? NaN);
    countFds();
  });
}

const LAG_RESOLUTION_MS = 20;

/** This Node.js process. `stop` ends the sampling of the event loop. */
export function nodeRuntime(process: NodeJS.Process): Runtime & { stop(): void } {
  const delay = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  delay.enable();
  return {
    startedAtSeconds: (Date.now() - process.uptime() * 1000) / 1000,
    cpuSeconds: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
    residentBytes: () => process.memoryUsage.rss(),
    heapUsedBytes: () => process.memoryUsage().heapUsed,
    takeLoopLagP99Seconds: () => {
      if (delay.count === 0) return undefined;
      const seconds = delay.percentile(99) / 1e9;
      delay.reset();
      // The histogram holds whole intervals between two samples: what exceeds the resolution is the lateness.
      return Math.max(seconds - LAG_RESOLUTION_MS / 1000, 0);
    },
    openFds: async () => {
      try {
        return (await readdir('/proc/self/fd')).length;
      } catch {
        return undefined;
      }
    },
    stop: () => delay.disable(),
  };
}
