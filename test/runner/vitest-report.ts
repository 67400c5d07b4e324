/** What one vitest run came to, from its json report. */
export interface TestTotals {
  readonly passed: number;
  readonly failed: number;
  /** Skipped and todo tests. A run with any is a failed run: nothing here passes by skipping. */
  readonly skipped: number;
}

/** The part of vitest's json report that is used here. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly FileReport[];
}

interface FileReport {
  readonly name?: string;
  readonly status: string;
  readonly message?: string;
  readonly assertionResults: readonly TestReport[];
}

interface TestReport {
  readonly status: string;
  readonly fullName?: string;
  readonly failureMessages?: readonly string[];
}

export const NO_TESTS: TestTotals = { passed: 0, failed: 0, skipped: 0 };

/**
 * Totals from the text of vitest's json report. A file that failed before its first test (a syntax error, a
 * missing import, a failed hook) counts as one failed test: vitest itself counts none there.
 */
export function totalsOf(reportText: string): TestTotals {
  const report = JSON.parse(reportText) as VitestReport;
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const totals = {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles,
    skipped: report.numPendingTests + report.numTodoTests,
  };
  if (Object.values(totals).some((count) => !Number.isSafeInteger(count))) {
    throw new Error(`expected a vitest json report with test counts, got: ${reportText.slice(0, 200)}`);
  }
  return totals;
}

/** Lines of a failure that are worth the last lines of a log: a property tells its seed and its counterexample there. */
const REASON_LINES = 10;

/**
 * The failed tests of a report: where each one is, and why, without its stack. What a reader of a log's last lines
 * needs in order to run it again just so.
 */
export function failuresOf(reportText: string): string[] {
  const report = JSON.parse(reportText) as VitestReport;
  return report.testResults.flatMap(({ name = 'a file', status, message = '', assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [name, ...reasonIn(message)] : [];
    return failed.flatMap(({ fullName = 'a test', failureMessages = [] }) => [
      `${name}: ${fullName}`,
      ...reasonIn(failureMessages[0] ?? ''),
    ]);
  });
}

function reasonIn(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^ {4}at /.test(line));
  return lines.slice(0, REASON_LINES).map((line) => `    ${line.slice(0, 300)}`);
}

export function sumOf(totals: readonly TestTotals[]): TestTotals {
  return totals.reduce(
    (sum, one) => ({
      passed: sum.passed + one.passed,
      failed: sum.failed + one.failed,
      skipped: sum.skipped + one.skipped,
    }),
    NO_TESTS,
  );
}

/** Why these totals make a failed run, or undefined when all is well. */
export function problemWith(totals: TestTotals): string | undefined {
  if (totals.failed > 0) return `${totals.failed} failed`;
  if (totals.skipped > 0) return `${totals.skipped} skipped or todo: a test either runs or does not exist`;
  if (totals.passed === 0) return 'no test ran';
  return undefined;
}
