import { account } from './selectors.ts';
import { maxBy } from './traffic.ts';

const ACCOUNT = ['account'];

/** Requests that fal's request history shows as running, whoever sent them. */
const IN_HISTORY = `sum by (account) (${maxBy(['account', 'endpoint_id'], account('fal_account_running_requests'))})`;
/** Those that the exporter knows of itself: its own probes. */
const KNOWN = maxBy(ACCOUNT, account('fal_account_slots_in_use'));

/** Slots taken per account: both witnesses see a part only, so the larger number is nearer to the truth. */
export const SLOTS_IN_USE = `((${IN_HISTORY} > ${KNOWN}) or ${KNOWN} or ${IN_HISTORY})`;

/** Slots taken ÷ the concurrency limit, per account; absent where no limit is known. */
export const SLOT_SHARE = `${SLOTS_IN_USE} / ${maxBy(ACCOUNT, account('fal_account_concurrency_limit'))}`;
