import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The test files that take longest, longest first: ten seconds and more of a core, or a minute of waiting. One of
 * them begun last keeps a core busy while the other is idle. A fresh clone has no durations of earlier runs to go by.
 */
export const LONGEST = [
  'test/dashboards/story-dashboards.test.ts',
  'test/story-incidents-failing.test.ts',
  'test/story-incidents-standstill.test.ts',
  'test/story-account.test.ts',
  'test/story-package.test.ts',
  'test/story-history.test.ts',
  'test/story-drill.test.ts',
  'test/dashboards/story-demo.test.ts',
  'test/story-register.test.ts',
  'test/story-command.test.ts',
  'exporter/src/collectors/all-faults-wire.test.ts',
  'exporter/src/collectors/all-faults-scenarios.test.ts',
  'test/verdict/verdict.test.ts',
  'alert-rules/src/cases/endpoint/endpoint.test.ts',
  'alert-rules/src/cases/account/account.test.ts',
  'exporter/src/budget/kill.test.ts',
  'test/drill-rules.test.ts',
  'exporter/src/collectors/all-faults-foreign.test.ts',
] as const;

/** Begins with the longest files, and leaves the others in the order that vitest gives them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return inOrder(sorted, ({ moduleId }) => moduleId);
  }
}

/** The same items, those whose path is among the longest first and in their order. */
export function inOrder<T>(items: readonly T[], pathOf: (item: T) => string): T[] {
  const rankOf = (item: T): number => {
    const path = pathOf(item);
    const rank = LONGEST.findIndex((longest) => path.endsWith(`/${longest}`));
    return rank < 0 ? LONGEST.length : rank;
  };
  return items.toSorted((a, b) => rankOf(a) - rankOf(b));
}
