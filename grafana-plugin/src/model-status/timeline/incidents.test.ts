import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incidentsOf, stateOf } from './incidents.ts';
import type { Segment } from './segments.ts';
import { timelines } from './timelines.arbitrary.ts';
import { kindOf } from './verdict-rank.ts';

/** Segments of 10 each, from 0. */
function story(...verdicts: (string | undefined)[]): Segment[] {
  return verdicts.map((verdict, index) => ({ from: index * 10, to: index * 10 + 10, verdict }));
}

function stateIn(segments: readonly Segment[]): ReturnType<typeof stateOf> {
  return stateOf(segments, incidentsOf(segments));
}

describe('incidents', () => {
  it('are stretches of trouble, each by its worst verdict', () => {
    const incidents = incidentsOf(story('ok', 'model', 'platform', 'model', 'ok', 'app', 'ok'));

    expect(incidents.map(({ verdict, from, to }) => [verdict, from, to])).toEqual([
      ['platform', 10, 40],
      ['app', 50, 60],
    ]);
    expect(incidents[0]).toMatchObject({ isStartSeen: true, isEndSeen: true, isOngoing: false });
  });

  it('go on while it is unclear for a while, but do not begin or end with that', () => {
    const incidents = incidentsOf(story('ok', 'unknown', 'model', 'unknown', 'model', 'unknown', 'ok'));

    expect(incidents.map(({ from, to }) => [from, to])).toEqual([[20, 50]]);
  });

  it('are not what nobody could judge', () => {
    expect(incidentsOf(story('ok', 'unknown', 'a word of tomorrow', undefined))).toEqual([]);
  });

  it('break where there is no data, and then nobody saw when they began or ended', () => {
    const incidents = incidentsOf(story('model', undefined, 'model', 'ok'));

    expect(incidents).toMatchObject([
      { from: 0, to: 10, isStartSeen: false, isEndSeen: false, isOngoing: false },
      { from: 20, to: 30, isStartSeen: false, isEndSeen: true, isOngoing: false },
    ]);
  });

  it('lie within the range, apart from each other, and end in trouble', () => {
    fc.assert(
      fc.property(timelines, (segments) => {
        const incidents = incidentsOf(segments);

        incidents.forEach(({ from, to, verdict, course }, index) => {
          expect(to).toBeGreaterThan(from);
          expect(kindOf(verdict)).toBe('trouble');
          expect(kindOf(course.at(-1)?.verdict ?? 'ok')).toBe('trouble');
          expect(from).toBeGreaterThanOrEqual(incidents[index - 1]?.to ?? 0);
        });
      }),
    );
  });
});

describe('the state at the end of the range', () => {
  it('is the verdict of now, since the trouble began', () => {
    expect(stateIn(story('ok', 'model', 'platform'))).toEqual({
      verdict: 'platform',
      since: 10,
      isSinceSeen: true,
    });
  });

  it('is at least since the beginning of what is known', () => {
    expect(stateIn(story('model', 'model'))).toMatchObject({ since: 0, isSinceSeen: false });
    expect(stateIn(story('ok', undefined, 'model'))).toMatchObject({ since: 20, isSinceSeen: false });
  });

  it('is unclear since it became so, not since the trouble before', () => {
    expect(stateIn(story('ok', 'model', 'unknown'))).toEqual({
      verdict: 'unknown',
      since: 20,
      isSinceSeen: true,
    });
  });

  it('is no data since the last word, which is told', () => {
    expect(stateIn(story('ok', 'model', undefined))).toMatchObject({
      verdict: undefined,
      since: 20,
      before: 'model',
    });
  });

  it('is no data since nobody knows when, where there never was any', () => {
    expect(stateIn(story(undefined))).toMatchObject({ verdict: undefined, since: undefined });
    expect(stateIn([])).toMatchObject({ verdict: undefined, since: undefined });
  });
});
