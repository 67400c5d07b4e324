import { expect, test } from 'vitest';
import { createSimulator } from '../create-simulator.ts';
import { FAKE_ADMIN_KEY, FAKE_API_KEY } from '../default-world.ts';
import { VirtualClock } from '../virtual-clock.ts';

const MODEL = 'fal-ai/flux/schnell';

test('jobs that ran through the queue show in usage, analytics, history and balance, cent for cent', async () => {
  const clock = new VirtualClock();
  const simulator = createSimulator({ clock, indexingLagMs: 5000 });
  const get = async (path: string): Promise<unknown> => {
    const headers = { authorization: `Key ${FAKE_ADMIN_KEY}` };
    return (await simulator.fetch(`https://api.fal.ai/v1${path}`, { headers })).json();
  };
  const before = await get('/account/billing?expand=credits');
  for (let sent = 0; sent < 5; sent += 1) {
    const response = await simulator.fetch(`https://queue.fal.run/${MODEL}`, {
      method: 'POST',
      headers: { authorization: `Key ${FAKE_API_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: 'a lighthouse' }),
    });
    expect(response.status).toBe(200);
    await clock.advance(20_000);
  }
  const { jobs } = simulator.ledger;
  const chargedNano = jobs.reduce((sum, job) => sum + (job.chargedNano ?? NaN), 0);
  expect(chargedNano).toBeGreaterThan(0);
  const { billing_events: events } = (await get('/models/billing-events')) as {
    billing_events: { cost_estimate_nano_usd: number }[];
  };
  expect(events.reduce((sum, event) => sum + event.cost_estimate_nano_usd, 0)).toBe(chargedNano);
  expect(await get('/models/usage?expand=summary')).toMatchObject({
    summary: [{ endpoint_id: MODEL, quantity: 5, cost_total: chargedNano / 1e9 }],
  });
  expect(
    await get(`/models/analytics?endpoint_id=${MODEL}&expand=summary,request_count,success_count`),
  ).toMatchObject({
    summary: [{ request_count: 5, success_count: 5 }],
  });
  const { items } = (await get(`/models/requests/by-endpoint?endpoint_id=${MODEL}`)) as {
    items: { request_id: string }[];
  };
  expect(items.map((item) => item.request_id).toSorted()).toEqual(
    jobs.map((job) => job.requestId).toSorted(),
  );
  const balanceIn = (body: unknown): number =>
    (body as { credits: { current_balance: number } }).credits.current_balance;
  const after = await get('/account/billing?expand=credits');
  expect(Math.round((balanceIn(before) - balanceIn(after)) * 1e9)).toBe(chargedNano);
  simulator.close();
});
