import { tellCases } from '../tell-cases.ts';
import { CLIENT_METRICS_MISSING } from './client-metrics.cases.ts';
import {
  CLOCK_SKEW,
  CONFIG_REJECTED,
  DEMO_DATA,
  EXPORTER_RESTARTING,
  SERIES_LIMIT,
} from './condition.cases.ts';
import { DELIVERY_FAILING, RULE_FAILURES, WATCHDOG } from './delivery.cases.ts';
import { EXPORTER_ABSENT, EXPORTER_DOWN, EXPORTER_NO_DATA, NOTHING_MEASURED } from './scraping.cases.ts';
import { DATA_STALE } from './stale.cases.ts';

const ALWAYS = 'it always fires: its absence is the alarm';

tellCases(
  'meta',
  [
    ...EXPORTER_DOWN,
    ...EXPORTER_ABSENT,
    ...EXPORTER_NO_DATA,
    ...NOTHING_MEASURED,
    ...CLIENT_METRICS_MISSING,
    ...DATA_STALE,
    ...EXPORTER_RESTARTING,
    ...SERIES_LIMIT,
    ...CLOCK_SKEW,
    ...CONFIG_REJECTED,
    ...DEMO_DATA,
    ...DELIVERY_FAILING,
    ...RULE_FAILURES,
    ...WATCHDOG,
  ],
  { Watchdog: { 'silent below': ALWAYS, resolves: ALWAYS } },
);
