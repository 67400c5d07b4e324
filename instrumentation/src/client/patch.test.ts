import { describe, expect, it } from 'vitest';
import { type Method, asWrapperOf, originalOf, unwrapMethod, wrapMethod } from './patch.ts';

const passOn = (original: Method): Method =>
  function (this: unknown, ...args: never[]): unknown {
    return Reflect.apply(original, this, args);
  };

describe('a wrapped method', () => {
  it('has the name and the length of the original, and knows it', () => {
    const run = (_id: string, _options: unknown): void => undefined;
    const target = { run };
    expect(wrapMethod(target, 'run', passOn)).toBe(true);
    expect(target.run).not.toBe(run);
    expect([target.run.name, target.run.length]).toEqual(['run', 2]);
    expect(originalOf(target.run)).toBe(run);
  });

  it('stays where it was among the properties, and as visible', () => {
    const target = { a: 1, run: (): void => undefined, z: 2 };
    Object.defineProperty(target, 'hidden', { value: (): void => undefined, configurable: true });
    const before = Object.getOwnPropertyNames(target);
    wrapMethod(target, 'run', passOn);
    wrapMethod(target, 'hidden', passOn);
    expect(Object.getOwnPropertyNames(target)).toEqual(before);
    expect(Object.keys(target)).toEqual(['a', 'run', 'z']);
    unwrapMethod(target, 'hidden');
    expect(Object.keys(target)).toEqual(['a', 'run', 'z']);
  });

  it('is wrapped once, by whatever copy of the package', () => {
    const original = (): void => undefined;
    const byAnother = (): void => undefined;
    const mark = Symbol.for('opentelemetry-instrumentation-fal.wrapped');
    Object.defineProperty(byAnother, mark, { value: original });
    const target = { run: byAnother };
    expect(wrapMethod(target, 'run', passOn)).toBe(true);
    expect(target.run).toBe(byAnother);
  });

  it('comes off again, once', () => {
    const run = (): string => 'original';
    const target = { run };
    wrapMethod(target, 'run', passOn);
    unwrapMethod(target, 'run');
    expect(target.run).toBe(run);
    unwrapMethod(target, 'run');
    expect(target.run).toBe(run);
  });
});

describe('what cannot be wrapped', () => {
  it.each([undefined, null, 7, 'text', {}, { run: 'no function' }])('stays as it is: %j', (target) => {
    expect(wrapMethod(target, 'run', passOn)).toBe(false);
    expect(() => unwrapMethod(target, 'run')).not.toThrow();
  });

  it('stays as it is: a frozen object', () => {
    const run = (): void => undefined;
    const frozen = Object.freeze({ run });
    expect(wrapMethod(frozen, 'run', passOn)).toBe(false);
    expect(frozen.run).toBe(run);
  });

  it('has no original', () => {
    expect([undefined, null, 7, {}, () => 1].map(originalOf)).toEqual(Array(5).fill(undefined));
  });
});

it('marks without being seen by code that lists or copies', () => {
  const original = (): void => undefined;
  const wrapper = asWrapperOf(original, () => undefined);
  expect(Object.keys(wrapper)).toEqual([]);
  expect(JSON.stringify({ wrapper })).toBe('{}');
});
