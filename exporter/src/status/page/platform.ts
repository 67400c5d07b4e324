import type { PriceChange, RunningRequests } from '../../domain/events.ts';
import type { Assessment } from '../judged.ts';
import type { RequestsView, StatusView } from '../view.ts';
import { clockTime, percent, roughly, span, unitPrice, usd } from '../words.ts';
import { whyUnknown } from '../why-unknown.ts';
import { modelName } from './endpoints.ts';
import { type Html, html, unknownWords } from './html.ts';

/** Requests of the account that run at fal, with the ids of those that are stuck. */
export function requestSection({ view }: Assessment): Html {
  const { requests } = view.platform;
  return html`<section aria-labelledby="requests">
    <h2 id="requests">Requests at fal</h2>
    ${
      requests === undefined
        ? html`<p>${unknownWords(whyUnknown(view, 'request-history'))}</p>`
        : requestWords(requests, view.at)
    }
  </section>`;
}

function requestWords({ at, isFresh, endpoints }: RequestsView, now: number): Html {
  const read = html`<span class="small dim">request history read ${roughly(now - at)} ago</span>`;
  if (!isFresh) return html`<p>${unknownWords('the request history was not read for too long')} ${read}</p>`;
  if (endpoints.length === 0) return html`<p>None of the watched models runs one. ${read}</p>`;
  return html`<table class="plain">
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col">Running</th>
          <th scope="col">Oldest</th>
        </tr>
      </thead>
      <tbody>
        ${endpoints.map(requestRow)}
      </tbody>
    </table>
    ${stuckWords(endpoints)}
    <p>${read}</p>`;
}

function requestRow({ endpointId, running, stuck, oldestSeconds, stuckIds }: RunningRequests): Html {
  return html`<tr>
    <th scope="row">
      ${modelName(endpointId)}
      ${stuckIds.map((id) => html`<span class="small"><code class="copy">${id}</code></span>`)}
    </th>
    <td class="num">${running}${stuck > 0 && html`<strong class="over small">${stuck} stuck</strong>`}</td>
    <td>${oldestSeconds === undefined ? unknownWords('not told') : span(oldestSeconds)}</td>
  </tr>`;
}

function stuckWords(endpoints: readonly RunningRequests[]): Html | undefined {
  const stuck = endpoints.reduce((sum, endpoint) => sum + endpoint.stuck, 0);
  if (stuck === 0) return undefined;
  const shown = endpoints.reduce((sum, { stuckIds }) => sum + stuckIds.length, 0);
  const some = shown < stuck ? ` (${shown} of ${stuck} ids are shown)` : '';
  return html`<p class="small">
    A stuck request holds a slot of the account. Cancel it by its id, or send the id to support@fal.ai${some}.
  </p>`;
}

/** What fal's catalogue and its prices say of the configured models; nothing while there is nothing to tell. */
export function modelNews(view: StatusView): Html | undefined {
  const { ailing, priceChanges } = view.platform;
  if (ailing.length === 0 && priceChanges.length === 0) return undefined;
  const words = { deprecated: 'deprecated by fal', missing: 'fal’s catalogue knows none of this name' };
  return html`<h3>Changes at fal</h3>
    <ul class="news">
      ${ailing.map(
        ({ endpointId, status }) =>
          html`<li>${modelName(endpointId)}: <strong class="refused">${words[status]}</strong></li>`,
      )}
      ${priceChanges.map((change) => html`<li>${priceChangeWords(change, view.at)}</li>`)}
    </ul>`;
}

function priceChangeWords(change: PriceChange, now: number): Html {
  const { endpointId, from, to, seenAt } = change;
  const before = `${unitPrice(from.price)} per ${from.unit}`;
  const after = to === undefined ? 'no price' : `${unitPrice(to.price)} per ${to.unit}`;
  return html`${modelName(endpointId)}: ${before} → <strong>${after}</strong>${moveWords(change)}
    <span class="small dim">seen ${clockTime(seenAt, now)}</span>${effectWords(change)}`;
}

function moveWords({ move, from, to }: PriceChange): string {
  switch (move) {
    case 'unit':
      return ', another unit';
    case 'withdrawn':
      return '';
    case 'raised':
    case 'lowered': {
      if (to === undefined || from.price <= 0) return '';
      return ` (${move === 'raised' ? '+' : '−'}${percent(Math.abs(to.price / from.price - 1))})`;
    }
  }
}

function effectWords({ weeklyEffect, move }: PriceChange): Html {
  if (weeklyEffect === undefined) {
    return html`<span class="small dim"
      >${move === 'withdrawn' ? 'what it costs now is unknown' : 'its effect is unknown, because the usage of last week is'}</span
    >`;
  }
  if (weeklyEffect === 0) return html`<span class="small dim">no effect: not used in the last week</span>`;
  const more = weeklyEffect > 0 ? 'more' : 'less';
  return html`<span class="small">${usd(Math.abs(weeklyEffect))} a week ${more}, at last week’s usage</span>`;
}

/** List prices of the models that have one. */
export function priceTable({ endpoints, at }: StatusView): Html | undefined {
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
            <td>${price && html`${unitPrice(price.perUnit)} per ${price.unit}`}</td>
            <td>${price && `${roughly(at - price.at)} ago`}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
