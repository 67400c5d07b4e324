import { alert } from '../alert.ts';
import { count } from '../parameter.ts';
import { maxWithout } from '../promql.ts';
import { APP, RECORDED, SOURCES } from '../sources.ts';

export const accountLocked = alert({
  name: 'FalAccountLocked',
  scope: 'account',
  severity: 'critical',
  forSeconds: 60,
  keepFiringForSeconds: 600,
  parameters: { min_refusals: count(1, 'requests of the app refused as locked in 5 minutes') },
  meaning:
    'fal refuses the account as locked: seen by a probe; or, where no exporter looks, by requests of the app of which {min_refusals} or more were refused in five minutes and none succeeded.',
  rules: (promql, { min_refusals: least }) => {
    const locked = promql.latest(promql.exporter('fal_account_locked'));
    const refusals = promql.app(APP.errors, 'error_type="account_locked"');
    const ok = promql.app('fal_client_requests_total', 'outcome="ok"');
    const labels = [...APP.ownLabels, 'endpoint_id'];
    return [
      {
        source: 'probe',
        expr: `${maxWithout([], locked)} == 1`,
        summary: 'your fal account {{ $labels.account }} is locked ({{ $labels.reason }})',
        description:
          'fal answers every billable call of the account {{ $labels.account }} with 403, reason {{ $labels.reason }}. Models and platform are not the cause. Top up or mend the payment method; with money on the account, write to fal’s support with request ids. Alerts of single models are held back meanwhile.',
        dashboard: 'fal-credits',
      },
      {
        source: 'app',
        expr: [
          `${APP.sum(`increase(${refusals}[${promql.duration(300)}])`, ...labels)} > ${least - 0.1}`,
          `unless ${APP.sum(`increase(${ok}[${promql.duration(120)}])`, ...labels)} > 0`,
          // An exporter that knows the lock state knows the reason as well: one alert, and not two after each other.
          `unless on (account) max by (account) (${locked}) >= 0`,
        ].join('\n'),
        summary: 'your fal account {{ $labels.account }} is locked: your app’s requests are refused',
        description:
          'fal refuses your app’s requests because the account {{ $labels.account }} is locked, and none succeeded in the last two minutes. Models and platform are not the cause. Top up or mend the payment method; with money on the account, write to fal’s support with request ids.',
        dashboard: 'fal-credits',
      },
    ];
  },
});

export const lockBalanceMismatch = alert({
  name: 'FalLockBalanceMismatch',
  scope: 'account',
  severity: 'warning',
  forSeconds: 600,
  parameters: {},
  meaning:
    'fal refuses the account for want of money while its balance is above critical_balance_usd of the exporter’s configuration.',
  rules: (promql) => {
    const contradiction = promql.latest(promql.exporter('fal_account_lock_contradiction'));
    return [
      {
        // The exporter says whether it is one; its value here is the balance, for whoever reads the page.
        expr: `${RECORDED.balance}\nand on (account) max by (account) (${contradiction}) == 1`,
        summary:
          'your fal account {{ $labels.account }} is locked with {{ $value | printf "%.2f" }} USD on it',
        description:
          'fal refuses the account {{ $labels.account }} for want of money and reports a balance of {{ $value | printf "%.2f" }} USD at the same time. Topping up may not help. This is a case for fal’s support: the status page of the exporter has the text to send, with both readings, their times in UTC and request ids.',
        dashboard: 'fal-credits',
      },
    ];
  },
});

export const credentialRejected = alert({
  name: 'FalCredentialRejected',
  scope: 'account',
  severity: 'critical',
  forSeconds: 120,
  keepFiringForSeconds: 300,
  parameters: { min_refusals: count(1, 'answers 401 in 5 minutes') },
  meaning:
    'fal rejected the key (401) at least {min_refusals} time(s) in five minutes, and nothing succeeded.',
  rules: (promql, { min_refusals: least }) =>
    SOURCES.map((source) => {
      const labels = [...source.ownLabels, 'endpoint_id'];
      const select = source.source === 'app' ? promql.app.bind(promql) : promql.exporter.bind(promql);
      const refusals = select(source.errors, 'error_type="unauthorized"');
      const ok = select(`${source.requests}_total`, 'outcome="ok"');
      const range = promql.duration(300);
      // An app succeeds all the time; between two runs of a probe minutes may pass.
      const okRange = promql.duration(source.source === 'app' ? 120 : 300);
      return {
        source: source.source,
        expr: [
          `${source.sum(`increase(${refusals}[${range}])`, ...labels)} > ${least - 0.1}`,
          `unless ${source.sum(`increase(${ok}[${okRange}])`, ...labels)} > 0`,
        ].join('\n'),
        summary: `fal rejects the key of ${source.source === 'app' ? 'your app' : 'the exporter'} (account {{ $labels.account }})`,
        description: `fal answers the ${source.noun} of the account {{ $labels.account }} with 401, and nothing succeeds: the key was rotated, revoked or mistyped. Models and platform are not the cause. Put a valid key in place (fal.ai/dashboard/keys)${source.source === 'app' ? ' and restart what reads it only once' : '; the exporter rereads FAL_KEY_FILE by itself'}.`,
        dashboard: 'fal-overview' as const,
      };
    }),
});
