import type { BalanceView, LockView } from './account-view.ts';
import { LOCK_WORDS, isoTime, usd } from './words.ts';

const MOST_REQUEST_IDS = 5;

export interface SupportCase {
  /** Alias of the account in the configuration. */
  readonly account: string;
  readonly lock: Pick<LockView, 'reason' | 'since' | 'at' | 'requestIds'>;
  /** Absent when it could not be read. */
  readonly balance?: Pick<BalanceView, 'amount' | 'at'> | undefined;
  /** Of this exporter. */
  readonly version: string;
  /** True when all of it is simulated. */
  readonly isDemo: boolean;
}

/**
 * A plain text for fal's support about an account that is refused as locked: both readings with their times (UTC),
 * and the request ids that support asks for. Made of our own words, numbers, times, ids and the account's alias
 * only; it can hold no key, no prompt and no name of a person. Pure.
 */
export function supportText({ account, lock, balance, version, isDemo }: SupportCase): string {
  const reason = lock.reason ?? 'unknown';
  const ids = lock.requestIds.slice(0, MOST_REQUEST_IDS);
  const lines = [
    ...(isDemo ? ['SIMULATED: this comes from a demo. Do not send it.', ''] : []),
    `Subject: account is refused as locked${balance === undefined ? '' : `, with a balance of ${usd(balance.amount)}`}`,
    '',
    'Your API refuses our calls with 403 "User is locked".',
    ...(balance === undefined ? [] : ['At the same time it reports money on the account.']),
    '',
    `Reason given:  ${LOCK_WORDS[reason]} (${reason})`,
    `First seen:    ${utc(lock.since)}`,
    `Last seen:     ${utc(lock.at)}`,
    `Balance:       ${balance === undefined ? 'not known to us' : `${usd(balance.amount)}, read ${utc(balance.at)} (GET /v1/account/billing)`}`,
    `Account:       ${oneLine(account)} (our name for it)`,
    `Seen by:       fal-exporter ${version}`,
    '',
    ...(ids.length === 0
      ? ['The refusals carried no request ids.']
      : ['Ids of refused requests, newest first:', ...ids.map((id) => `  ${id}`)]),
    '',
    'Please unlock the account, or tell us what it still needs.',
  ];
  return `${lines.join('\n')}\n`;
}

function utc(at: number): string {
  return (
    isoTime(at)
      ?.replace('T', ' ')
      .replace(/\.\d+Z$/, ' UTC') ?? 'not known'
  );
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
