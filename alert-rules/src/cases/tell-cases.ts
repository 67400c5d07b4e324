import { beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../alert.ts';
import { ALERTS } from '../catalogue.ts';
import { type Exemptions, missingKinds, needlessExemptions } from './coverage.ts';
import { caseName } from './promtool-file.ts';
import type { RuleCase } from './rule-case.ts';
import { type CaseResults, runCases } from './run-cases.ts';
import { packUnderTest } from './rules-under-test.ts';

/** Two slow cores that others use as well. */
const PATIENCE_MS = 120_000;

/**
 * The tests of all alerts of a scope: one per case, with promtool's words when it fails, and one per alert that
 * asks whether its story is complete.
 */
export function tellCases(scope: Scope, cases: readonly RuleCase[], exemptions: Exemptions = {}): void {
  const definitions = ALERTS.filter((definition) => definition.scope === scope);
  const pack = packUnderTest();
  describe(`rules of scope ${scope}`, () => {
    let results: CaseResults | undefined;
    beforeAll(async () => {
      results = await runCases(cases);
    }, PATIENCE_MS);

    it.each(cases.map((each) => [caseName(each), each] as const))('%s', (_, each) => {
      expect(results?.failures.get(each) ?? '').toBe('');
    });

    it('can all be evaluated', () => {
      expect(results?.others).toEqual([]);
    });

    it.each(definitions.map((definition) => [definition.name, definition] as const))(
      'tells the whole story of %s',
      (_, definition) => {
        expect(missingKinds(definition, { cases, pack, exemptions })).toEqual([]);
      },
    );

    it('names every case once, and only of alerts of this scope', () => {
      const names = cases.map(caseName);
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
      const known = definitions.map(({ name }) => name);
      expect(cases.filter(({ alert }) => !known.includes(alert)).map(caseName)).toEqual([]);
    });

    it('exempts an alert only from what nobody tells', () => {
      expect(needlessExemptions(definitions, { cases, pack, exemptions })).toEqual([]);
    });
  });
}
