import { FAKE_API_KEY, createSimulator } from 'fal-simulator';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../domain/clock.ts';
import { cancelLeftovers } from './leftovers.ts';

const ENDPOINT = 'fal-ai/flux/dev';

describe('the requests of an exporter that was killed', () => {
  it('are cancelled and forgotten, whatever fal says of them', async () => {
    const simulator = createSimulator({ seed: 1, scenario: 'queue-stall' });
    const authorization = `Key ${FAKE_API_KEY}`;
    const submit = {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{"prompt":"x"}',
    };
    const answer = (await (await simulator.fetch(`https://queue.fal.run/${ENDPOINT}`, submit)).json()) as {
      request_id: string;
    };
    const [told, forgotten]: [string[], string[]] = [[], []];
    const leftovers = [answer.request_id, '00000000-0000-4000-8000-000000000000'].map((requestId) => ({
      probe: 'p',
      endpointId: ENDPOINT,
      requestId,
    }));
    await cancelLeftovers(leftovers, {
      access: { clock: systemClock, fetch: simulator.fetch.bind(simulator), falKey: () => FAKE_API_KEY },
      signal: new AbortController().signal,
      forget: (requestId) => forgotten.push(requestId),
      tell: (message) => told.push(message),
    });
    expect(simulator.ledger.job(answer.request_id)?.outcome).toBe('cancelled');
    expect(forgotten).toEqual(leftovers.map(({ requestId }) => requestId));
    expect(told).toEqual([expect.stringContaining('cancelled it'), expect.stringContaining('it had ended')]);
    simulator.close();
  });
});
