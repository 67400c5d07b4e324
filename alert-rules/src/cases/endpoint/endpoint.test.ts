import { tellCases } from '../tell-cases.ts';
import { APP_ERRORS_CASES } from './app-errors.cases.ts';
import { ERROR_RATE_CRITICAL_CASES } from './error-rate-critical.cases.ts';
import { ERROR_RATE_SILENT_CASES } from './error-rate-silent.cases.ts';
import { ERROR_RATE_HIGH_CASES } from './error-rate.cases.ts';
import { FAST_BURN_CASES } from './fast-burn.cases.ts';
import { LATENCY_CASES } from './latency.cases.ts';
import { LOW_TRAFFIC_FAILURES_CASES } from './low-traffic-failures.cases.ts';
import { LOW_TRAFFIC_SLOW_CASES } from './low-traffic-slow.cases.ts';
import { QUEUE_WAIT_CASES } from './queue-wait.cases.ts';
import { RATE_LIMITED_CASES } from './rate-limited.cases.ts';
import { SLOW_BURN_CASES } from './slow-burn.cases.ts';
import { STUCK_CASES } from './stuck.cases.ts';
import { TIMEOUTS_SUSTAINED_CASES } from './timeouts-sustained.cases.ts';
import { TIMEOUTS_CASES } from './timeouts.cases.ts';

tellCases(
  'endpoint',
  [
    ...ERROR_RATE_HIGH_CASES,
    ...ERROR_RATE_SILENT_CASES,
    ...ERROR_RATE_CRITICAL_CASES,
    ...LATENCY_CASES,
    ...TIMEOUTS_CASES,
    ...TIMEOUTS_SUSTAINED_CASES,
    ...LOW_TRAFFIC_FAILURES_CASES,
    ...LOW_TRAFFIC_SLOW_CASES,
    ...STUCK_CASES,
    ...QUEUE_WAIT_CASES,
    ...RATE_LIMITED_CASES,
    ...APP_ERRORS_CASES,
    ...FAST_BURN_CASES,
    ...SLOW_BURN_CASES,
  ],
  {
    FalTimeouts: {
      'silent without enough traffic': 'a single time-out among any number of requests is its threshold',
    },
  },
);
