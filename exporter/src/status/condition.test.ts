import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConditionTracker, isFailing, judgedRuns } from './condition.ts';
import type { ConditionView, RunVerdict } from './view.ts';

const LETTERS: Readonly<Record<string, RunVerdict>> = {
  o: 'ok',
  F: 'failure',
  a: 'account',
  i: 'app',
  c: 'cancelled',
};

/** Runs as letters, one a second: o good, F failed, a account, i input, c cancelled. */
function runs(letters: string): { at: number; verdict: RunVerdict }[] {
  return [...letters].map((letter, at) => ({ at, verdict: LETTERS[letter] ?? 'ok' }));
}

function after(letters: string): ConditionView | undefined {
  const tracker = new ConditionTracker();
  for (const run of runs(letters)) tracker.observe(run);
  return tracker.condition;
}

describe('the rule of failing', () => {
  it.each([
    ['FF', true],
    ['oooFF', true],
    ['FooFo', false],
    ['FoFo', true],
    ['FoFoF', true],
    ['F', false],
    ['oF', false],
    ['FFFoo', true],
    ['aaaii', false],
    ['FFooooo', false],
  ])('%s is failing: %s', (letters, expected) => {
    expect(isFailing(judgedRuns(runs(letters)))).toBe(expected);
  });
});

describe('since when', () => {
  it.each([
    ['', undefined],
    ['a', undefined],
    ['c', undefined],
    ['oo', { state: 'well', since: 0 }],
    ['oooF', { state: 'shaky', since: 3 }],
    ['oooFF', { state: 'failing', since: 3 }],
    ['oooFFFFFFFFF', { state: 'failing', since: 3 }],
    ['oFooFF', { state: 'failing', since: 4 }],
    ['FoFoF', { state: 'failing', since: 0 }],
    ['FoFoFo', { state: 'shaky', since: 0 }],
    ['ooFFFoo', { state: 'failing', since: 2 }],
    ['ooFFFooo', { state: 'shaky', since: 2 }],
    ['ooFFFooooo', { state: 'well', since: 5 }],
    ['ooFFFooooooo', { state: 'well', since: 5 }],
    ['oooFcF', { state: 'failing', since: 3 }],
    ['oFFaaaaa', undefined],
  ])('%s is %o', (letters, expected) => {
    expect(after(letters)).toEqual(expected);
  });

  it('is the time of a run that was seen, for any sequence', () => {
    const letter = fc.constantFrom('o', 'F', 'a', 'i', 'c');
    fc.assert(
      fc.property(fc.array(letter, { maxLength: 80 }), (letters) => {
        const text = letters.join('');
        const condition = after(text);
        if (condition === undefined) return;
        const expected = condition.state === 'well' ? 'o' : 'F';
        expect(text[condition.since]).toBe(expected);
        if (condition.state !== 'failing') return;
        expect(isFailing(judgedRuns(runs(text)))).toBe(true);
      }),
    );
  });
});
