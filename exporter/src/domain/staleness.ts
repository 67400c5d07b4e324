/** What was read longer ago than this many of its intervals says nothing about now. */
export const STALE_AFTER_INTERVALS = 3;
