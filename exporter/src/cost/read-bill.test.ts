import { FAKE_API_KEY } from 'fal-simulator';
import { expect, it } from 'vitest';
import { sumOf } from './cost-line.ts';
import { readBill } from './read-bill.ts';
import { CostRig, answerOf, billed, total } from './test-cost-rig.ts';

const USAGE = '/v1/models/usage';
const EVENTS = '/v1/models/billing-events';

const pathsOf = (rig: CostRig): string[] => rig.asked.map(({ pathname }) => pathname);

it('usage tells the bill, and no event is asked for', async () => {
  const rig = new CostRig();
  await rig.work();
  const bill = await readBill(rig.question());
  expect([billed(bill.lines), bill.readFrom, bill.notes]).toEqual([rig.charged(), 'usage', []]);
  expect(pathsOf(rig)).toEqual([USAGE]);
});

it.each<[string, (rig: CostRig) => void, RegExp]>([
  ['answers 500', (rig) => rig.simulator.applyScenario('usage-500'), /platform\.server_error/],
  [
    'is a page of HTML',
    (rig) => (rig.answer = (url) => (url.pathname === USAGE ? new Response('<html>') : undefined)),
    /invalid_json/,
  ],
  [
    'has a day that is no date',
    (rig) => {
      const odd = { time_series: [{ bucket: '?', results: [] }], has_more: false };
      rig.answer = (url) => (url.pathname === USAGE ? answerOf(odd) : undefined);
    },
    /a day that cannot be read/,
  ],
])('where usage %s, billing events stand in for it, and that is said', async (_name, breakIt, reason) => {
  const rig = new CostRig();
  await rig.work({ times: 3 });
  breakIt(rig);
  const bill = await readBill(rig.question());
  expect([billed(bill.lines), bill.readFrom]).toEqual([rig.charged(), 'billing-events']);
  expect(bill.notes).toEqual([expect.stringMatching(/usage cannot be read .* added up from single billing/)]);
  expect(bill.notes[0]).toMatch(reason);
});

it('where both fail, the reason of each is told', async () => {
  const rig = new CostRig({ scenario: 'usage-500' });
  rig.answer = (url) => (url.pathname === EVENTS ? answerOf({ detail: 'oops' }, 503) : undefined);
  await expect(readBill(rig.question())).rejects.toThrow(
    /two sources of the bill, and neither.*usage: platform\.server_error; GET .*billing-events: /,
  );
});

it('where usage fails and the key is refused by the other source, the key is what is wrong', async () => {
  const rig = new CostRig({ scenario: 'usage-500' });
  const error = { type: 'authorization_error', message: 'no' };
  rig.answer = (url) => (url.pathname === EVENTS ? answerOf({ error }, 403) : undefined);
  await expect(readBill(rig.question())).rejects.toMatchObject({ name: 'PlatformError' });
});

it('a key that is refused, a wrong currency and an interruption are the same everywhere: nothing else is tried', async () => {
  const rig = new CostRig();
  await expect(readBill(rig.question({ adminKey: FAKE_API_KEY }))).rejects.toThrow(/authorization_error/);
  const row = { endpoint_id: 'a/b', unit: '', quantity: 1, cost_total: 1, currency: 'JPY' };
  const results = { time_series: [{ bucket: '2026-10-01T00:00:00Z', results: [row] }], has_more: false };
  rig.answer = () => answerOf(results);
  await expect(readBill(rig.question())).rejects.toThrow(/usage is in JPY/);
  rig.interrupt();
  await expect(readBill(rig.question())).rejects.toThrow(/aborted/);
  expect(new Set(pathsOf(rig))).toEqual(new Set([USAGE]));
});

it('split by source it is told by events, and usage says whether they are all there', async () => {
  const rig = new CostRig();
  const probes = new Set(await rig.work({ times: 2 }));
  await rig.work({ times: 20 });
  const whole = await readBill(rig.question(), (id) => probes.has(id));
  expect([sumOf(whole.lines).billed, whole.notes]).toEqual([total(rig.charged()), []]);
  rig.simulator.applyScenario('billing-incomplete');
  const part = await readBill(rig.question(), (id) => probes.has(id));
  expect(part.notes).toEqual([
    expect.stringMatching(/comes to 0\.4400 USD .* some requests are missing here/),
  ]);
});

it('split by source it is told also where usage fails, and where it lags behind', async () => {
  const rig = new CostRig({ scenario: 'usage-500' });
  await rig.work();
  expect(await readBill(rig.question(), () => true)).toMatchObject({ readFrom: 'billing-events', notes: [] });
  rig.simulator.applyScenario('healthy');
  rig.answer = (url) => (url.pathname === USAGE ? answerOf({ time_series: [], has_more: false }) : undefined);
  const { notes } = await readBill(rig.question(), () => true);
  expect(notes).toEqual([expect.stringMatching(/comes to 0\.00 USD .* may not have caught up/)]);
});

it('events that could not be read are counted in words', async () => {
  const rig = new CostRig({ scenario: 'usage-500' });
  rig.answer = (url) => (url.pathname === EVENTS ? answerOf({ billing_events: [null] }) : undefined);
  expect((await readBill(rig.question())).notes[1]).toBe(
    '1 billing event could not be read and is missing here.',
  );
});
