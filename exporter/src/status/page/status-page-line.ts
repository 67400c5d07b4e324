import { statusPageWords } from '../status-page-words.ts';
import type { StatusPageView, StatusView } from '../view.ts';
import { clockTime, roughly } from '../words.ts';
import { type Html, html } from './html.ts';

/** One quiet line on what fal says about itself; nothing when nobody asks it. */
export function statusPageLine({
  statusPage,
  at: now,
}: Pick<StatusView, 'statusPage' | 'at'>): Html | undefined {
  if (statusPage === undefined) return undefined;
  return html`<p class="small dim">${lineOf(statusPage, now)}</p>`;
}

function lineOf(page: StatusPageView, now: number): string {
  const { host, at, isStale, problem } = page;
  const why = problem === undefined ? '' : `: ${problem}`;
  if (at === undefined) return `${host} could not be read so far${why}`;
  if (isStale) return `${host} could not be read since ${clockTime(at, now)}${why}`;
  const { isTrouble, text } = statusPageWords(page, now);
  const retry = problem === undefined ? '' : '; the last try failed';
  return `${host} ${isTrouble ? 'reports' : 'says'}: ${text}, read ${roughly(now - at)} ago${retry}`;
}
