import { describe, expect, it, vi } from 'vitest';
import type { FalAttributes } from './attribute-filter.ts';
import { currentFalAttributes, withFalAttributes } from './with-fal-attributes.ts';

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('withFalAttributes', () => {
  it('is seen by all that happens inside, also after awaits, and by nothing else', async () => {
    const seen: unknown[] = [];
    const running = withFalAttributes({ team: 'growth' }, async () => {
      seen.push(currentFalAttributes());
      await tick();
      seen.push(currentFalAttributes());
    });
    expect(currentFalAttributes()).toBeUndefined();
    await running;
    expect(seen).toEqual([{ team: 'growth' }, { team: 'growth' }]);
    expect(seen[0]).toBe(seen[1]);
    expect(Object.isFrozen(seen[0])).toBe(true);
  });

  it('keeps calls that run at the same time apart', async () => {
    const teamAfterAwait = (team: string): Promise<unknown> =>
      withFalAttributes({ team }, async () => {
        await tick();
        return currentFalAttributes()?.team;
      });
    expect(await Promise.all(['a', 'b', 'c'].map(teamAfterAwait))).toEqual(['a', 'b', 'c']);
  });

  it('merges inside of each other; the inner value wins, and undefined takes one away', () => {
    withFalAttributes({ team: 'growth', feature: 'avatar' }, () => {
      withFalAttributes({ feature: 'banner', paid: true, team: undefined }, () => {
        expect(currentFalAttributes()).toEqual({ team: undefined, feature: 'banner', paid: true });
      });
      expect(currentFalAttributes()).toEqual({ team: 'growth', feature: 'avatar' });
    });
  });

  it('does not follow what the app does to its object later', () => {
    const attributes = { team: 'growth' };
    withFalAttributes(attributes, () => {
      attributes.team = 'search';
      expect(currentFalAttributes()).toEqual({ team: 'growth' });
    });
  });

  it('gives back the very promise, and throws the very error', () => {
    const promise = tick();
    expect(withFalAttributes({ team: 'growth' }, () => promise)).toBe(promise);
    const error = new Error('from the app');
    expect(() =>
      withFalAttributes({ team: 'growth' }, () => {
        throw error;
      }),
    ).toThrow(error);
    expect(currentFalAttributes()).toBeUndefined();
  });

  it('runs the function whatever the attributes are', () => {
    const hostile = Object.defineProperty({}, 'team', {
      enumerable: true,
      get: () => {
        throw new Error('from a getter');
      },
    });
    for (const attributes of [undefined, null, 'text', 7, hostile] as unknown as FalAttributes[])
      expect(withFalAttributes(attributes, () => 42)).toBe(42);
  });

  it('is seen through a second copy of the package', async () => {
    vi.resetModules();
    const copy = await import('./with-fal-attributes.ts');
    expect(copy.withFalAttributes).not.toBe(withFalAttributes);
    const seen = copy.withFalAttributes({ team: 'growth' }, () => currentFalAttributes());
    expect(seen).toEqual({ team: 'growth' });
  });
});
