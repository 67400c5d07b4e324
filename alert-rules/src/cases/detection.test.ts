import { describe, expect, it } from 'vitest';
import { compareOrWrite } from '../../../test/measured-table.ts';
import { ALERTS } from '../catalogue.ts';
import { allCases, detectionTable } from './detection.ts';

describe('the table of detection times', () => {
  it('in the README is what the cases say', async () => {
    await compareOrWrite({
      file: 'alert-rules/README.md',
      marker: 'detection',
      markdown: detectionTable(await allCases()),
    });
  });

  it('has a fault for every alert that watches for one', async () => {
    const told = (await allCases()).flatMap((each) =>
      each.kind === 'fires' && each.fault !== undefined ? [each.alert] : [],
    );
    const missing = ALERTS.map(({ name }) => name).filter((name) => !told.includes(name));
    // It fires always: it is the sign that the way to the receiver is open.
    expect(missing).toEqual(['Watchdog']);
  });

  it('joins beginning and end of a fault by its words', async () => {
    const cases = await allCases();
    const begun = cases.flatMap((each) => (each.kind === 'fires' ? [`${each.alert}: ${each.fault}`] : []));
    const ended = cases.flatMap((each) =>
      each.kind === 'resolves' && each.fault !== undefined ? [`${each.alert}: ${each.fault}`] : [],
    );
    expect(ended.filter((each) => !begun.includes(each))).toEqual([]);
  });
});
