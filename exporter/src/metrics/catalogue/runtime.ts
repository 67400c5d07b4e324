import { counter, gauge } from 'opentelemetry-instrumentation-fal/core';

export const processCpu = counter({
  name: 'process_cpu_seconds_total',
  instrument: 'process.cpu.seconds',
  unit: 's',
  labels: [],
  fedBy: 'runtime',
  help: 'CPU time of the exporter process, user and system. A rate near 1 delays probes and makes their durations too long.',
});

export const processResidentMemory = gauge({
  name: 'process_resident_memory_bytes',
  instrument: 'process.resident_memory.bytes',
  unit: 'By',
  labels: [],
  fedBy: 'runtime',
  help: 'Memory that the exporter process holds. Steady growth over days is a leak: please report it.',
});

export const processStartTime = gauge({
  name: 'process_start_time_seconds',
  instrument: 'process.start_time.seconds',
  unit: 's',
  labels: [],
  fedBy: 'runtime',
  help: 'When the exporter process started, in Unix time. Frequent changes: it is being restarted; look for the reason in its log.',
});

export const processOpenFds = gauge({
  name: 'process_open_fds',
  instrument: 'process.open_fds',
  unit: '{fd}',
  labels: [],
  fedBy: 'runtime',
  help: 'Open file descriptors, as counted at the scrape before; absent where the system does not tell. Steady growth: connections are not closed.',
});

export const eventLoopLagP99 = gauge({
  name: 'nodejs_eventloop_lag_p99_seconds',
  instrument: 'nodejs.eventloop_lag_p99.seconds',
  unit: 's',
  labels: [],
  fedBy: 'runtime',
  help: 'P99 of how late the event loop was since the collection before. Above 0.1 measured durations are too long by as much.',
});

export const heapUsed = gauge({
  name: 'nodejs_heap_size_used_bytes',
  instrument: 'nodejs.heap_size_used.bytes',
  unit: 'By',
  labels: [],
  fedBy: 'runtime',
  help: 'JavaScript heap in use. Read its floor, not its peaks: it falls with each garbage collection.',
});

export const RUNTIME_METRICS = [
  processCpu,
  processResidentMemory,
  processStartTime,
  processOpenFds,
  eventLoopLagP99,
  heapUsed,
] as const;
