/**
 * What is wrong with the rows of billing events. Shares are 0–1 of the billed requests and 0 when absent; which
 * requests they strike depends on the request id and the seed of the simulator alone, so that every walk sees the same.
 */
export interface BillingEventFaults {
  /**
   * Listed twice, one row beside the other. A third of them again at the head of the page after, and a third again
   * with a newer timestamp.
   */
  readonly duplicated?: number | undefined;
  /**
   * First listed with a wrong cost, half of them too high and half too low, and later with the true one in its place;
   * half of them with the time of the correction for their timestamp. What cost nothing is never wrong.
   */
  readonly corrected?: number | undefined;
  /** From the end of the job until the correction, ms; ten minutes when absent. */
  readonly correctionDelayMs?: number | undefined;
  /** Listed, and corrected, only after an extra lag. */
  readonly late?: number | undefined;
  /** That extra lag, ms; six hours when absent. */
  readonly lateByMs?: number | undefined;
  /** Never listed; usage has them. */
  readonly missing?: number | undefined;
}

/** The shares among the fields. */
export const BILLING_FAULT_SHARES = ['duplicated', 'corrected', 'late', 'missing'] as const;
/** The fields that are durations, ms. */
export const BILLING_FAULT_DELAYS = ['correctionDelayMs', 'lateByMs'] as const;

export const DEFAULT_CORRECTION_DELAY_MS = 600_000;
export const DEFAULT_LATE_BY_MS = 6 * 3_600_000;

/** @throws RangeError for a share outside 0–1, or a delay that is no duration. */
export function checkBillingFaults(faults: BillingEventFaults = {}): void {
  for (const name of BILLING_FAULT_SHARES) {
    const share = faults[name] ?? 0;
    if (!(share >= 0 && share <= 1)) {
      throw new RangeError(`billingEvents.${name}: expected a share between 0 and 1, got ${share}`);
    }
  }
  for (const name of BILLING_FAULT_DELAYS) {
    const ms = faults[name] ?? 0;
    if (!(ms >= 0 && Number.isFinite(ms))) {
      throw new RangeError(`billingEvents.${name}: expected milliseconds of at least 0, got ${ms}`);
    }
  }
}
