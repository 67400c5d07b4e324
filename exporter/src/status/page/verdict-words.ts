import { CONFIDENCE, CONFIDENT, type Verdict, type VerdictKind } from '../../verdict/verdict.ts';
import type { Assessment, JudgedEndpoint } from '../judged.ts';
import { type Html, html } from './html.ts';

/** Whose problem it is, as an answer to the question. */
const PARTY: Readonly<Record<VerdictKind, string>> = {
  ok: 'all is well',
  app: 'yours: your app, or the network here',
  account: 'yours: your account',
  model: 'fal’s: this model',
  platform: 'fal’s: its platform',
  unknown: 'cannot be told',
};

/** How sure, in one word; the number stands beside it. */
export function sureWords(confidence: number): string {
  if (confidence >= CONFIDENT) return 'sure';
  if (confidence >= CONFIDENCE.LIKELY) return 'likely';
  return confidence > CONFIDENCE.GUESS ? 'perhaps' : 'a guess';
}

/** The line below the headline. */
export function verdictLine({ verdict }: Assessment): Html {
  return html`<p class="verdict small">${answer(verdict)}</p>`;
}

/** The line of one model: why, only where the top of the page does not say it already. */
export function modelVerdict({ verdict }: JudgedEndpoint, overall: Verdict): Html {
  const isTold = verdict.cause === overall.cause || verdict.cause === 'no_data' || verdict.cause === 'stale';
  const why = isTold || verdict.verdict === 'ok' ? [] : verdict.evidence.slice(1);
  return html`<p class="verdict small">${answer(verdict)}${why.length > 0 && html`. ${why.join(' ')}`}</p>`;
}

function answer(verdict: Verdict): Html {
  const question = verdict.verdict === 'ok' ? 'Verdict' : 'Whose fault';
  return html`${question}: <strong>${partyWords(verdict)}</strong>${sureness(verdict)}`;
}

function partyWords({ verdict, cause }: Verdict): string {
  if (cause === 'no_data' || cause === 'stale') return `${PARTY.unknown}, no fresh data`;
  return cause === 'blip' ? 'nothing proven against anybody' : PARTY[verdict];
}

function sureness({ verdict, confidence }: Verdict): Html {
  if (verdict === 'unknown') return html``;
  return html` <span class="dim">(${sureWords(confidence)}, ${confidence.toFixed(2)})</span>`;
}
