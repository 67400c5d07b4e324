import { t } from '../../language/translate.ts';
import { valueOf } from '../../prometheus/ask.ts';
import { labelValues } from '../../prometheus/sample.ts';
import { cannotTell, type Check, failureAmong, someNames } from '../check.ts';
import type { Facts } from '../facts.ts';
import { exporterCheckSnippet, probesSnippet } from '../snippets.ts';

/** Whether probes are configured, and run at their pace. */
export function probesCheck({ answers }: Facts): Check {
  const { probes, probesRun, probesLate } = answers;
  const base = { id: 'probes', title: t('set-up.probes.title', 'Probes') };
  const failure = failureAmong(probes, probesRun, probesLate);
  if (failure !== undefined) return cannotTell(base.id, base.title, failure);
  const configured = labelValues(valueOf(probes) ?? [], 'probe');
  if (configured.length === 0) return { ...base, ...noProbes() };
  const late = labelValues(valueOf(probesLate) ?? [], 'probe');
  if (late.length > 0) return { ...base, ...lateProbes(late) };
  const ran = labelValues(valueOf(probesRun) ?? [], 'probe').length;
  const count = configured.length;
  const words =
    ran < count
      ? t('set-up.probes.waiting', '{{ran}} of {{count}} have run; the others wait for their first time.', {
          ran,
          count,
        })
      : t('set-up.probes.ok', 'Running: {{names}}.', { names: someNames(configured) });
  return { ...base, state: 'ok', words };
}

function noProbes(): Omit<Check, 'id' | 'title'> {
  return {
    state: 'missing',
    words: t(
      'set-up.probes.missing',
      'Nothing is probed: the configuration of the exporter lists no probes.',
    ),
    mend: {
      words: t(
        'set-up.probes.mend',
        'List some. Free probes cost nothing; the others never spend more than the budget.',
      ),
      snippets: [probesSnippet()],
    },
  };
}

function lateProbes(late: readonly string[]): Omit<Check, 'id' | 'title'> {
  return {
    state: 'old',
    words: t('set-up.probes.old', 'Not run for three of their intervals: {{late}}.', {
      late: someNames(late),
    }),
    mend: {
      words: t(
        'set-up.probes.mend-old',
        'A probe stands still when its budget is used up, no slot is free or the account is locked; the dashboard Probes tells which.',
      ),
      snippets: [exporterCheckSnippet()],
    },
  };
}
