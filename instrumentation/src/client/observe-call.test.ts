import { context, trace } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { beginAttached } from './direct-calls.ts';
import { type ObservedCall, observeCall } from './observe-call.ts';
import { ENDPOINT, endings, inFlight, observed } from './test-client.ts';

function begun(): ReturnType<typeof observed> & { readonly begin: () => ObservedCall | undefined } {
  const made = observed();
  return { ...made, begin: () => beginAttached(made.telemetry, 'run', ENDPOINT) };
}

describe('an observed call', () => {
  it('resolves with the very value, and counts it before its caller knows', async () => {
    const { telemetry, recorder, begin } = begun();
    const value = { data: {} };
    const call = observeCall(telemetry, begin, () => Promise.resolve(value));
    expect(await inFlight(recorder)).toBe(1);
    expect(await call).toBe(value);
    expect(await endings(recorder)).toEqual({ 'run ok': 1 });
    expect(await inFlight(recorder)).toBe(0);
  });

  it('rejects with the very error, whatever was thrown', async () => {
    const { telemetry, recorder, begin } = begun();
    for (const thrown of [new Error('a'), 'text', undefined, null, Object.freeze({ status: 500 })]) {
      const refused = observeCall(telemetry, begin, () => Promise.reject(thrown as Error));
      await expect(refused.catch((error: unknown) => [error])).resolves.toEqual([thrown]);
      const caught = await observeCall(telemetry, begin, () => Promise.reject(thrown as Error)).then(
        () => 'resolved',
        (error: unknown) => error,
      );
      expect(caught).toBe(thrown);
    }
    expect(await endings(recorder)).toEqual({ 'run error': 10 });
  });

  it('throws what is thrown at once, at once', async () => {
    const { telemetry, recorder, begin } = begun();
    const error = new Error('bad id');
    const call = (): unknown =>
      observeCall(telemetry, begin, () => {
        throw error;
      });
    expect(call).toThrow(error);
    expect(await endings(recorder)).toEqual({ 'run error': 1 });
    expect(await inFlight(recorder)).toBe(0);
  });

  it('returns what is no promise as it is', async () => {
    const { telemetry, recorder, begin } = begun();
    const value = { data: 1 };
    expect(observeCall(telemetry, begin, () => value)).toBe(value);
    expect(await endings(recorder)).toEqual({ 'run ok': 1 });
  });

  it('knows its request inside, across awaits, and its span is the active one', async () => {
    const { telemetry, begin } = begun();
    const seen = await observeCall(telemetry, begin, async () => {
      await Promise.resolve();
      return [telemetry.calls.get()?.request, trace.getSpan(context.active())?.isRecording()] as const;
    });
    expect(seen[0]?.labels.operation).toBe('run');
    expect(seen[1]).toBe(true);
    expect(telemetry.calls.get()).toBeUndefined();
    expect(trace.getActiveSpan()).toBeUndefined();
  });

  it('waits for its request as long as it is in progress', async () => {
    const { telemetry, begin } = begun();
    let finish: (value: unknown) => void = () => undefined;
    let request: ObservedCall['request'] | undefined;
    const call = observeCall(telemetry, begin, () => {
      request = telemetry.calls.get()?.request;
      return new Promise((resolve) => (finish = resolve));
    });
    expect(request?.watchers).toBe(1);
    finish({});
    await call;
    expect(request?.watchers).toBe(0);
  });
});

describe('a call that finds no request', () => {
  it('is made as if we were not there: the very promise comes back', () => {
    const { telemetry } = begun();
    const promise = Promise.resolve(1);
    expect(
      observeCall(
        telemetry,
        () => undefined,
        () => promise,
      ),
    ).toBe(promise);
  });

  it('is made all the same when the beginning fails, with one line that says so', () => {
    const { telemetry, log } = begun();
    const promise = Promise.resolve(1);
    const begin = (): never => {
      throw new Error('defect');
    };
    expect(observeCall(telemetry, begin, () => promise)).toBe(promise);
    expect(observeCall(telemetry, begin, () => promise)).toBe(promise);
    expect(log).toHaveLength(1);
    expect(log[0]).toContain('watching the beginning of a call failed');
  });
});

describe('a listener of ours that fails', () => {
  it('costs neither the caller its value nor the request its end', async () => {
    const { telemetry, recorder, begin, log } = begun();
    const failing = (): ObservedCall | undefined => {
      const call = begin();
      const fail = (): never => {
        throw new Error('defect');
      };
      return call && { ...call, resolved: fail, rejected: fail };
    };
    expect(await observeCall(telemetry, failing, () => Promise.resolve(7))).toBe(7);
    const error = new Error('from fal');
    await expect(observeCall(telemetry, failing, () => Promise.reject(error))).rejects.toBe(error);
    expect(log).toHaveLength(2);
    expect(recorder.openSpans).toBe(0);
    for (const { labels } of telemetry.desk.active()) expect(labels.operation).toBe('run');
  });

  it('is told of by a value whose fields throw', async () => {
    const { telemetry, begin, recorder } = begun();
    const value = {
      get data(): never {
        throw new Error('a getter of the app');
      },
    };
    expect(await observeCall(telemetry, begin, () => Promise.resolve(value))).toBe(value);
    expect(recorder.openSpans).toBe(0);
  });
});
