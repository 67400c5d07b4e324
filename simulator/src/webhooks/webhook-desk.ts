import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Switches } from '../engine.ts';
import { type LiveJob, notify } from '../jobs/live-job.ts';
import type { JobWebhookRecord } from '../ledger-book.ts';
import type { WebhookAttempt } from '../ledger.ts';
import type { Random } from '../random.ts';
import type { SimulatedRequest } from '../reply.ts';
import { newRequestId } from '../request-ids.ts';
import type { WebhookSchedule } from './schedule.ts';
import { SigningKeys } from './signing-keys.ts';
import { webhookBody } from './webhook-body.ts';

/** The webhooks that are late come this long after their job. */
const LATE_MS = 600_000;
/** A timestamp that is too old for everybody who keeps to fal's 300 s. */
const OLD_SECONDS = 600;
const DUPLICATE_AFTER_MS = 20_000;
/** How long a delivery waits for one that may overtake it. */
const OVERTAKEN_WITHIN_MS = 60_000;
const OVERTAKEN_BY_MS = 1000;

export interface WebhookDeskParts {
  readonly clock: Clock;
  /** Its own: deliveries must not change how long jobs run. */
  readonly random: Random;
  readonly switches: Readonly<Switches>;
  readonly schedule: WebhookSchedule;
}

interface Delivery {
  readonly job: LiveJob;
  readonly record: JobWebhookRecord;
  readonly target: URL;
  readonly body: string;
  isRepeated: boolean;
}

/**
 * Delivers the webhooks of queued jobs.
 *
 * ```
 * job ends ─▶ attempt ─▶ 2xx: delivered
 *                ▲   ├─▶ 3xx: failed for good
 *                │   └─▶ anything else, or nothing in time ─▶ pause ─┬─▶ given up after the last pause
 *                └──────────────────────────────────────────────────┘
 * ```
 */
export class WebhookDesk {
  readonly keys: SigningKeys;
  readonly #parts: WebhookDeskParts;
  readonly #underWay = new Set<AbortController>();
  /** Waits to be overtaken. */
  #held: { readonly delivery: Delivery; readonly cancel: () => void } | undefined;
  #isClosed = false;

  constructor(parts: WebhookDeskParts) {
    this.#parts = parts;
    this.keys = new SigningKeys(parts.random);
  }

  /** Delivers a webhook when the job has ended. */
  expect(job: LiveJob, target: URL, origin: Pick<SimulatedRequest, 'reachedThrough'>): void {
    const record: JobWebhookRecord = {
      url: `${target.origin}${target.pathname}`,
      state: 'pending',
      attempts: [],
    };
    job.record.webhook = record;
    const check = (): void => {
      if (job.state !== 'COMPLETED') return;
      job.watchers.delete(check);
      // Not at once: whoever ended the job is still at work.
      this.#parts.clock.after(0, () => this.#begin(job, record, { target, origin }));
    };
    job.watchers.add(check);
    notify(job);
  }

