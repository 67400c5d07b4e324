import { beforeAll, describe, expect, test } from 'vitest';
import { CONFIDENT } from '../../exporter/src/verdict/verdict.ts';
import { compareOrWrite } from '../measured-table.ts';
import { LABELLED } from './labelled.ts';
import { play } from './measure.ts';
import { ALL, type CaseResult, inWords, resultsOf } from './results.ts';
import { tablesOf } from './tables.ts';

const SEED = 7;
const LEAST_RIGHT = 0.95;
/**
 * The longest way to a verdict is that of old data, 3 × interval + timeout of the slowest probe. A model that only
 * times out needs two runs to their end, 2 × (interval + timeout). One sample is added.
 */
const MOST_SECONDS = { overall: 3 * 60 + 60 + 15, model: 300 };

describe('the verdict over labelled scenarios', () => {
  let results: readonly CaseResult[];

  beforeAll(async () => {
    const all: CaseResult[] = [];
    for (const labelled of LABELLED) all.push(...resultsOf(await play(labelled, SEED)));
    results = all;
  }, 600_000);

  const wordsOf = (list: (result: CaseResult) => CaseResult['alarms']): string[] =>
    results.flatMap((one) => inWords(list(one)).map((words) => `${one.labelled.name}: ${words}`));

  test('covers at least 25 scenarios under different names', () => {
    const names = LABELLED.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(25);
  });

  test('is right at least 95 times in a hundred', () => {
    const wrong = results.filter(({ isRight }) => !isRight);
    const share = 1 - wrong.length / results.length;
    const words = wrong.map(
      (one) => `${one.labelled.name}, ${one.whom}: ${one.reached.verdict}, not ${one.expected}`,
    );
    expect(share, words.join('\n')).toBeGreaterThanOrEqual(LEAST_RIGHT);
  });

  test('is never sure and wrong once two probe intervals have passed', () => {
    expect(wordsOf(({ sureAndWrong }) => sureAndWrong)).toEqual([]);
  });

  test('never accuses fal of what is the account’s with confidence, nor the account of what is fal’s', () => {
    expect(wordsOf(({ wrongParty }) => wrongParty)).toEqual([]);
  });

  test('stays ok in quiet times, whatever the noise', () => {
    expect(wordsOf(({ alarms }) => alarms)).toEqual([]);
  });

  test('is surely ok before the fault, and ok again after it', () => {
    for (const { labelled, whom, before, after } of results) {
      const name = `${labelled.name}, ${whom}`;
      expect(before.verdict, `${name}, before`).toBe('ok');
      expect(before.confidence, `${name}, before`).toBeGreaterThanOrEqual(CONFIDENT);
      expect(after.verdict, `${name}, after`).toBe('ok');
    }
  });

  test('comes in time', () => {
    const late = results
      .filter(({ isRight, labelled }) => isRight && labelled.isQuiet !== true)
      .filter(
        ({ whom, firstRight = Infinity }) => firstRight > MOST_SECONDS[whom === ALL ? 'overall' : 'model'],
      )
      .map(({ labelled, whom, firstRight }) => `${labelled.name}, ${whom}: after ${firstRight} s`);
    expect(late).toEqual([]);
  });

  test('has evidence in words', () => {
    for (const { reached, labelled } of results) {
      expect(reached.evidence.length, labelled.name).toBeGreaterThan(0);
      for (const sentence of reached.evidence) expect(sentence, labelled.name).toMatch(/^\S.*[.]$/s);
    }
  });

  test('did as the README says', async () => {
    await compareOrWrite({ file: 'alert-rules/README.md', marker: 'verdict', markdown: tablesOf(results) });
  });
});
