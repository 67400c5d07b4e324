import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VERDICTS } from '../../../../dashboards/src/verdict/verdicts.ts';
import { row } from '../rows/row.example.ts';
import { summaryOf } from '../rows/summary.ts';
import { incidentsOf } from '../timeline/incidents.ts';
import type { Segment } from '../timeline/segments.ts';
import { uptimeOf } from '../timeline/uptime.ts';
import {
  bucketLines,
  incidentWords,
  rowSentence,
  rowSpan,
  rowWord,
  stateSentence,
  stateSpan,
  unknownWords,
  uptimeSentence,
} from './row-words.ts';
import { adviceLine, breakdownWords, headlineWords } from './summary-words.ts';
import { roughSpanWords, secondsWords, shareWords, spanWords } from './time-words.ts';
import { adviceWords, verdictWords } from './verdict-words.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const TIME = { now: 10 * HOUR, clock: (at: number) => new Date(at).toISOString().slice(11, 16) };

describe('the words for a verdict', () => {
  it('are those of the dashboards', () => {
    for (const { verdict, short, advice } of VERDICTS) {
      expect(verdictWords(verdict)).toBe(short);
      expect(adviceWords(verdict) ?? 'Nothing to do.').toBe(advice);
    }
  });

  it('are the word itself, whole, where this version does not know it', () => {
    expect(verdictWords('<b>new</b> 50/50')).toBe('<b>new</b> 50/50');
    expect(adviceWords('<b>new</b>')).toBeUndefined();
  });
});

describe('the words for a state', () => {
  const since = TIME.now - 12 * MINUTE;

  it('say whose it is, since when, and for how long', () => {
    const state = { verdict: 'model', since, isSinceSeen: true };

    expect(stateSentence(state, TIME)).toBe('fal: this model failing since 09:48 (12 min)');
    expect(stateSpan(state, TIME)).toBe('fal: this model, 12 min');
  });

  it('say what requests tell where probes tell otherwise, in as much room as there is', () => {
    const unseen = row({ endpointId: 'a/b', verdict: 'ok', isFailingUnseen: true });
    const words = (some: typeof unseen): string[] => [
      rowWord(some),
      rowSpan(some, TIME),
      rowSentence(some, TIME),
    ];

    expect(words(unseen)).toEqual(['Requests fail', 'OK, requests fail', 'OK for probes, but requests fail']);
    expect(words({ ...unseen, onAndOff: 'model' })).toEqual([
      'fal: this model',
      'fal: this model failing on and off',
      'fal: this model failing on and off',
    ]);
    expect(rowWord(row({ endpointId: 'a/b', verdict: 'platform' }))).toBe('fal: platform');
  });

  it('say at least where nobody saw it begin', () => {
    const state = { verdict: 'platform', since, isSinceSeen: false };

    expect(stateSentence(state, TIME)).toBe('fal: platform failing at least since 09:48 (12 min)');
  });

  it('say what was known last where there is no data', () => {
    expect(stateSentence({ verdict: undefined, since, isSinceSeen: true, before: 'ok' }, TIME)).toBe(
      'No data since 09:48 (12 min), before: OK',
    );
    expect(stateSentence({ verdict: undefined, since: undefined, isSinceSeen: false }, TIME)).toBe(
      'No data in this range',
    );
  });
});

describe('the words for an incident', () => {
  const over = (...segments: Segment[]): string => incidentWords(incidentsOf(segments).at(-1), TIME);

  it('say which, when and how long, as far as it was seen', () => {
    const ok = { from: 0, to: HOUR, verdict: 'ok' };
    const bad = { from: HOUR, to: 3.5 * HOUR, verdict: 'account' };

    expect(over(ok, bad, { from: 3.5 * HOUR, to: 4 * HOUR, verdict: 'ok' })).toBe(
      'Your account, 01:00, 2 h 30 min',
    );
    expect(over(bad, { from: 3.5 * HOUR, to: 4 * HOUR, verdict: 'ok' })).toBe(
      'Your account, 01:00, at least 2 h 30 min',
    );
    expect(over(ok, bad)).toBe('Your account, 01:00, goes on');
    expect(over(ok)).toBe('none in this range');
  });
});

