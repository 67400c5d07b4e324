import { account } from './selectors.ts';
import { maxBy } from './traffic.ts';

const ACCOUNT = ['account'];

/** Requests that fal's request history shows as running, whoever sent them. */
export const RUNNING_IN_HISTORY = `sum by (account) (${maxBy(['account', 'endpoint_id'], account('fal_account_running_requests'))})`;
/** Those that the exporter knows of itself: its own probes. */
export const KNOWN_TO_EXPORTER = maxBy(ACCOUNT, account('fal_account_slots_in_use'));

/** Slots taken per account: both witnesses see a part only, so the larger number is nearer to the truth. */
export const SLOTS_IN_USE = `((${RUNNING_IN_HISTORY} > ${KNOWN_TO_EXPORTER}) or ${KNOWN_TO_EXPORTER} or ${RUNNING_IN_HISTORY})`;

/** The concurrency limit of each account. */
export const SLOT_LIMIT = maxBy(ACCOUNT, account('fal_account_concurrency_limit'));

/** Slots taken ÷ the concurrency limit, per account; absent where no limit is known. */
export const SLOT_SHARE = `${SLOTS_IN_USE} / ${SLOT_LIMIT}`;
