import { ACCOUNT_SCENARIOS } from './account-scenarios.ts';
import { BILLING_SCENARIOS } from './billing-scenarios.ts';
import { DEMO } from './demo.ts';
import { MODEL_SCENARIOS } from './model-scenarios.ts';
import { PLATFORM_SCENARIOS } from './platform-scenarios.ts';
import { PRICE_LIST_SCENARIOS } from './price-list-scenarios.ts';
import type { Scenario } from './scenario.ts';
import { WEBHOOK_SCENARIOS } from './webhook-scenarios.ts';
import { WIRE_SCENARIOS } from './wire-scenarios.ts';

/** Nothing is set. */
const HEALTHY: Scenario = {
  name: 'healthy',
  description: 'Everything works: warm runners, short queues, no errors. Undoes every other scenario.',
  changes: [],
};

/** Every scenario by name; the one place to look one up. */
export const SCENARIOS: readonly Scenario[] = [
  HEALTHY,
  DEMO,
  ...MODEL_SCENARIOS,
  ...ACCOUNT_SCENARIOS,
  ...WIRE_SCENARIOS,
  ...PLATFORM_SCENARIOS,
  ...BILLING_SCENARIOS,
  ...PRICE_LIST_SCENARIOS,
  ...WEBHOOK_SCENARIOS,
];

export const SCENARIO_NAMES: readonly string[] = SCENARIOS.map(({ name }) => name);

/**
 * The scenario of that name.
 *
 * @throws RangeError that lists the names when there is none.
 */
export function scenarioNamed(name: string): Scenario {
  const scenario = SCENARIOS.find((known) => known.name === name);
  if (scenario === undefined) {
    throw new RangeError(`no such scenario: ${name}; known are ${SCENARIO_NAMES.join(', ')}`);
  }
  return scenario;
}
