type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** How webhooks are delivered. */
export interface WebhookOptions {
  /** Carries the deliveries out; the global `fetch` by default, looked up at each attempt. */
  readonly fetch?: Fetch | undefined;
  /** How long the first attempt waits for an answer, ms. */
  readonly firstTimeoutMs?: number | undefined;
  /** How long each later attempt waits, ms. */
  readonly retryTimeoutMs?: number | undefined;
  /** The pause before each further attempt, ms. As many as there are pauses. */
  readonly retryDelaysMs?: readonly number[] | undefined;
}

export type WebhookSchedule = {
  readonly [Name in keyof WebhookOptions]-?: NonNullable<WebhookOptions[Name]>;
};

/**
 * 15 s for the first attempt and ten retries within two hours, as fal's page says. The pauses are invented: 5 s,
 * doubled each time, so that the last retry begins within two hours even if all others wait in vain. The 120 s of
 * the retries are from a newer text that is only known second-hand.
 *
 * Source: https://fal.ai/docs/documentation/model-apis/inference/webhooks
 */
const FAL_SCHEDULE: WebhookSchedule = {
  fetch: (input, init) => globalThis.fetch(input, init),
  firstTimeoutMs: 15_000,
  retryTimeoutMs: 120_000,
  retryDelaysMs: Array.from({ length: 10 }, (_, retry) => 5000 * 2 ** retry),
};

/** fal's schedule with what the options change. @throws RangeError for a time that is no number of at least 0. */
export function scheduleOf(options: WebhookOptions = {}): WebhookSchedule {
  const schedule: WebhookSchedule = {
    fetch: options.fetch ?? FAL_SCHEDULE.fetch,
    firstTimeoutMs: options.firstTimeoutMs ?? FAL_SCHEDULE.firstTimeoutMs,
    retryTimeoutMs: options.retryTimeoutMs ?? FAL_SCHEDULE.retryTimeoutMs,
    retryDelaysMs: options.retryDelaysMs ?? FAL_SCHEDULE.retryDelaysMs,
  };
  for (const ms of [schedule.firstTimeoutMs, schedule.retryTimeoutMs, ...schedule.retryDelaysMs]) {
    if (!(ms >= 0)) throw new RangeError(`webhook times are numbers of ms of at least 0, got ${ms}`);
  }
  return schedule;
}
