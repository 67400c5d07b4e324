import { t } from '../../language/translate.ts';
import { modelName } from '../../verdict/model-name.ts';
import { arrange } from '../rows/order.ts';
import type { Row } from '../rows/row.ts';
import type { Summary } from '../rows/summary.ts';
import type { Time } from './row-words.ts';
import { adviceWords, verdictWords } from './verdict-words.ts';

/** The one line that says how things stand: `3 of 12 models failing since 14:03`. */
export function headlineWords(summary: Summary, { clock }: Time): string {
  const { total, ok, failing, failingUnseen, onAndOff, since, isSinceSeen } = summary;
  const values = { failing, total, time: since === undefined ? '' : clock(since) };
  if (failing === 0 && onAndOff > 0) {
    return t('model-status.summary.on-and-off', '{{onAndOff}} of {{total}} models failing on and off', {
      onAndOff,
      total,
    });
  }
  if (failing === 0 && failingUnseen > 0) {
    return t(
      'model-status.summary.unseen',
      '{{failingUnseen}} of {{total}} models: requests fail, probes see nothing',
      {
        failingUnseen,
        total,
      },
    );
  }
  if (failing === 0) {
    return ok === total
      ? t('model-status.summary.all-ok', 'All models OK: {{total}} of {{total}}', values)
      : t('model-status.summary.none', '0 of {{total}} models failing', values);
  }
  if (since === undefined)
    return t('model-status.summary.failing', '{{failing}} of {{total}} models failing', values);
  if (!isSinceSeen) {
    return t(
      'model-status.summary.at-least',
      '{{failing}} of {{total}} models failing, at least since {{time}}',
      values,
    );
  }
  return failing === 1
    ? t('model-status.summary.one', '{{failing}} of {{total}} models failing since {{time}}', values)
    : t(
        'model-status.summary.since',
        '{{failing}} of {{total}} models failing, the first since {{time}}',
        values,
      );
}

/** Whose the failures are, and what is not known: `2 × fal: this model`. */
export function breakdownWords({ byVerdict, unclear, noData }: Summary): string[] {
  const failing = byVerdict.map(({ verdict, count }) =>
    t('model-status.summary.part', '{{count}} × {{what}}', { count, what: verdictWords(verdict) }),
  );
  return [
    ...failing,
    ...(unclear > 0 ? [t('model-status.summary.unclear', '{{unclear}} unclear', { unclear })] : []),
    ...(noData > 0 ? [t('model-status.summary.no-data', '{{noData}} without data', { noData })] : []),
  ];
}

/** The same in a few words, for a panel that is a hand wide. */
export function shortHeadline({ failing, failingUnseen, total, ok }: Summary): string {
  return failing + failingUnseen === 0 && ok === total
    ? t('model-status.summary.short-ok', 'All {{total}} OK', { total })
    : t('model-status.summary.short', '{{failing}} of {{total}} failing', {
        failing: failing + failingUnseen,
        total,
      });
}

/** What to do about the worst of what is wrong, and with which model; undefined when nothing is. */
export function adviceLine(rows: readonly Row[], { byVerdict, onAndOff }: Summary): string | undefined {
  const row = arrange(rows, { sort: 'worst', byAccount: false }).groups[0]?.rows[0];
  const worst = byVerdict[0] ?? { verdict: row?.onAndOff, count: onAndOff };
  const advice = adviceWords(worst.verdict);
  // A fault of all of fal, or of the account, is about no model in particular.
  if (worst.verdict !== 'model' || advice === undefined || row === undefined) return advice;
  const model = modelName(row.endpointId);
  return worst.count === 1
    ? t('model-status.summary.advice', '{{model}}: {{advice}}', { model, advice })
    : t('model-status.summary.advice-more', '{{model}} and {{others}} more: {{advice}}', {
        model,
        others: worst.count - 1,
        advice,
      });
}
