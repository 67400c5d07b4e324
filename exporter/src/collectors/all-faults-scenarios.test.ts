import { SCENARIO_NAMES } from 'fal-simulator';
import { describe, expect, it } from 'vitest';
import { NIGHT_TIMEOUT_MS, problemsOfNight, scenario } from './test-fault-story.ts';
import { touchOfScenario } from './test-fault-table.ts';

const NAMES = SCENARIO_NAMES.filter((name) => touchOfScenario(name).isDistant !== true);

describe(
  'all collectors, through a night in which fal plays a scenario',
  { timeout: NIGHT_TIMEOUT_MS },
  () => {
    it.each(NAMES)('show nothing but the truth, and all of it again afterwards: %s', async (name) => {
      expect(await problemsOfNight(scenario(name), touchOfScenario(name))).toEqual([]);
    });
  },
);
