import type { Assessment } from '../judged.ts';
import type { AccountView, BudgetView, StatusView } from '../view.ts';
import { LOCK_WORDS, clockTime, roughly, sinceWords, span, usd, usdOf } from '../words.ts';
import { modelName } from './endpoints.ts';
import { type Html, html, unknown } from './html.ts';

const BAR_WIDTH = 200;

/** Money, lock, slots and the probes' own spending. */
export function accountSection({ view }: Assessment): Html {
  const { account } = view;
  return html`<section aria-labelledby="account">
    <h2 id="account">Account <span class="dim">${account.name}</span></h2>
    <dl class="facts">
      <div>
        <dt>State</dt>
        <dd>${lockWords(account, view.at)}</dd>
      </div>
      <div>
        <dt>Balance</dt>
        <dd>${balanceWords(account, view.at)}</dd>
      </div>
      <div>
        <dt>Spending</dt>
        <dd>${burnWords(account)}</dd>
      </div>
      <div>
        <dt>Slots in use</dt>
        <dd>${slotWords(account)}</dd>
      </div>
      <div class="wide">
        <dt>Probe budget used</dt>
        <dd>${account.budget.map(budgetLine)}${lastSpend(account, view.at)}</dd>
      </div>
    </dl>
    ${priceTable(view)}
  </section>`;
}

function lockWords({ lock, keyRejectedSince }: AccountView, now: number): Html {
  if (lock?.locked === true) {
    return html`<strong class="over">locked</strong>: ${LOCK_WORDS[lock.reason ?? 'unknown']},
      ${sinceWords(lock.since, now)}`;
  }
  if (keyRejectedSince !== undefined) {
    return html`<strong class="over">key rejected</strong> ${sinceWords(keyRejectedSince, now)}`;
  }
  if (lock === undefined) return unknown('no run has shown yet whether fal accepts this account');
  return html`not locked`;
}

function balanceWords({ balance, lowBalance, criticalBalance }: AccountView, now: number): Html {
  if (balance === undefined)
    return unknown('reading it needs FAL_ADMIN_KEY, and the first answer of the account collector');
  const { amount, at } = balance;
  const isLow = amount < lowBalance;
  const level = amount < criticalBalance ? 'below your critical mark' : 'below your low mark';
  const mark = amount < criticalBalance ? criticalBalance : lowBalance;
  return html`<strong class="${isLow && 'over'}">${usd(amount)}</strong>
    ${isLow && html`${level} of ${usd(mark)}`}
    <span class="small dim">read ${roughly(now - at)} ago</span>`;
}

function burnWords({ burn }: AccountView): Html {
  if (burn === undefined) return unknown('needs balances over at least ten minutes');
  if (burn.runwaySeconds === undefined) {
    return html`nothing <span class="small dim">in the last ${span(burn.overSeconds)}</span>`;
  }
  const runway =
    burn.runwaySeconds === 0 ? 'the balance is used up' : `lasts ${span(burn.runwaySeconds)} at this rate`;
  return html`${usdOf(burn.usdPerHour)} per hour
    <span class="small dim">over the last ${span(burn.overSeconds)}</span><br />${runway}`;
}

function slotWords({ slots }: AccountView): Html {
  if (slots === undefined) return unknown('no run has taken a slot yet');
  if (slots.limit === undefined) {
    return html`${slots.inUse} of ${unknown('no API tells the limit: set account.concurrency_limit')}`;
  }
  const isFull = slots.inUse >= slots.limit;
  return html`<span class="${isFull && 'over'}"
    >${slots.inUse} of ${slots.limit}${isFull && ': all taken'}</span
  >`;
}

function budgetLine({ window, cap, remaining }: BudgetView): Html {
  if (remaining === undefined) {
    return html`<p>${unknown('no paid run has been planned yet')} of ${usd(cap)} per ${window}</p>`;
  }
  const used = Math.max(0, cap - remaining);
  const share = cap > 0 ? Math.min(1, used / cap) : 1;
  return html`<p>
    <svg
      class="meter ${share >= 1 && 'full'}"
      viewBox="0 0 ${BAR_WIDTH} 8"
      width="${BAR_WIDTH}"
      height="8"
      aria-hidden="true"
      focusable="false"
    >
      <rect class="meter-ground" width="${BAR_WIDTH}" height="8" />
      <rect class="meter-used" width="${Math.round(share * BAR_WIDTH)}" height="8" />
    </svg>
    <span class="${share >= 1 && 'over'}"
      >${usd(used)} of ${usd(cap)} per ${window}${share >= 1 && ': used up'}</span
    >
  </p>`;
}

function lastSpend({ lastSpend: spend }: AccountView, now: number): Html | undefined {
  if (spend === undefined) return undefined;
  const source =
    spend.source === 'units' ? 'units × list price' : 'cost unknown, so the worst case was booked';
  return html`<p class="small dim">
    Last booked: ${usd(spend.cost)} for ${spend.probe} at ${clockTime(spend.at, now)} (${source})
  </p>`;
}

function priceTable({ endpoints, at }: StatusView): Html | undefined {
  const priced = endpoints.filter((endpoint) => endpoint.price !== undefined);
  if (priced.length === 0) return undefined;
  return html`<table class="plain">
    <caption>
      List prices
    </caption>
    <thead>
      <tr>
        <th scope="col">Model</th>
        <th scope="col">Price</th>
        <th scope="col">Read</th>
      </tr>
    </thead>
    <tbody>
      ${priced.map(
        ({ id, price }) =>
          html`<tr>
            <th scope="row">${modelName(id)}</th>
            <td>${price && html`${usd(price.perUnit)} per ${price.unit}`}</td>
            <td>${price && `${roughly(at - price.at)} ago`}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
