import { span } from '../../../exporter/src/domain/words.ts';
import { lockWords, verdictAdvice } from '../language/known-words.ts';
import { t } from '../language/translate.ts';
import { modelName } from '../verdict/model-name.ts';
import type { Account, Model } from './account.ts';
import { dollars } from './amounts.ts';
import { failingDegree, isFailingUnseen } from './failing.ts';

/** The one sentence on an account: whose problem it is, and which models. The words are those of the exporter. */
export interface Headline {
  readonly level: 'broken' | 'warning' | 'good' | 'unknown';
  readonly text: string;
  /** Unix seconds: the last minute in which the models that it is about were well. */
  readonly since?: number | undefined;
  readonly next?: string | undefined;
}

/** Shorter than this, whoever looks has to act before the next shift. The exporter uses the same. */
const URGENT_RUNWAY_SECONDS = 6 * 3600;
const MOST_NAMES = 3;

/** In the order in which troubles deserve it: what stops everything, then fal's before our own, then money. */
export function headlineOf(account: Account): Headline {
  return (
    lockHeadline(account) ??
    falHeadline(account, 'platform') ??
    falHeadline(account, 'model') ??
    refusedHeadline(account) ??
    appHeadline(account) ??
    undecidedHeadline(account) ??
    unseenHeadline(account) ??
    moneyHeadline(account) ??
    quietHeadline(account)
  );
}

function lockHeadline({ lock, money }: Account): Headline | undefined {
  if (lock?.isLocked !== true) return undefined;
  const reason = lockWords(lock.reason ?? 'unknown');
  if (lock.isContradiction && money.balance !== undefined) {
    const balance = dollars(money.balance);
    return {
      level: 'broken',
      text: t(
        'status.headline.locked-with-money',
        'Your account is locked with {{balance}} on it: {{reason}}',
        {
          ...{ balance, reason },
        },
      ),
      next: t(
        'status.next.locked-with-money',
        'A top-up may not help. Send the text on the exporter’s status page to support@fal.ai.',
      ),
    };
  }
  return {
    level: 'broken',
    text: t('status.headline.locked', 'Your account is locked: {{reason}}', { reason }),
    next: t('status.next.locked', 'Look at fal.ai/dashboard/billing. Every call fails until fal unlocks it.'),
  };
}

function falHeadline({ models }: Account, verdict: 'platform' | 'model'): Headline | undefined {
  const accused = models.filter((model) => model.verdict === verdict);
  if (accused.length === 0) return undefined;
  const names = namesOf(accused);
  const told = models.filter((model) => model.verdict !== undefined && model.verdict !== 'unknown').length;
  const next = verdictAdvice(verdict);
  const since = sinceOf(accused);
  if (accused.every(isOnlySlow)) {
    return {
      level: 'warning',
      text: t('status.headline.slow', 'fal: {{names}} slow', { names }),
      since,
      next,
    };
  }
  const count = accused.length;
  const text =
    count > 1 && count === told
      ? t('status.headline.every-model', 'fal: every model failing')
      : count > 1
        ? t('status.headline.some-models', 'fal: {{count}} of {{told}} models failing ({{names}})', {
            count,
            told,
            names,
          })
        : t('status.headline.model', 'fal: {{names}} failing', { names });
  return { level: 'broken', text, since, next };
}

function isOnlySlow({ errorRatio, p95, limit }: Model): boolean {
  return errorRatio === 0 && p95 !== undefined && limit !== undefined && p95 > limit;
}

function refusedHeadline({ models, alerts }: Account): Headline | undefined {
  const refused = models.filter(({ verdict }) => verdict === 'account');
  if (refused.length === 0) return undefined;
  const isKey = alerts.some(({ name }) => name === 'FalCredentialRejected');
  const names = namesOf(refused);
  const text = isKey
    ? t('status.headline.key', 'Your key is rejected')
    : t('status.headline.account', 'Your account is refused: {{names}} held back', { names });
  return {
    level: isKey ? 'broken' : 'warning',
    text,
    since: sinceOf(refused),
    next: verdictAdvice('account'),
  };
}

function appHeadline({ models }: Account): Headline | undefined {
  const refused = models.filter(({ verdict }) => verdict === 'app');
  if (refused.length === 0) return undefined;
  const text = t('status.headline.app', 'Your app sends bad requests, or cannot reach fal: {{names}}', {
    names: namesOf(refused),
  });
  return { level: 'warning', text, since: sinceOf(refused), next: verdictAdvice('app') };
}

function undecidedHeadline({ models }: Account): Headline | undefined {
  const failing = models.filter(({ verdict, errorRatio }) => verdict === 'unknown' && (errorRatio ?? 0) > 0);
  if (failing.length === 0) return undefined;
  const text = t('status.headline.undecided', '{{names}} failing; whose fault cannot be told', {
    names: namesOf(failing),
  });
  return { level: 'warning', text, since: sinceOf(failing), next: verdictAdvice('unknown') };
}