  /** Breaks off what is under way; nothing is delivered afterwards. */
  close(): void {
    this.#isClosed = true;
    for (const controller of this.#underWay) controller.abort();
  }

  #begin(
    job: LiveJob,
    record: JobWebhookRecord,
    where: { readonly target: URL; readonly origin: Pick<SimulatedRequest, 'reachedThrough'> },
  ): void {
    const { clock, random, switches } = this.#parts;
    const gatewayRequestId = job.attempts > 1 ? newRequestId(clock, random) : job.record.requestId;
    record.gatewayRequestId = gatewayRequestId;
    const isUnwritable = switches.webhookFault === 'payload-error';
    const body = webhookBody({ job, gatewayRequestId, origin: where.origin, isUnwritable });
    const delivery: Delivery = { job, record, target: where.target, body, isRepeated: false };
    switch (switches.webhookFault) {
      case 'lost':
        record.state = 'lost';
        return;
      case 'late':
        clock.after(LATE_MS, () => this.#start(delivery));
        return;
      case 'out-of-order':
        this.#swap(delivery);
        return;
      default:
        this.#start(delivery);
    }
  }

  /** Of two deliveries the later one goes first. */
  #swap(delivery: Delivery): void {
    const { clock } = this.#parts;
    const held = this.#held;
    if (held === undefined) {
      const release = (): void => {
        this.#held = undefined;
        this.#start(delivery);
      };
      this.#held = { delivery, cancel: clock.after(OVERTAKEN_WITHIN_MS, release) };
      return;
    }
    held.cancel();
    this.#held = undefined;
    this.#start(delivery);
    clock.after(OVERTAKEN_BY_MS, () => this.#start(held.delivery));
  }

  #start(delivery: Delivery): void {
    void this.#attempt(delivery);
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const { clock, schedule } = this.#parts;
    const { record } = delivery;
    const attempt: JobWebhookRecord['attempts'][number] = { at: clock.now() };
    record.attempts.push(attempt);
    const isFirst = record.attempts.length === 1;
    const answer = await this.#post(delivery, isFirst ? schedule.firstTimeoutMs : schedule.retryTimeoutMs);
    if (this.#isClosed) return;
    attempt.endedAt = clock.now();
    attempt.answer = answer;
    this.#goOn(delivery, answer);
  }

  #goOn(delivery: Delivery, answer: NonNullable<WebhookAttempt['answer']>): void {
    const { clock, schedule, switches } = this.#parts;
    const { record } = delivery;
    if (delivery.isRepeated) return;
    if (typeof answer === 'number' && answer >= 200 && answer < 300) {
      record.state = 'delivered';
      if (switches.webhookFault !== 'duplicate') return;
      delivery.isRepeated = true;
      clock.after(DUPLICATE_AFTER_MS, () => this.#start(delivery));
      return;
    }
    const isRedirect = typeof answer === 'number' && answer >= 300 && answer < 400;
    const pause = schedule.retryDelaysMs[record.attempts.length - 1];
    if (isRedirect) record.state = 'failed';
    else if (pause === undefined) record.state = 'given-up';
    else clock.after(pause, () => this.#start(delivery));
  }

  async #post(delivery: Delivery, timeoutMs: number): Promise<NonNullable<WebhookAttempt['answer']>> {
    const controller = new AbortController();
    this.#underWay.add(controller);
    let cancel: (() => void) | undefined;
    const expired = new Promise<'timeout'>((resolve) => {
      cancel = this.#parts.clock.after(timeoutMs, () => resolve('timeout'));
    });
    try {
      return await Promise.race([this.#exchange(delivery, controller.signal), expired]);
    } finally {
      cancel?.();
      this.#underWay.delete(controller);
      controller.abort();
    }
  }

  async #exchange({ job, target, body }: Delivery, signal: AbortSignal): Promise<number | 'network-error'> {
    try {
      const response = await this.#parts.schedule.fetch(target, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...this.#signed(job, body) },
        body,
        redirect: 'manual',
        signal,
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      return 'network-error';
    }
  }

  /**
   * The headers of one attempt, signed anew each time: an old timestamp would be refused.
   *
   * Source: https://fal.ai/docs/documentation/model-apis/inference/webhooks
   */
  #signed({ record, order }: LiveJob, body: string): Record<string, string> {
    const { clock, switches } = this.#parts;
    const { webhookFault: fault } = switches;
    const seconds = Math.floor(clock.now() / 1000) - (fault === 'old-timestamp' ? OLD_SECONDS : 0);
    const userId = order.account.name;
    const message = [record.requestId, userId, String(seconds), sha256(body)].join('\n');
    return {
      'x-fal-webhook-request-id': record.requestId,
      'x-fal-webhook-user-id': userId,
      'x-fal-webhook-timestamp': String(seconds),
      'x-fal-webhook-signature': this.keys.sign(fault === 'bad-signature' ? `${message}\n` : message),
    };
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
