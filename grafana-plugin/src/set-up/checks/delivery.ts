import { t } from '../../language/translate.ts';
import { valueOf } from '../../prometheus/ask.ts';
import { labelValues } from '../../prometheus/sample.ts';
import { cannotTell, type Check, someNames } from '../check.ts';
import type { Facts } from '../facts.ts';
import { OUR_ALERTS } from '../our-alerts.ts';
import { alertmanagerSnippet, pagerDutySnippet } from '../snippets.ts';

/** Whether alerts have a way to a person. */
export function deliveryCheck(facts: Facts): Check {
  const { answers, alertmanagers } = facts;
  const base = { id: 'delivery', title: t('set-up.delivery.title', 'Way to your pager') };
  const undelivered = labelValues(valueOf(answers.undelivered) ?? [], 'integration');
  if (undelivered.length > 0) {
    return {
      ...base,
      state: 'attention',
      words: t('set-up.delivery.failing', 'Alertmanager failed to deliver in the last hour: {{names}}.', {
        names: someNames(undelivered),
      }),
      mend: {
        words: t('set-up.delivery.mend-failing', 'Its log says why. For PagerDuty:'),
        snippets: [pagerDutySnippet()],
      },
    };
  }
  const delivered = labelValues(valueOf(answers.delivered) ?? [], 'integration');
  if (delivered.length > 0) {
    const names = someNames(delivered);
    return {
      ...base,
      state: 'ok',
      words: t('set-up.delivery.ok', 'Alertmanager has delivered: {{names}}.', { names }),
    };
  }
  if (isGrafanaInCharge(facts)) return { ...base, ...throughGrafana() };
  if (alertmanagers.kind === 'failed') return cannotTell(base.id, base.title, alertmanagers.failure);
  return { ...base, ...(alertmanagers.value === 0 ? noAlertmanager() : unproven(alertmanagers.value)) };
}

function isGrafanaInCharge({ grafanaRules }: Facts): boolean {
  return (valueOf(grafanaRules) ?? []).some(({ name }) => OUR_ALERTS.includes(name));
}

function throughGrafana(): Omit<Check, 'id' | 'title'> {
  return {
    state: 'unknown',
    words: t(
      'set-up.delivery.grafana',
      'Grafana evaluates the rules, and sends alerts where its notification policies say. Send a test from its page of contact points.',
    ),
  };
}

function noAlertmanager(): Omit<Check, 'id' | 'title'> {
  return {
    state: 'missing',
    words: t('set-up.delivery.missing', 'Prometheus sends alerts nowhere: it knows no Alertmanager.'),
    mend: {
      words: t('set-up.delivery.mend', 'Tell it of one, and give that the key of your PagerDuty service.'),
      snippets: [alertmanagerSnippet(), pagerDutySnippet()],
    },
  };
}

function unproven(count: number): Omit<Check, 'id' | 'title'> {
  return {
    state: 'attention',
    words: t(
      'set-up.delivery.unproven',
      'Prometheus sends alerts to Alertmanager ({{count}}); nothing shows that one was ever delivered.',
      {
        count,
      },
    ),
    mend: {
      words: t('set-up.delivery.mend-unproven', 'Prove it with a fire drill:'),
      snippets: [pagerDutySnippet()],
    },
  };
}
