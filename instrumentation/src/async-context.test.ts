import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import {
  type AsyncStorage,
  asyncLocalStorage,
  captureAsyncContext,
  createAsyncSlot,
  createSyncSlot,
} from './async-context.ts';

const tick = (): Promise<void> => Promise.resolve();

describe('a slot', () => {
  it('is seen after awaits and in callbacks, by each run on its own', async () => {
    const slot = createAsyncSlot<string>();
    const inside = async (): Promise<string | undefined> => {
      await tick();
      return new Promise((resolve) => setImmediate(() => resolve(slot.get())));
    };
    const both = await Promise.all([slot.run('a', inside), slot.run('b', inside)]);
    expect(both).toEqual(['a', 'b']);
    expect(slot.get()).toBeUndefined();
  });

  it('holds the innermost value and gives the outer one back', () => {
    const slot = createAsyncSlot<string>();
    const seen = slot.run('outer', () => [slot.run('inner', () => slot.get()), slot.get()]);
    expect(seen).toEqual(['inner', 'outer']);
  });

  it('returns the very promise of the function', () => {
    const promise = tick();
    expect(createAsyncSlot<string>().run('a', () => promise)).toBe(promise);
  });
});

describe('a slot without AsyncLocalStorage', () => {
  it('covers the synchronous part, and never leaks into what comes later', async () => {
    const slot = createSyncSlot<string>();
    const seen: unknown[] = [];
    const running = slot.run('a', async () => {
      seen.push(slot.get());
      await tick();
      seen.push(slot.get());
    });
    seen.push(slot.get());
    await running;
    expect(seen).toEqual(['a', undefined, undefined]);
  });

  it('is left tidy by a function that throws', () => {
    const slot = createSyncSlot<string>();
    const error = new Error('from the app');
    const attempt = (): void =>
      slot.run('outer', () => {
        expect(() =>
          slot.run('inner', () => {
            throw error;
          }),
        ).toThrow(error);
        expect(slot.get()).toBe('outer');
      });
    attempt();
    expect(slot.get()).toBeUndefined();
  });
});

describe('the class of the runtime', () => {
  it('is the one of Node where there is one', () => {
    expect(asyncLocalStorage()).toBe(AsyncLocalStorage);
  });

  it('is the global one where built-in modules cannot be had', () => {
    expect(asyncLocalStorage({ AsyncLocalStorage })).toBe(AsyncLocalStorage);
    const process = { getBuiltinModule: () => undefined };
    expect(asyncLocalStorage({ process, AsyncLocalStorage })).toBe(AsyncLocalStorage);
  });

  it('is missing without a throw where there is none', () => {
    const getBuiltinModule = (): never => {
      throw new Error('not here');
    };
    expect(asyncLocalStorage({})).toBeUndefined();
    expect(asyncLocalStorage({ process: {} })).toBeUndefined();
    expect(asyncLocalStorage({ process: { getBuiltinModule } })).toBeUndefined();
    expect(asyncLocalStorage({ AsyncLocalStorage: 'polyfill' })).toBeUndefined();
  });
});

describe('a captured context', () => {
  it('is where it was captured, whoever asks to run there', () => {
    const slot = createAsyncSlot<string>();
    const atHome = captureAsyncContext();
    expect(slot.run('request', () => atHome(() => slot.get()))).toBeUndefined();
    const inRequest = slot.run('request', () => captureAsyncContext());
    expect(inRequest(() => slot.get())).toBe('request');
  });

  it('is any context where the runtime cannot capture one', () => {
    class Old<T> implements AsyncStorage<T> {
      run<R>(_store: T, callback: () => R): R {
        return callback();
      }
      getStore(): T | undefined {
        return undefined;
      }
    }
    expect(captureAsyncContext(Old)(() => 42)).toBe(42);
  });
});
