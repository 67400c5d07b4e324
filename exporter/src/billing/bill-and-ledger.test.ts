import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MODELS, type Model, TestBank } from './test-bank.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Something that happens to the account, to fal's accounting, or to the exporter. */
interface Happening {
  readonly toString: () => string;
  readonly happen: (bank: TestBank) => unknown;
}

/** Named, so that a counterexample reads as a story. */
const happening = (name: string, happen: Happening['happen']): Happening => ({
  happen,
  toString: () => name,
});
const model = fc.constantFrom<Model>(...MODELS);
const share = fc.constantFrom(0, 0.3, 1);
const yes = fc.boolean();

const spending = fc
  .tuple(model, fc.integer({ min: 1, max: 5 }))
  .map(([id, n]) => happening(`${n} requests to ${id}`, (bank) => bank.spend(id, n)));

const pricing = fc.tuple(model, fc.integer({ min: 1, max: 99_999_999 })).map(([id, unitPriceNano]) =>
  happening(`${id} costs ${unitPriceNano}`, ({ simulator }) => {
    Object.assign(simulator.world.endpoints.get(id) ?? {}, { unitPriceNano });
  }),
);

const discount = fc.constantFrom(0, 20, 33.3).map((percentDiscount) =>
  happening(`a discount of ${percentDiscount} %`, ({ simulator }) => {
    for (const account of simulator.world.accounts.values()) account.percentDiscount = percentDiscount;
  }),
);

const topUp = fc.integer({ min: 1, max: 50 }).map((usd) =>
  happening(`a top-up of ${usd} USD`, ({ simulator }) => {
    const [account] = simulator.world.accounts.keys();
    simulator.engine.topUp(account ?? '', usd * 1e9);
  }),
);

const faults = fc
  .record({ duplicated: share, corrected: share, late: share, missing: share })
  .map((billingEvents) =>
    happening(`events: ${JSON.stringify(billingEvents)}`, (bank) => {
      bank.isToldTooMuch ||= billingEvents.corrected > 0;
      bank.simulator.engine.setSwitches({ billingEvents });
    }),
  );

const outage = fc
  .record({ billingEventsFail: yes, usageFails: yes, platformRateLimited: yes })
  .map((switches) =>
    happening(`fails: ${JSON.stringify(switches)}`, ({ simulator }) =>
      simulator.engine.setSwitches(switches),
    ),
  );

const reading = fc
  .constantFrom('billing-events', 'usage')
  .map((name) => happening(`${name} is read`, (bank) => bank.read(name)));

const passing = fc
  .constantFrom(MINUTE, 11 * MINUTE, 40 * MINUTE, 3 * HOUR)
  .map((ms) => happening(`${ms / MINUTE} min pass`, (bank) => bank.pass(ms)));

const process = fc.constantFrom(
  happening('kill -9', (bank) => bank.kill()),
  happening('restart', (bank) => bank.restart()),
  ...[-24, -1, 0, 1, 24].map((hours) =>
    happening(`the clock is off by ${hours} h`, (bank) => bank.stepClock(hours * HOUR)),
  ),
);

const course = fc.array(
  fc.oneof(
    ...[
      { weight: 4, arbitrary: spending },
      { weight: 4, arbitrary: reading },
      { weight: 3, arbitrary: passing },
    ],
    ...[pricing, discount, topUp, faults, outage, process],
  ),
  { minLength: 5, maxLength: 30 },
);

/** Everything works again, and the longest lag of fal has passed. */
async function settle(bank: TestBank): Promise<void> {
  const { engine } = bank.simulator;
  engine.setSwitches({ billingEventsFail: false, usageFails: false, platformRateLimited: false });
  engine.setSwitches({ billingEvents: {} });
  bank.stepClock(0);
  await bank.pass(7 * HOUR);
  for (const name of ['billing-events', 'usage', 'billing-events'] as const) {
    expect(await bank.read(name)).toBe(true);
    await bank.pass(61 * MINUTE);
  }
}

/** Until what was billed has passed every number that fal had told too high and then corrected. */
async function spendPastCorrections(bank: TestBank): Promise<void> {
  for (const id of MODELS) {
    const endpoint = bank.simulator.world.endpoints.get(id);
    if (endpoint !== undefined) endpoint.unitPriceNano = 2_000_000_000_000;
    await bank.spend(id, 1);
  }
  await bank.pass(MINUTE);
  expect(await bank.read('billing-events')).toBe(true);
}

it('the bill is what fal charged, whatever happens, once fal has told it; and no counter ever falls', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), course, async (seed, happenings) => {
      const bank = new TestBank(seed);
      try {
        for (const { happen } of happenings) {
          await happen(bank);
          if (!bank.isToldTooMuch) expect(bank.shownInAll).toBeLessThanOrEqual(bank.charged());
        }
        await settle(bank);
        if (!bank.isToldTooMuch) expect(bank.shownInAll).toBe(bank.charged());
        expect(bank.held).toBe(bank.charged());
        await spendPastCorrections(bank);
        expect(bank.held).toBe(bank.charged());
        for (const id of MODELS) expect(bank.shown.get(id), id).toBe(bank.charged(id));
      } finally {
        bank.close();
      }
    }),
    { numRuns: 150, includeErrorInReport: true },
  );
}, 120_000);
