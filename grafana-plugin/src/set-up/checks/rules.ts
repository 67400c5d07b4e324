import { t } from '../../language/translate.ts';
import { type Answer, valueOf } from '../../prometheus/ask.ts';
import type { AlertingRule } from '../../prometheus/rules.ts';
import { cannotTell, type Check, someNames } from '../check.ts';
import type { Facts } from '../facts.ts';
import { OUR_ALERTS } from '../our-alerts.ts';
import { ruleFilesSnippet } from '../snippets.ts';

/** Whether the alert rules are loaded: by Prometheus or by Grafana, all of them, and not by both. */
export function rulesCheck({ rules, grafanaRules }: Facts): Check {
  const base = { id: 'rules', title: t('set-up.rules.title', 'Alert rules') };
  const inPrometheus = ours(rules);
  const inGrafana = ours(grafanaRules);
  if (inPrometheus.length > 0 && inGrafana.length > 0) return { ...base, ...loadedTwice() };
  const loaded = inPrometheus.length > 0 ? inPrometheus : inGrafana;
  if (loaded.length === 0) {
    if (rules.kind === 'failed') return cannotTell(base.id, base.title, rules.failure);
    return { ...base, state: 'missing', ...noRules(grafanaRules) };
  }
  const where = inPrometheus.length > 0 ? 'Prometheus' : 'Grafana';
  return { ...base, ...loadedOnce(loaded, where) };
}

function ours(answer: Answer<AlertingRule[]>): AlertingRule[] {
  return (valueOf(answer) ?? []).filter(({ name }) => OUR_ALERTS.includes(name));
}

function loadedTwice(): Omit<Check, 'id' | 'title'> {
  return {
    state: 'attention',
    words: t('set-up.rules.twice', 'Prometheus and Grafana both evaluate them: every alert comes twice.'),
    mend: {
      words: t(
        'set-up.rules.mend-twice',
        'Take one of them away: the rule files of Prometheus, or the folder “fal” of Grafana.',
      ),
      snippets: [],
    },
  };
}

function loadedOnce(loaded: readonly AlertingRule[], where: string): Omit<Check, 'id' | 'title'> {
  const missing = OUR_ALERTS.filter((name) => loaded.every((rule) => rule.name !== name));
  const failing = [...new Set(loaded.filter(({ health }) => isFailing(health)).map(({ name }) => name))];
  const count = OUR_ALERTS.length - missing.length;
  const all = OUR_ALERTS.length;
  if (failing.length > 0) {
    return {
      state: 'attention',
      words: t('set-up.rules.failing', '{{where}} cannot evaluate: {{names}}.', {
        where,
        names: someNames(failing),
      }),
      mend: {
        words: t(
          'set-up.rules.mend-failing',
          'Look at the error beside these rules, on the page of rules of {{where}}.',
          { where },
        ),
        snippets: [],
      },
    };
  }
  if (missing.length === 0) {
    return {
      state: 'ok',
      words: t('set-up.rules.ok', 'All {{all}} alerts are loaded by {{where}}.', { all, where }),
    };
  }
  return {
    state: 'old',
    words: t(
      'set-up.rules.some',
      '{{count}} of {{all}} alerts are loaded by {{where}}. Missing: {{names}}.',
      {
        ...{ count, all, where },
        names: someNames(missing),
      },
    ),
    mend: {
      words: t(
        'set-up.rules.mend-some',
        'Copy the rule files again, unless you switched these off yourself.',
      ),
      snippets: [ruleFilesSnippet()],
    },
  };
}

function noRules(grafanaRules: Answer<AlertingRule[]>): Pick<Check, 'words' | 'mend'> {
  const words = t(
    'set-up.rules.missing',
    'None of the alerts of fal-observability is loaded: nobody will be told of an outage.',
  );
  const unseen = t(
    'set-up.rules.unseen',
    'Whether Grafana evaluates them cannot be seen with your permissions.',
  );
  return {
    words: grafanaRules.kind === 'failed' ? `${words} ${unseen}` : words,
    mend: {
      words: t(
        'set-up.rules.mend',
        'Give Prometheus the rule files; or, where Grafana is all you have, put alert-rules/grafana/rules.yml into its folder provisioning/alerting.',
      ),
      snippets: [ruleFilesSnippet()],
    },
  };
}

function isFailing(health: string): boolean {
  return health === 'err' || health === 'error';
}
