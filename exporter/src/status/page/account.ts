import type { Assessment } from '../judged.ts';
import type { AccountView, BudgetView, StatusView } from '../view.ts';
import { whyUnknown } from '../why-unknown.ts';
import { LOCK_WORDS, clockTime, roughly, sinceWords, usd } from '../words.ts';
import { type Html, html, unknown, unknownWords } from './html.ts';
import { meter } from './meter.ts';
import { billedTable, grantFact, knowsMoney, moneyFacts, noMoneyFact } from './money.ts';
import { modelNews, priceTable } from './platform.ts';

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
      ${
        knowsMoney(view) &&
        html`<div>
            <dt>Balance</dt>
            <dd>${balanceWords(view)}</dd>
          </div>
          ${moneyFacts(view)}`
      }
      <div>
        <dt>Slots in use</dt>
        <dd>${slotWords(account)}</dd>
      </div>
      ${!knowsMoney(view) && noMoneyFact()} ${grantFact(view)}
      <div class="wide">
        <dt>Probe budget used</dt>
        <dd>${account.budget.map(budgetLine)}${lastSpend(account, view.at)}</dd>
      </div>
    </dl>
    ${billedTable(view)} ${modelNews(view)} ${priceTable(view)}
  </section>`;
}

function lockWords({ lock, keyRejectedSince, isContradiction }: AccountView, now: number): Html {
  if (lock?.locked === true) {
    return html`<strong class="over">locked</strong>: ${LOCK_WORDS[lock.reason ?? 'unknown']},
      ${sinceWords(lock.since, now)}${
        isContradiction === true && html`; there is money on it, see the text for support above`
      }`;
  }
  if (keyRejectedSince !== undefined) {
    return html`<strong class="over">key rejected</strong> ${sinceWords(keyRejectedSince, now)}`;
  }
  if (lock === undefined) return unknown('no run has shown yet whether fal accepts this account');
  return html`not locked`;
}

function balanceWords(view: StatusView): Html {
  const { balance, lowBalance, criticalBalance } = view.account;
  if (balance === undefined) return unknownWords(whyUnknown(view, 'balance'));
  const { amount, at, isFresh } = balance;
  const isCritical = amount < criticalBalance;
  const isLow = isCritical || amount < lowBalance;
  const mark = isCritical ? criticalBalance : lowBalance;
  return html`<strong class="${isLow && 'over'}">${usd(amount)}</strong>
    ${isLow && html`below your ${isCritical ? 'critical' : 'low'} mark of ${usd(mark)}`}
    <span class="small ${isFresh ? 'dim' : 'over'}"
      >read ${roughly(view.at - at)} ago${!isFresh && `: ${whyUnknown(view, 'balance')}`}</span
    >`;
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
  const isUsedUp = used >= cap;
  return html`<p>
    ${meter(used, cap)}
    <span class="${isUsedUp && 'over'}"
      >${usd(used)} of ${usd(cap)} per ${window}${isUsedUp && ': used up'}</span
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
