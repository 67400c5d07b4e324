import { SCENARIO_NAMES } from 'fal-simulator';
import { describe, expect, it } from 'vitest';
import { NIGHT_TIMEOUT_MS, problemsOfNight, scenario } from './test-fault-story.ts';
import { touchOfScenario } from './test-fault-table.ts';

const NAMES = SCENARIO_NAMES.filter((name) => touchOfScenario(name).isDistant === true);

describe(
  'all collectors, while something is wrong at fal that they never ask for',
  { timeout: NIGHT_TIMEOUT_MS },
  () => {
    it.each(NAMES)('take no notice of it: %s', async (name) => {
      expect(await problemsOfNight(scenario(name), touchOfScenario(name))).toEqual([]);
    });

    it('cannot be told of a scenario that nobody has thought about', () => {
      expect(() => touchOfScenario('a-new-one')).toThrow('which collectors the scenario a-new-one touches');
    });
  },
);
