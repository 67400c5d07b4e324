import type { AlertDefinition } from './alert.ts';
import { accountLocked, credentialRejected, lockBalanceMismatch } from './account/access.ts';
import { modelDeprecated, modelMissing, priceRaised } from './account/models.ts';
import {
  balanceCritical,
  balanceLow,
  runwayCritical,
  runwayShort,
  spendWithoutSuccess,
} from './account/money.ts';
import { creditSpike, hourlyBudgetExceeded, monthlyBudgetExceeded } from './account/pace.ts';
import { concurrencySaturated, slotsStuck } from './account/slots.ts';
import { costDrift, creditsExpiring, wasteHigh } from './account/value.ts';
import { appErrorsHigh } from './endpoint/app-errors.ts';
import { fastBurn, slowBurn } from './endpoint/burn.ts';
import { errorRateCritical, errorRateHigh, lowTrafficFailures } from './endpoint/error-rate.ts';
import { latencyP95High, lowTrafficSlow } from './endpoint/latency.ts';
import { queueWaitHigh, rateLimited } from './endpoint/queue.ts';
import { requestsStuck } from './endpoint/stuck.ts';
import { timeouts, timeoutsSustained } from './endpoint/timeouts.ts';
import { alertDeliveryFailing, ruleFailures, watchdog } from './meta/delivery.ts';
import {
  clockSkew,
  configRejected,
  demoData,
  exporterRestarting,
  exporterSeriesLimit,
} from './meta/exporter.ts';
import {
  accountDataStale,
  clientMetricsMissing,
  exporterAbsent,
  exporterDown,
  exporterNoData,
  nothingMeasured,
} from './meta/watching.ts';
import { platformDown, statusIncident } from './platform/platform-down.ts';
import { probeFailing, probeMissing, probeSlow } from './platform/probes.ts';

/** Every alert, in the order of the documents. Thresholds stand in the definitions and nowhere else. */
export const ALERTS: readonly AlertDefinition[] = [
  errorRateHigh,
  errorRateCritical,
  latencyP95High,
  timeouts,
  timeoutsSustained,
  lowTrafficFailures,
  lowTrafficSlow,
  requestsStuck,
  queueWaitHigh,
  rateLimited,
  appErrorsHigh,
  fastBurn,
  slowBurn,
  platformDown,
  probeFailing,
  probeSlow,
  probeMissing,
  statusIncident,
  accountLocked,
  lockBalanceMismatch,
  credentialRejected,
  balanceLow,
  balanceCritical,
  runwayShort,
  runwayCritical,
  creditSpike,
  hourlyBudgetExceeded,
  monthlyBudgetExceeded,
  spendWithoutSuccess,
  wasteHigh,
  costDrift,
  creditsExpiring,
  concurrencySaturated,
  slotsStuck,
  modelDeprecated,
  modelMissing,
  priceRaised,
  exporterDown,
  exporterAbsent,
  exporterNoData,
  nothingMeasured,
  clientMetricsMissing,
  accountDataStale,
  exporterRestarting,
  exporterSeriesLimit,
  clockSkew,
  configRejected,
  demoData,
  alertDeliveryFailing,
  ruleFailures,
  watchdog,
];
