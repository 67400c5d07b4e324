import type { NanoUsd } from '../domain/money.ts';
import type { WeeklyUnits } from './usage-readings.ts';
import type { UsageLine } from './usage-rows.ts';

/** Units by model, over all its prices and discounts; where a model has several units, the one that cost most. */
export function weeklyUnitsOf(lines: readonly UsageLine[]): ReadonlyMap<string, WeeklyUnits> {
  const byModel = new Map<string, Map<string, { units: number; cost: NanoUsd }>>();
  for (const { endpointId, unit, units, cost } of lines) {
    const byUnit = byModel.get(endpointId) ?? new Map<string, { units: number; cost: NanoUsd }>();
    byModel.set(endpointId, byUnit);
    const known = byUnit.get(unit) ?? { units: 0, cost: 0 };
    byUnit.set(unit, { units: known.units + units, cost: known.cost + cost });
  }
  const weekly = new Map<string, WeeklyUnits>();
  for (const [endpointId, byUnit] of byModel) {
    const [first] = [...byUnit].sort(([, a], [, b]) => b.cost - a.cost);
    if (first !== undefined) weekly.set(endpointId, { unit: first[0], units: first[1].units });
  }
  return weekly;
}