/** Only a fresh balance may say so. */
function moneyHeadline({ money }: Account): Headline | undefined {
  const { balance, critical, runway } = money;
  if (!money.isFresh || balance === undefined) return undefined;
  const text = moneyWords(balance, runway, critical);
  const next = t(
    'status.next.money',
    'Top up at fal.ai/dashboard/billing: fal locks an account whose balance is used up.',
  );
  return text === undefined ? undefined : { level: 'warning', text, next };
}

function moneyWords(
  balance: number,
  runway: number | undefined,
  critical: number | undefined,
): string | undefined {
  if (balance <= 0) return t('status.headline.used-up', 'Your balance is used up');
  const amount = dollars(balance);
  if (runway !== undefined && runway < URGENT_RUNWAY_SECONDS) {
    return t('status.headline.runway', 'Your balance of {{amount}} lasts {{time}} at the present rate', {
      ...{ amount, time: span(runway) },
    });
  }
  if (critical === undefined || balance >= critical) return undefined;
  return t(
    'status.headline.below-mark',
    'Your balance of {{amount}} is below your critical mark of {{mark}}',
    {
      ...{ amount, mark: dollars(critical) },
    },
  );
}

/** Requests fail, and no verdict says so: probes succeed just now, or send other inputs, or there are none. */
function unseenHeadline({ models, alerts }: Account): Headline | undefined {
  const failing = models.filter(isFailingUnseen);
  if (failing.length === 0) return undefined;
  const blamed = failing.filter(({ isBlamed }) => isBlamed);
  if (blamed.length > 0) {
    return {
      level: blamed.some(isSevere) ? 'broken' : 'warning',
      text: t('status.headline.on-and-off', 'fal: {{names}} failing on and off', { names: namesOf(blamed) }),
      since: sinceOf(blamed),
      next: verdictAdvice('model'),
    };
  }
  const next = t(
    'status.next.unseen',
    'No probe sees it: look at errors by type of this model, and at its inputs.',
  );
  const severe = failing.filter(isSevere);
  if (severe.length > 0) {
    const text = t('status.headline.unseen', 'Your requests to {{names}} fail', { names: namesOf(severe) });
    return { level: 'broken', text, since: firstAlertOf(severe, alerts), next };
  }
  const text = t('status.headline.shaky', '{{names}} failing now and then', { names: namesOf(failing) });
  return { level: 'warning', text, since: firstAlertOf(failing, alerts), next };
}

function isSevere({ errorRatio }: Model): boolean {
  return failingDegree(errorRatio) === 'severe';
}

/** When the first of the alerts on these models began. */
function firstAlertOf(models: readonly Model[], alerts: Account['alerts']): number | undefined {
  const own = alerts.filter(({ about }) => models.some(({ endpointId }) => endpointId === about));
  const times = own.flatMap(({ since }) => since ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}

function quietHeadline({ models }: Account): Headline {
  const well = models.filter(
    ({ verdict, errorRatio }) => verdict === 'ok' || (verdict === undefined && errorRatio !== undefined),
  );
  const silent = models.filter((model) => !well.includes(model));
  if (models.length === 0) {
    const next = t('status.next.no-models', 'Probe a model, or measure your app: the set-up page says how.');
    return { level: 'unknown', text: t('status.headline.no-models', 'No model is watched'), next };
  }
  if (well.length === 0) {
    const next = t('status.next.no-data', 'Look at the probes: the set-up page says whether they run.');
    return { level: 'unknown', text: t('status.headline.no-data', 'No fresh data on any model'), next };
  }
  const count = well.length;
  if (silent.length > 0) {
    const text = t('status.headline.partly', '{{count}} of {{all}} models answering; no data on {{names}}', {
      ...{ count, all: models.length, names: namesOf(silent) },
    });
    return { level: 'good', text };
  }
  const text =
    count === 1
      ? t('status.headline.good-one', 'All good: 1 model answering')
      : t('status.headline.good', 'All good: {{count}} models answering', { count });
  return { level: 'good', text };
}

/** The earliest end of well-being; undefined when one of them was not well in all the time that was looked at. */
function sinceOf(models: readonly Model[]): number | undefined {
  const times = models.flatMap(({ lastGood }) => lastGood ?? []);
  return times.length < models.length ? undefined : Math.min(...times);
}

/** `flux/dev, kling and 3 more`. */
function namesOf(models: readonly Model[]): string {
  const shown = models
    .slice(0, MOST_NAMES)
    .map(({ endpointId }) => modelName(endpointId))
    .join(', ');
  const rest = models.length - MOST_NAMES;
  return rest > 0 ? t('status.some-names', '{{shown}} and {{rest}} more', { shown, rest }) : shown;
}
