import { VirtualClock } from 'fal-simulator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlatformError } from '../fal/platform.ts';
import { EndpointQuestions } from './endpoint-questions.ts';

const error = (errorType: 'platform.not_found' | 'platform.server_error' | 'not_found'): PlatformError =>
  new PlatformError('/models', { errorType, fault: 'app', outcome: 'error' });

const ids = (count: number): string[] => Array.from({ length: count }, (_, n) => `acme/model-${n}`);

interface Asking {
  readonly questions: EndpointQuestions;
  readonly clock: VirtualClock;
  /** Runs a reading; gives who was answered and who is unknown. `refuses` decides by the ids of one question. */
  readonly read: (
    refuses: (asked: readonly string[]) => Error | undefined,
  ) => Promise<{ answered: string[]; unknown: string[]; calls: number; failure: unknown }>;
}

function asking(endpointIds: readonly string[], leaveOutMs = 3_600_000): Asking {
  const clock = new VirtualClock();
  const questions = new EndpointQuestions({ endpointIds, clock, leaveOutMs });
  return {
    questions,
    clock,
    read: async (refuses) => {
      const [answered, unknown]: [string[], string[]] = [[], []];
      let calls = 0;
      const ask = (asked: readonly string[]): Promise<void> => {
        calls += 1;
        const failure = refuses(asked);
        if (failure !== undefined) return Promise.reject(failure);
        answered.push(...asked);
        return Promise.resolve();
      };
      const failure: unknown = await questions
        .askAll(ask, (id) => unknown.push(id))
        .catch((reason: unknown) => reason);
      return { answered, unknown, calls, failure };
    },
  };
}

describe('questions about many endpoints', () => {
  it('hold at most fifty ids each', async () => {
    const sizes: number[] = [];
    await asking(ids(120)).questions.askAll((asked) => {
      sizes.push(asked.length);
      return Promise.resolve();
    });
    expect(sizes).toEqual([50, 50, 20]);
  });

  it('reach everybody that fal knows, whichever ids it does not', async () => {
    const subset = fc.subarray(ids(70));
    await fc.assert(
      fc.asyncProperty(subset, fc.boolean(), async (strangers, onlyWhenAllAre) => {
        const { read } = asking(ids(70));
        const isStranger = (id: string): boolean => strangers.includes(id);
        const { answered, unknown, failure } = await read((asked) => {
          const isRefused = onlyWhenAllAre ? asked.every(isStranger) : asked.some(isStranger);
          return isRefused ? error('platform.not_found') : undefined;
        });
        expect(failure).toBeUndefined();
        expect(new Set([...answered, ...unknown])).toEqual(new Set(ids(70)));
        expect(answered).toHaveLength(70 - unknown.length);
        if (!onlyWhenAllAre) expect(unknown.toSorted()).toEqual(strangers.toSorted());
      }),
      { numRuns: 60 },
    );
  });

  it('leave an unknown id out for an hour, then ask for it alone, and take it back', async () => {
    const { read, clock } = asking(ids(3));
    let isKnown = false;
    const refuses = (asked: readonly string[]): Error | undefined =>
      asked.includes('acme/model-1') && !isKnown ? error('platform.not_found') : undefined;
    expect((await read(refuses)).unknown).toEqual(['acme/model-1']);
    expect(await read(refuses)).toMatchObject({ calls: 1, answered: ['acme/model-0', 'acme/model-2'] });
    await clock.advance(3_600_000);
    expect(await read(refuses)).toMatchObject({ calls: 2, unknown: ['acme/model-1'] });
    isKnown = true;
    await clock.advance(3_600_000);
    expect((await read(refuses)).answered).toContain('acme/model-1');
    expect(await read(refuses)).toMatchObject({ calls: 1, answered: ids(3) });
  });

  it('say nothing about an id when the 404 is of somebody on the way', async () => {
    const { read } = asking(ids(2));
    const { unknown, failure, calls } = await read(() => error('not_found'));
    expect({ unknown, calls }).toEqual({ unknown: [], calls: 1 });
    expect(failure).toBeInstanceOf(PlatformError);
  });

  it('come to everybody in turn when the calls are too few for all', async () => {
    const { read } = asking(ids(150));
    const readOne = async (): Promise<string[]> => {
      let left = 1;
      const { answered, failure } = await read(() => (left-- > 0 ? undefined : new Error('no calls left')));
      expect((failure as Error).message).toBe('no calls left');
      return answered;
    };
    expect(await readOne()).toEqual(ids(150).slice(0, 50));
    expect(await readOne()).toEqual(ids(150).slice(50, 100));
    expect(await readOne()).toEqual(ids(150).slice(100));
    expect(await readOne()).toEqual(ids(150).slice(0, 50));
  });

  it('put those that fal fails at behind the others', async () => {
    const { read } = asking(ids(100));
    const refuses = (asked: readonly string[]): Error | undefined =>
      asked.includes('acme/model-0') ? error('platform.server_error') : undefined;
    expect((await read(refuses)).answered).toEqual([]);
    expect((await read(refuses)).answered).toEqual(ids(100).slice(50));
  });
});
