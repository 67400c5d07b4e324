import { tellCases } from '../tell-cases.ts';
import { PLATFORM_DOWN } from './platform-down.cases.ts';
import { PROBE_MISSING } from './probe-missing.cases.ts';
import { PROBE_FAILING, PROBE_SLOW } from './probes.cases.ts';
import { STATUS_INCIDENT } from './status-incident.cases.ts';

tellCases('platform', [
  ...PLATFORM_DOWN,
  ...PROBE_FAILING,
  ...PROBE_SLOW,
  ...PROBE_MISSING,
  ...STATUS_INCIDENT,
]);
