import { SCENARIO_NAMES } from 'fal-simulator';
import { describe, expect, it } from 'vitest';
import { parseExposition } from '../exposition/golden/strict-parser.ts';
import { collectBody } from '../exposition/render.ts';
import { TEXT_0_0_4 } from '../exposition/text.ts';
import { METRICS } from '../metrics/catalogue.ts';
import { HandClock } from '../metrics/hand-clock.ts';
import { DRILLS } from './drills.ts';
import { planAlerts, shippedTimes } from './plan.ts';
import { SyntheticNumbers } from './synthetic/numbers.ts';
import { DRILL_MARK } from './synthetic/scene.ts';

const NAMES = DRILLS.map(({ name }) => name);
const expectedOf = (drill: (typeof DRILLS)[number]): string[] =>
  [drill.demo, drill.synthetic].flatMap((way) =>
    way === undefined
      ? []
      : [...way.expects.flatMap(({ alert, heldBackBy = [] }) => [alert, ...heldBackBy]), ...way.mayAlsoFire],
  );
const synthetic = DRILLS.flatMap(({ name, synthetic: way }) =>
  way === undefined ? [] : [[name, way] as const],
);

describe('the table of drills', () => {
  it('has names of their own, in words that a command line likes', () => {
    expect(new Set(NAMES).size).toBe(NAMES.length);
    for (const name of NAMES) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  it.each(DRILLS.map((each) => [each.name, each] as const))(
    '%s expects alerts of the shipped pack only',
    (_, drill) => {
      for (const alert of expectedOf(drill)) expect([...shippedTimes().keys()]).toContain(alert);
      expect(drill.demo ?? drill.synthetic).toBeDefined();
    },
  );

  it('names scenarios that the simulator has', () => {
    for (const { demo } of DRILLS) if (demo !== undefined) expect(SCENARIO_NAMES).toContain(demo.scenario);
  });

  it('reaches every urgency: high, low, and chat', () => {
    const severities = DRILLS.flatMap((drill) => planAlerts((drill.synthetic ?? drill.demo)?.expects ?? []));
    expect(new Set(severities.map(({ severity }) => severity))).toEqual(
      new Set(['critical', 'warning', 'info']),
    );
  });

  it.each(DRILLS.map((each) => [each.name, each] as const))(
    '%s holds an alert back only by one that it expects earlier',
    (_, { demo, synthetic: way }) => {
      for (const expects of [demo?.expects ?? [], way?.expects ?? []]) {
        const planned = planAlerts(expects);
        for (const { heldBackBy, firesWithinSeconds } of planned)
          for (const by of heldBackBy)
            expect(planned.find(({ alert }) => alert === by)?.firesWithinSeconds).toBeLessThan(
              firesWithinSeconds,
            );
      }
    },
  );
});

describe('synthetic numbers', () => {
  it.each(synthetic)(
    'of %s are an exposition of catalogued families that nobody can take for real',
    async (_, way) => {
      const clock = new HandClock();
      const numbers = new SyntheticNumbers(way, clock);
      clock.advance(15_000);
      const families = parseExposition((await collectBody(numbers.store, TEXT_0_0_4)).toString(), 'text');
      expect(families.size).toBeGreaterThan(0);
      for (const [name, family] of families) {
        expect(METRICS.map((metric) => metric.name)).toContain(name);
        for (const { labels } of family.samples) {
          expect(labels.account).toBe(DRILL_MARK);
          expect(labels.endpoint_id ?? DRILL_MARK).toMatch(/^fire-drill/);
        }
      }
    },
  );

  it.each(synthetic)(
    'of %s never lose a series by the healing, so that alerts end as in earnest',
    async (_, way) => {
      const clock = new HandClock();
      const numbers = new SyntheticNumbers(way, clock);
      const series = async (): Promise<string[]> =>
        (await collectBody(numbers.store, TEXT_0_0_4)).toString().replaceAll(/ \S+$/gm, '').split('\n');
      clock.advance(15_000);
      const before = await series();
      numbers.heal();
      clock.advance(15_000);
      expect(await series()).toEqual(expect.arrayContaining(before));
    },
  );
});