describe('the words for uptime', () => {
  it('say how much is not known, and that it counts neither way', () => {
    const uptime = uptimeOf([
      { from: 0, to: 8 * HOUR, verdict: 'ok' },
      { from: 8 * HOUR, to: 10 * HOUR, verdict: undefined },
    ]);

    expect(unknownWords(uptime)).toBe('20 % unknown');
    expect(uptimeSentence(uptime)).toBe(
      '100 %: OK for 8 h of the 8 h that are known. 2 h are unknown and count neither way.',
    );
  });

  it('never round up to 100 %, nor down to 0 %', () => {
    expect([0, 0.000_01, 0.5, 0.991, 0.999_99, 0.999_999_999_9, 1].map(shareWords)).toEqual([
      '0 %',
      '< 0.01 %',
      '50.00 %',
      '99.10 %',
      '99.99 %',
      '99.99 %',
      '100 %',
    ]);
  });
});

describe('the words for a bar', () => {
  it('say each verdict with its share', () => {
    const parts = [
      { verdict: 'model', share: 0.001 },
      { verdict: 'ok', share: 0.999 },
    ];

    expect(
      bucketLines({ from: 0, to: 1, parts, shown: { verdict: 'model' } }).map(({ text }) => text),
    ).toEqual(['fal: this model failing, 1 % of this bar', 'OK, 99 % of this bar']);
  });
});

describe('the headline', () => {
  it('says how many fail, since when, whose it is, and what to do with which model', () => {
    const rows = [
      row({ endpointId: 'fal-ai/flux/dev', verdict: 'model', since: 9 * HOUR }),
      row({ endpointId: 'fal-ai/veo3', verdict: 'ok' }),
      row({ endpointId: 'fal-ai/whisper', verdict: undefined }),
    ];
    const summary = summaryOf(rows);

    expect(headlineWords(summary, TIME)).toBe('1 of 3 models failing since 09:00');
    expect(breakdownWords(summary)).toEqual(['1 × fal: this model', '1 without data']);
    expect(adviceLine(rows, summary)).toBe(
      'flux/dev: This model is failing or slow while others work: fail over to another model.',
    );
  });

  it('tells what fails on and off, and what to do, though no verdict says so just now', () => {
    const sick = { endpointId: 'fal-ai/flux/dev', verdict: 'ok', isFailingUnseen: true };
    const rows = [row({ endpointId: 'fal-ai/veo3', verdict: 'ok' }), row({ ...sick, onAndOff: 'model' })];

    expect(headlineWords(summaryOf(rows), TIME)).toBe('1 of 2 models failing on and off');
    expect(adviceLine(rows, summaryOf(rows))).toMatch(/^flux\/dev: .* fail over/);
    expect(headlineWords(summaryOf([row(sick)]), TIME)).toBe(
      '1 of 1 models: requests fail, probes see nothing',
    );
    expect(adviceLine([row(sick)], summaryOf([row(sick)]))).toBeUndefined();
  });

  it('claims that all is well only where all is known to be', () => {
    const ok = row({ endpointId: 'a/b', verdict: 'ok' });

    expect(headlineWords(summaryOf([ok]), TIME)).toBe('All models OK: 1 of 1');
    expect(headlineWords(summaryOf([ok, row({ endpointId: 'a/c', verdict: 'unknown' })]), TIME)).toBe(
      '0 of 2 models failing',
    );
  });
});

describe('lengths of time', () => {
  it('are in the units that people use', () => {
    expect([30_000, MINUTE, 119 * MINUTE, 2 * HOUR, 2.5 * HOUR, 48 * HOUR, 75 * HOUR].map(spanWords)).toEqual(
      ['< 1 min', '1 min', '119 min', '2 h', '2 h 30 min', '2 d', '3 d 3 h'],
    );
    expect([0.1234, 5, 12.34, 412.4].map(secondsWords)).toEqual(['0.12 s', '5 s', '12.3 s', '412 s']);
  });

  it('are never told longer than they are', () => {
    const units: Readonly<Record<string, number>> = { min: MINUTE, h: HOUR, d: 24 * HOUR };
    const told = (words: string): number =>
      [...words.matchAll(/(\d+) (min|h|d)/g)].reduce(
        (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0),
        0,
      );
    fc.assert(
      fc.property(fc.integer({ min: MINUTE, max: 400 * 24 * HOUR }), (ms) => {
        expect(told(spanWords(ms))).toBeLessThanOrEqual(ms);
        expect(told(roughSpanWords(ms))).toBeLessThanOrEqual(told(spanWords(ms)));
      }),
    );
  });
});
