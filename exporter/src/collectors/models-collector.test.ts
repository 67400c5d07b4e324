import { describe, expect, it } from 'vitest';
import { PlatformError } from '../fal/platform.ts';
import type { Collector } from './collector.ts';
import { createModelsCollector } from './models-collector.ts';
import { EVERY_MINUTE, FLUX, SCHNELL, TestFal, idsOf, notFound, platformAnswer } from './test-fal.ts';

const STRANGER = 'acme/never/heard-of';

function modelsOf(fal: TestFal, endpointIds: readonly string[]): Collector {
  return createModelsCollector({ access: fal.access, config: EVERY_MINUTE, endpointIds });
}

async function statusesOf(fal: TestFal, collector: Collector): Promise<Record<string, string>> {
  fal.forget();
  await fal.collect(collector);
  return Object.fromEntries(
    fal.told('model_status_observed').map(({ endpointId, status }) => [endpointId, status]),
  );
}

function page(models: readonly unknown[], more: Record<string, unknown> = {}): Response {
  return platformAnswer(200, { models, next_cursor: null, has_more: false, ...more });
}

describe('the models collector', () => {
  it('tells what the catalogue says, and misses what it does not have', async () => {
    const fal = new TestFal();
    const collector = modelsOf(fal, [FLUX, SCHNELL, STRANGER]);
    expect(await statusesOf(fal, collector)).toEqual({
      [FLUX]: 'active',
      [SCHNELL]: 'active',
      [STRANGER]: 'missing',
    });
    expect(fal.asked).toHaveLength(1);
  });

  it.each<[string, string]>([
    ['model-deprecated', 'deprecated'],
    ['model-removed', 'missing'],
  ])('notices %s, and its end', async (scenario, expected) => {
    const fal = new TestFal();
    const collector = modelsOf(fal, [FLUX, SCHNELL]);
    fal.simulator.applyScenario(scenario, { endpointId: FLUX });
    expect(await statusesOf(fal, collector)).toEqual({ [FLUX]: expected, [SCHNELL]: 'active' });
    fal.simulator.applyScenario('healthy');
    expect(await statusesOf(fal, collector)).toEqual({ [FLUX]: 'active', [SCHNELL]: 'active' });
  });

  it('misses a model that fal refuses to be asked about, and only that one', async () => {
    const fal = new TestFal();
    const collector = modelsOf(fal, [FLUX, SCHNELL, STRANGER]);
    fal.answer = (url) => (idsOf(url).includes(STRANGER) ? notFound() : undefined);
    expect(await statusesOf(fal, collector)).toEqual({
      [FLUX]: 'active',
      [SCHNELL]: 'active',
      [STRANGER]: 'missing',
    });
  });

  it('needs no key, and sends the API key where there is one', async () => {
    const fal = new TestFal();
    await statusesOf(fal, modelsOf(fal, [FLUX]));
    expect(fal.headers[0]?.get('authorization')).toMatch(/^Key /);
    const access = { ...fal.access, falKey: () => undefined };
    const collector = createModelsCollector({ access, config: EVERY_MINUTE, endpointIds: [FLUX] });
    expect(await statusesOf(fal, collector)).toEqual({ [FLUX]: 'active' });
    expect(fal.headers[1]?.has('authorization')).toBe(false);
  });

  it('says nothing of a model without metadata or with a status of tomorrow', async () => {
    const fal = new TestFal();
    fal.answer = () =>
      page([{ endpoint_id: FLUX }, { endpoint_id: SCHNELL, metadata: { status: 'sunset' } }]);
    expect(await statusesOf(fal, modelsOf(fal, [FLUX, SCHNELL]))).toEqual({});
  });

  it('reads further pages, and misses nobody while there are more than it reads', async () => {
    const fal = new TestFal();
    const row = (id: string): unknown => ({ endpoint_id: id, metadata: { status: 'active' } });
    fal.answer = (url) =>
      url.searchParams.get('cursor') === null
        ? page([row(FLUX)], { next_cursor: 'two', has_more: true })
        : page([row(SCHNELL)]);
    expect(await statusesOf(fal, modelsOf(fal, [FLUX, SCHNELL]))).toEqual({
      [FLUX]: 'active',
      [SCHNELL]: 'active',
    });
    fal.answer = () => page([row(FLUX)], { next_cursor: String(fal.asked.length), has_more: true });
    expect(await statusesOf(fal, modelsOf(fal, [FLUX, SCHNELL]))).toEqual({ [FLUX]: 'active' });
    expect(fal.asked.length).toBeLessThan(20);
  });

  it.each<[string, () => Response]>([
    ['a 500', () => platformAnswer(500, { error: { type: 'server_error', message: 'x' } })],
    ['a 429', () => platformAnswer(429, { error: { type: 'rate_limited', message: 'x' } })],
    ['a 404 of a proxy', () => platformAnswer(404, '<html>nginx</html>')],
    ['a page', () => platformAnswer(200, '<html>sign in</html>')],
    ['another shape', () => platformAnswer(200, { models: { [FLUX]: 'active' } })],
  ])('learns nothing from %s', async (_name, answer) => {
    const fal = new TestFal();
    fal.answer = answer;
    await expect(fal.collect(modelsOf(fal, [FLUX, SCHNELL]))).rejects.toThrow(PlatformError);
    expect(fal.events).toEqual([]);
  });

  it.each(['platform-hang', 'host-down-platform', 'platform-rate-limited'])(
    'learns nothing under %s',
    async (scenario) => {
      const fal = new TestFal(scenario);
      await expect(fal.collect(modelsOf(fal, [FLUX, STRANGER]))).rejects.toThrow(PlatformError);
      expect(fal.events).toEqual([]);
    },
  );

  it('tells what it learned before the calls were used up', async () => {
    const fal = new TestFal();
    const many = [FLUX, ...Array.from({ length: 60 }, (_, n) => `acme/${n}`)];
    fal.calls = 1;
    await expect(fal.collect(modelsOf(fal, many))).rejects.toThrow('no calls left');
    expect(fal.told('model_status_observed')).toHaveLength(50);
  });
});
