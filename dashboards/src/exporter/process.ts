import { timeSeries, type Placed } from '../grafana/index.ts';
import { self } from '../promql/selectors.ts';
import { RATE_INTERVAL } from '../promql/traffic.ts';
import { NOT_SCRAPED } from './not-scraped.ts';

const curve = { width: 8, height: 7, noData: NOT_SCRAPED, min: 0 } as const;

/** The process itself. */
export function process(): Placed[] {
  return [cPU(), memory(), restartsInHour(), openFiles(), eventLoopLag(), durationScrape()];
}

function cPU(): Placed {
  return timeSeries({
    ...curve,
    title: 'CPU',
    description: 'Share of one core. Near 100 %: probes are delayed, and their durations too long.',
    queries: [
      { expr: `rate(${self('process_cpu_seconds_total')}[${RATE_INTERVAL}])`, legend: '{{instance}}' },
    ],
    unit: 'percentunit',
    softMax: 0.1,
  });
}

function memory(): Placed {
  return timeSeries({
    ...curve,
    title: 'Memory',
    description: 'Steady growth over days is a leak: please report it.',
    queries: [
      { expr: self('process_resident_memory_bytes'), legend: 'resident {{instance}}' },
      { expr: self('nodejs_heap_size_used_bytes'), legend: 'heap {{instance}}' },
    ],
    unit: 'bytes',
  });
}

function restartsInHour(): Placed {
  return timeSeries({
    ...curve,
    title: 'Restarts in the hour',
    description: 'Frequent: look for the reason in its log; probes and collectors start anew each time.',
    queries: [{ expr: `changes(${self('process_start_time_seconds')}[1h])`, legend: '{{instance}}' }],
    unit: 'short',
    softMax: 1,
    decimals: 0,
  });
}

function openFiles(): Placed {
  return timeSeries({
    ...curve,
    title: 'Open files',
    description: 'Steady growth: connections are not closed.',
    queries: [{ expr: self('process_open_fds'), legend: '{{instance}}' }],
    unit: 'short',
    decimals: 0,
  });
}

function eventLoopLag(): Placed {
  return timeSeries({
    ...curve,
    title: 'Event loop lag, P99',
    description: 'Measured durations are too long by as much.',
    queries: [{ expr: self('nodejs_eventloop_lag_p99_seconds'), legend: '{{instance}}' }],
    unit: 's',
  });
}

function durationScrape(): Placed {
  return timeSeries({
    ...curve,
    title: 'Duration of a scrape',
    description:
      'Collect, write and compress; never a call to fal. Near the scrape time-out of Prometheus: fewer series.',
    queries: [{ expr: self('fal_exporter_scrape_duration_seconds'), legend: '{{instance}}' }],
    unit: 's',
    softMax: 0.1,
  });
}
