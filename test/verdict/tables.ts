import { CONFIDENT, VERDICT_KINDS, type VerdictKind } from '../../exporter/src/verdict/verdict.ts';
import { ALL, type CaseResult } from './results.ts';

/** The two tables of the README, as Markdown. */
export function tablesOf(results: readonly CaseResult[]): string {
  return [
    summary(results),
    '**Confusion matrix.** Rows: the truth. Columns: the verdict at the end of the fault. Counted are the verdicts on every model and on the whole of each scenario.',
    confusion(results),
    `**Time to verdict.** Seconds from the fault to the first right verdict, and to the first right one that is sure (confidence from ${CONFIDENT} up; a dash where it never is, because what can be seen does not prove it). "Slowest model" is the last of the models that the fault concerns.`,
    times(results),
  ].join('\n\n');
}

function summary(results: readonly CaseResult[]): string {
  const right = results.filter((one) => one.isRight).length;
  const scenarios = new Set(results.map((one) => one.labelled.name)).size;
  const wrongAndSure = results.filter((one) => one.sureAndWrong.length > 0).length;
  return `${scenarios} labelled scenarios, ${results.length} verdicts: ${right} right (${((right / results.length) * 100).toFixed(1)} %), ${results.length - right} wrong, ${wrongAndSure} wrong and sure of it.`;
}

function confusion(results: readonly CaseResult[]): string {
  const count = (truth: VerdictKind, verdict: VerdictKind): number =>
    results.filter((one) => one.expected === truth && one.reached.verdict === verdict).length;
  const rows = VERDICT_KINDS.map((truth) => [
    `**${truth}**`,
    ...VERDICT_KINDS.map((verdict) => String(count(truth, verdict) || '·')),
  ]);
  return table(['truth \\ verdict', ...VERDICT_KINDS], rows);
}

function times(results: readonly CaseResult[]): string {
  const rows = results
    .filter((one) => one.whom === ALL && one.labelled.isQuiet !== true)
    .map((overall) => {
      const models = results.filter(
        (one) => one.labelled === overall.labelled && one.whom !== ALL && one.expected !== 'ok',
      );
      const slowest = models.some((one) => one.firstRight === undefined)
        ? undefined
        : Math.max(0, ...models.map((one) => one.firstRight ?? 0));
      return [
        overall.labelled.name,
        overall.expected,
        overall.isRight ? overall.reached.verdict : `**${overall.reached.verdict}**`,
        overall.reached.confidence.toFixed(2),
        seconds(overall.firstRight),
        seconds(overall.firstSure),
        models.length === 0 ? '' : seconds(slowest),
      ];
    });
  const head = ['scenario', 'truth', 'verdict', 'confidence', 'first right', 'first sure', 'slowest model'];
  return table(head, rows);
}

function seconds(value: number | undefined): string {
  return value === undefined ? '–' : `${value} s`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
