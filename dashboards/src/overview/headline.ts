import { stat, type Placed } from '../grafana/index.ts';
import { limitOf } from '../promql/limits.ts';
import { account, app, model } from '../promql/selectors.ts';
import { APP, appElseProbes, failureRatio, finished, sumBy, WINDOW } from '../promql/traffic.ts';
import { SLOT_SHARE } from '../promql/slots.ts';
import { verdictIs, verdictNow } from '../promql/verdict.ts';
import { RANK_STEPS, RANK_WORDS } from '../verdict/verdict-words.ts';
import { lookOf, type Verdict } from '../verdict/verdicts.ts';

/**
 * The answer of the whole page in one tile: whose it is and which model, in words. The first level that has
 * something to say speaks alone; its value is the rank of the verdict, which gives the colour.
 */
export function headline(): Placed {
  return stat({
    title: 'Whose problem is it?',
    description:
      'From the exporter’s verdict, which weighs probes, hosts, fal’s own status page and the account; then from your own traffic. fal: nothing to mend here, pause jobs or fail over. Your account: top up, key, limits. Your app: look at errors by type. Unclear: read the evidence on the exporter’s status page.',
    width: 9,
    height: 5,
    queries: [{ expr: LEVELS.join('\nor on ()\n'), legend: '{{says}}', isInstant: true }],
    unit: 'none',
    noData: 'No verdict. Choose the data source above; then check that the exporter is scraped.',
    show: 'name',
    isLoud: true,
    titleSize: 24,
    thresholds: RANK_STEPS,
    words: RANK_WORDS,
  });
}

const MODEL = ['endpoint_id'];

/** Elsewhere a model is told by its name without the owner: long ids are cut off at the wrong end. */
const WITHOUT_OWNER = '(?:[^/]*/)?(.+)';

const judged = (verdict: Verdict): string => `max by (endpoint_id) (${verdictIs(verdict)})`;

/** Models of which anything is known. */
const models = `count(max by (endpoint_id) (${verdictNow()}))`;

/** New requests wait, probes stand back, and nothing of it is an error. */
const IS_FULL = `${SLOT_SHARE} >= ${limitOf('FalConcurrencySaturated')}`;

/** More of a model’s requests fail than the alert puts up with. */
const REQUESTS_FAIL = `${failureRatio(APP, MODEL, WINDOW)} > ${limitOf('FalErrorRateHigh')}`;
/** The same, of probe runs where the app sent nothing. */
const FAILING = `(${appElseProbes(MODEL, (traffic) => failureRatio(traffic, MODEL, WINDOW))}) > ${limitOf('FalErrorRateHigh')}`;

const LEVELS: readonly string[] = [
  says('account', 'Your account is locked', `max(${account('fal_account_locked')} == 1)`),
  says('platform', 'fal: every model failing', `(count(${judged('platform')}) == ${models})`),
  counted('platform', 'fal: $1 models failing', judged('platform')),
  named('model', 'fal: $1 failing', `topk(2, ${judged('model')} and on (endpoint_id) (${FAILING}))`),
  named('model', 'fal: $1 failing or slow', `topk(2, ${judged('model')})`),
  named('account', 'Your account: $1 refused', `topk(2, ${judged('account')})`),
  says(
    'account',
    'Your account: stuck requests hold the slots',
    `max(${IS_FULL}) * on () (sum(${model('fal_account_stuck_requests')}) > 0)`,
  ),
  says('account', 'Your account: no free slot', `max(${IS_FULL})`),
  named('app', 'Your app or network: $1', `topk(2, ${judged('app')})`),
  // Probes that succeed now and then turn the verdict back and forth: what fails here and was the model’s just now.
  named(
    'model',
    'fal: $1 failing on and off',
    `topk(2, (${REQUESTS_FAIL}) and on (endpoint_id) (max by (endpoint_id) (max_over_time(${model('fal_verdict', 'verdict=~"model|platform"')}[${WINDOW}])) == 1))`,
  ),
  // What probes do not see, because they send other inputs, or run too seldom.
  named(
    'app',
    'Your app sends bad requests: $1',
    `topk(2, ${sumBy(MODEL, `increase(${app(APP.errors, 'fault="app"')}[${WINDOW}])`)} / (${finished(APP, MODEL, WINDOW)} > 0) > ${limitOf('FalAppErrorsHigh')})`,
  ),
  named('unknown', 'Your requests to $1 fail, probes succeed', `topk(2, ${REQUESTS_FAIL})`),
  named('unknown', 'Unclear: $1', `topk(2, ${judged('unknown')})`),
  says('ok', 'All well', `max(${judged('ok')})`),
  says('ok', 'Your requests succeed; no probe looks', `max(${finished(APP, [], WINDOW)} > 0)`),
  says('unknown', 'Nobody looks: add a probe', `max(${model('fal_verdict')} == 1)`),
];

/** A sentence for whatever the expression gives, which must be one series. */
function says(verdict: Verdict, words: string, expr: string): string {
  return `label_replace(${ranked(verdict, expr)}, "says", "${words}", "", "")`;
}

/** A sentence per model; `$1` is its name. */
function named(verdict: Verdict, words: string, expr: string): string {
  return `label_replace(${ranked(verdict, expr)}, "says", "${words}", "endpoint_id", "${WITHOUT_OWNER}")`;
}

/** A sentence with the number of models as `$1`. */
function counted(verdict: Verdict, words: string, expr: string): string {
  return `label_replace(count_values("models", count(${expr})) * 0 + ${rankOf(verdict)}, "says", "${words}", "models", "(.+)")`;
}

/** The labels of the expression with the rank of the verdict as the value. */
function ranked(verdict: Verdict, expr: string): string {
  return `${expr} * 0 + ${rankOf(verdict)}`;
}

function rankOf(verdict: Verdict): number {
  return lookOf(verdict)?.rank ?? 0;
}
