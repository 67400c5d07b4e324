import fc from 'fast-check';
import { FAKE_API_KEY, VirtualClock, createSimulator, defaultWorld } from 'fal-simulator';
import { describe, expect, it } from 'vitest';
import { costNanoOf, parseUnits } from './billable-units.ts';

describe('billable units', () => {
  it.each([
    ['1', 1n, 0],
    ['0', 0n, 0],
    ['1.05', 105n, 2],
    ['3.008', 3008n, 3],
    ['1e3', 1000n, 0],
    ['1.5e-7', 15n, 8],
    ['2E+2', 200n, 0],
    ['15.299999999999999', 15_299_999_999_999_999n, 15],
    ['.5', 5n, 1],
    ['1000000000', 1_000_000_000n, 0],
  ])('"%s" is read exactly', (text, digits, scale) => {
    expect(parseUnits(text)).toEqual({ digits, scale });
  });

  it.each([
    ['NaN'],
    ['Infinity'],
    ['-1'],
    ['+1'],
    ['-0'],
    ['abc'],
    ['many'],
    [''],
    [' '],
    ['.'],
    ['.e5'],
    ['1 2'],
    ['1, 1'],
    ['1,5'],
    ['0x10'],
    ['1_000'],
    ['1n'],
    ['1.2.3'],
    ['1e'],
    ['1e999'],
    ['1e99'],
    ['1000000000.1'],
    ['999999999999999999'],
    ['9'.repeat(400)],
    [`0.${'1'.repeat(400)}`],
    [undefined],
  ])('"%s" is unknown', (text) => {
    expect(parseUnits(text)).toBeUndefined();
    expect(costNanoOf(text, 1)).toBeUndefined();
  });

  it('never throws and never makes a number of a text that is none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9eE+.-]{0,45}$/)), (text) => {
        const units = parseUnits(text);
        if (units === undefined) return;
        expect(Number(text)).toBeGreaterThanOrEqual(0);
        expect(Number(units.digits) / 10 ** units.scale).toBeCloseTo(Number(text), 3);
      }),
    );
  });
});

describe('the cost of units', () => {
  it('is rounded half up to a whole nano-dollar', () => {
    expect(costNanoOf('1.5', 3)).toBe(5);
    expect(costNanoOf('1.49', 3)).toBe(4);
    expect(costNanoOf('0.1', 4)).toBe(0);
    expect(costNanoOf('0.1', 5)).toBe(1);
  });

  it('is exact where the product of doubles is not', () => {
    expect(1.005 * 100).toBeLessThan(100.5);
    expect(costNanoOf('1.005', 100)).toBe(101);
  });

  it('is unknown beyond the safe integers, and for a price that is none', () => {
    expect(costNanoOf('1000000000', 9_007_199)).toBe(9_007_199_000_000_000);
    expect(costNanoOf('1000000000', 9_007_200)).toBeUndefined();
    for (const price of [-1, NaN, Infinity, 0.5]) expect(costNanoOf('1', price)).toBeUndefined();
  });

  it('is zero for zero units or a free model, which is known', () => {
    expect(costNanoOf('0', 20_000_000)).toBe(0);
    expect(costNanoOf('5', 0)).toBe(0);
  });
});

describe('against what the simulator charges', () => {
  const ENDPOINT = 'fal-ai/flux/dev';

  /** Runs one job at this price and gives back the header that the app sees, and the charge in the ledger. */
  function bank(): (
    units: number,
    priceNano: number,
  ) => Promise<{ header: string; charged: number | undefined }> {
    const clock = new VirtualClock();
    const world = defaultWorld();
    for (const account of world.accounts.values()) account.lockBelowNano = undefined;
    const simulator = createSimulator({ clock, world });
    const endpoint = world.endpoints.get(ENDPOINT);
    return async (units, priceNano) => {
      Object.assign(endpoint ?? {}, { unitsPerRequest: units, unitPriceNano: priceNano });
      const running = simulator.fetch(`https://fal.run/${ENDPOINT}`, {
        method: 'POST',
        headers: { authorization: `Key ${FAKE_API_KEY}` },
        body: JSON.stringify({ prompt: 'a lighthouse' }),
      });
      await clock.advance(120_000);
      const response = await running;
      await response.text();
      expect(response.status).toBe(200);
      const header = response.headers.get('x-fal-billable-units') ?? 'no header';
      return { header, charged: simulator.ledger.jobs.at(-1)?.chargedNano };
    };
  }

  it('is the same to the nano-dollar for whole units at any price', async () => {
    const charge = bank();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5000 }), fc.nat({ max: 10 ** 10 }), async (units, price) => {
        const { header, charged } = await charge(units, price);
        expect(costNanoOf(header, price)).toBe(charged);
      }),
      { numRuns: 60 },
    );
  });

  it('is the same for fractions of units at every price that makes a whole number of nano-dollars', async () => {
    const charge = bank();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 10 ** 7 }),
        fc.nat({ max: 10 ** 6 }),
        async (milliUnits, microPrice) => {
          const { header, charged } = await charge(milliUnits / 1000, microPrice * 1000);
          expect(charged).toBe(milliUnits * microPrice);
          expect(costNanoOf(header, microPrice * 1000)).toBe(charged);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is at most one nano-dollar away anywhere, and only where doubles miss a half', async () => {
    const charge = bank();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 10 ** 7 }),
        fc.nat({ max: 10 ** 9 }),
        async (milliUnits, price) => {
          const { header, charged = NaN } = await charge(milliUnits / 1000, price);
          const isHalf = (BigInt(milliUnits) * BigInt(price)) % 1000n === 500n;
          const difference = Math.abs((costNanoOf(header, price) ?? NaN) - charged);
          expect(difference).toBeLessThanOrEqual(isHalf ? 1 : 0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
