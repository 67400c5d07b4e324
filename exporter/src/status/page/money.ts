import type { BilledView, GrantView, MoneyView, StatusView } from '../view.ts';
import { clockTime, percent, plural, roughly, span, usd } from '../words.ts';
import { whyUnknown } from '../why-unknown.ts';
import { modelName } from './endpoints.ts';
import { type Html, html, unknownWords } from './html.ts';
import { meter } from './meter.ts';

/** False when no key is set that could read anything of it: then that is said once, and not at each fact. */
export function knowsMoney({ hasAdminKey, account }: StatusView): boolean {
  return hasAdminKey !== false || account.balance !== undefined;
}

export function noMoneyFact(): Html {
  return html`<div class="wide">
    <dt>Money</dt>
    <dd>
      Unknown without an ADMIN key: the balance and how long it lasts, spending, what was billed and wasted.
      Set <code>FAL_ADMIN_KEY</code> or <code>FAL_ADMIN_KEY_FILE</code>.
    </dd>
  </div>`;
}

/** How the money moves, as items of the list of facts. */
export function moneyFacts(view: StatusView): Html {
  return html`<div>
      <dt>Spending</dt>
      <dd>${burnWords(view)}</dd>
    </div>
    <div>
      <dt>Balance lasts</dt>
      <dd>${runwayWords(view)}</dd>
    </div>
    <div>
      <dt>Billed this month (UTC)</dt>
      <dd>${monthWords(view)}</dd>
    </div>
    <div>
      <dt>Billed, against list price</dt>
      <dd>${driftWords(view)}</dd>
    </div>
    <div>
      <dt>Wasted in 24 h</dt>
      <dd>${wasteWords(view)}</dd>
    </div>
    ${view.money.topUps !== undefined && topUpFact(view.money.topUps)}`;
}

function burnWords(view: StatusView): Html {
  const { burnPerHour, hourlyBudget } = view.money;
  const { '1h': hour, '24h': day } = burnPerHour;
  if (hour === undefined && day === undefined) return unknownWords(whyNoRate(view));
  const isOver = hour !== undefined && hourlyBudget !== undefined && hour > hourlyBudget;
  const ofBudget =
    hourlyBudget !== undefined &&
    html`<span class="small ${isOver ? 'over' : 'dim'}"
      >${isOver ? 'above' : 'within'} your budget of ${usd(hourlyBudget)} an hour</span
    >`;
  return html`${rate(hour, 'the last hour', true)}${rate(day, 'the last 24 h', hour === undefined)}
  ${hour !== undefined && ofBudget}`;
}

function rate(amount: number | undefined, over: string, isFirst: boolean): Html | undefined {
  if (amount === undefined) return undefined;
  const words = html`${usd(amount)} an hour <span class="small dim">over ${over}</span>`;
  return isFirst ? html`<strong>${words}</strong><br />` : html`${words}<br />`;
}

/** A rate needs a while of readings; what is missing then is not a source but time. */
function whyNoRate(view: StatusView): string {
  const why = whyUnknown(view, 'balance');
  return why === 'not enough read yet' ? 'needs readings over half an hour' : why;
}

function runwayWords(view: StatusView): Html {
  const { runwaySeconds, burnPerHour } = view.money;
  if (runwaySeconds === 0) return html`<strong class="over">it is used up</strong>`;
  if (runwaySeconds !== undefined) {
    return html`${span(runwaySeconds)} <span class="small dim">at the present rate</span>`;
  }
  const rate = burnPerHour['1h'] ?? burnPerHour['24h'];
  if (rate === 0) return html`nothing is being spent`;
  return unknownWords(rate === undefined ? whyNoRate(view) : 'no fresh balance');
}

function monthWords(view: StatusView): Html {
  const { monthSpend, monthlyBudget } = view.money;
  if (monthSpend === undefined) return unknownWords(whyUnknown(view, 'usage'));
  if (monthlyBudget === undefined) {
    return html`${usd(monthSpend)} <span class="small dim">no monthly budget is set</span>`;
  }
  const isOver = monthSpend > monthlyBudget;
  const words = html`${usd(monthSpend)} of your budget of ${usd(monthlyBudget)}${isOver && ': passed'}`;
  return html`${meter(monthSpend, monthlyBudget)}<span class="${isOver && 'over'}">${words}</span>`;
}

const AS_LISTED = 0.005;

function driftWords(view: StatusView): Html {
  const { costDrift } = view.money;
  if (costDrift === undefined) return unknownWords(whyUnknown(view, 'billing-events'));
  const over = html`<span class="small dim">requests of the last 24 h</span>`;
  if (Math.abs(costDrift - 1) < AS_LISTED) return html`as listed ${over}`;
  const side = costDrift < 1 ? 'below' : 'above';
  return html`${percent(Math.abs(costDrift - 1))} ${side} list price ${over}`;
}

function wasteWords(view: StatusView): Html {
  const { failed, probe } = view.money.wastePerDay;
  if (failed === undefined && probe === undefined) return unknownWords(whyUnknown(view, 'billing-events'));
  return html`${
    failed === undefined
      ? unknownWords(`on failed requests: ${whyUnknown(view, 'request-history')}`)
      : html`${usd(failed)} on requests that failed`
  }${probe !== undefined && html`<br />${usd(probe)} on probes of this exporter`}`;
}

function topUpFact(total: NonNullable<MoneyView['topUps']>): Html {
  return html`<div>
    <dt>Credits bought</dt>
    <dd>${usd(total)} <span class="small dim">since the books began, as rises of the balance show</span></dd>
  </div>`;
}

/** Credits that end soon, from the configuration. */
export function grantFact({ money: { grants }, at }: StatusView): Html | undefined {
  if (grants.length === 0) return undefined;
  return html`<div class="wide">
    <dt>Grants that end within 30 days</dt>
    <dd>${grants.map((grant) => html`<p>${grantWords(grant, at)}</p>`)}</dd>
  </div>`;
}

function grantWords({ name, amount, expiresAt }: GrantView, now: number): Html {
  const worth = amount === undefined ? '' : ` of ${usd(amount)}`;
  if (expiresAt <= now) {
    return html`${name}${worth}: expired ${roughly(now - expiresAt)} ago; take it out of account.grants`;
  }
  return html`${name}${worth}: expires in <strong>${roughly(expiresAt - now)}</strong>
    <span class="small dim">${clockTime(expiresAt, now)}</span>`;
}

/** What was billed, by model. */
export function billedTable({ money: { billed } }: StatusView): Html | undefined {
  if (billed === undefined) return undefined;
  return html`<table class="plain">
    <caption>
      ${billedCaption(billed)}
    </caption>
    <thead>
      <tr>
        <th scope="col">Model</th>
        <th scope="col">Billed</th>
      </tr>
    </thead>
    <tbody>
      ${billed.dearest.map(
        ({ endpointId, billed: amount }) =>
          html`<tr>
            <th scope="row">${modelName(endpointId)}</th>
            <td class="num">${usd(amount)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function billedCaption({ total, models, dearest, isPartial }: BilledView): string {
  const all = `Billed since the books began: ${isPartial ? 'at least ' : ''}${usd(total)}`;
  const shown =
    dearest.length < models ? `, the ${dearest.length} dearest of ${plural(models, 'model')}` : '';
  return `${all}${shown}`;
}
