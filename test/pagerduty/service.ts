import { randomUUID } from 'node:crypto';
import { Behaviour, type Mode } from './behaviour.ts';
import { judge, MAX_BODY_BYTES, type AcceptedEvent } from './event.ts';
import { IncidentBook, type Effect, type Incident } from './incidents.ts';
import { RateLimiter, type RateLimit } from './rate-limit.ts';

/** One call to /v2/enqueue and what became of it. Never with its routing key. */
export interface ReceivedRequest {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** HTTP status of the answer; absent when the call hung or its connection was reset. */
  readonly status?: number;
  readonly mode: Mode;
  readonly accepted: boolean;
  /** Why it was refused, in PagerDuty's words; empty when it was accepted. */
  readonly reasons: readonly string[];
  readonly event?: AcceptedEvent;
  readonly effect?: Effect;
}

export interface Call {
  readonly contentType: string | undefined;
  /** What came of the body; undefined when it was longer than allowed. */
  readonly body: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface ServiceOptions {
  /** Keys of integrations that exist; any of the right form when absent. */
  readonly routingKeys?: readonly string[];
  /** Off when absent; PAGERDUTY_RATE_LIMIT is the real one. */
  readonly rateLimit?: RateLimit;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type Judged = { readonly answer: Answer } & Omit<ReceivedRequest, 'at' | 'mode' | 'status'>;

/**
 * PagerDuty's side of Events API v2 without the network. Answers as in
 * https://developer.pagerduty.com/docs/events-api-v2/overview/ : 202, 400, 429 and 500; 403, which version 1 used
 * for its rate limit, does not occur in version 2.
 */
export class PagerDutyService {
  readonly behaviour = new Behaviour();
  readonly #options: ServiceOptions;
  #requests: ReceivedRequest[] = [];
  #book = new IncidentBook();
  #limiter: RateLimiter | undefined;

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.reset();
  }

  /** Forgets requests, incidents and what was counted for the rate limit. The mode stays. */
  reset(): void {
    const { rateLimit, now } = this.#options;
    this.#requests = [];
    this.#book = new IncidentBook();
    this.#limiter = rateLimit && new RateLimiter(rateLimit, now);
  }

  requests(): readonly ReceivedRequest[] {
    return [...this.#requests];
  }

  incidents(): readonly Incident[] {
    return this.#book.all();
  }

  /** Takes a call; gives what to do about it: an answer, no answer at all, or a reset of the connection. */
  take(call: Call): Answer | 'hang' | 'reset' {
    const mode = this.behaviour.next();
    const at = this.#options.now();
    if (mode === 'hang' || mode === 'reset') {
      this.#requests.push({ at, mode, accepted: false, reasons: [`no answer: ${mode}`] });
      return mode;
    }
    const { answer, ...outcome } = this.#judge(call, mode, at);
    this.#requests.push({ at, mode, status: answer.status, ...outcome });
    return answer;
  }

  #judge({ contentType, body }: Call, mode: Mode, at: number): Judged {
    if (body === undefined)
      return unrecognised([`Event exceeds the maximum size of ${MAX_BODY_BYTES / 1000} KB`]);
    if (!/^application\/json\s*(;|$)/i.test(contentType ?? ''))
      return unrecognised([`Content-Type is not application/json but ${contentType ?? 'missing'}`]);
    const parsed = parse(body);
    if (parsed === undefined) return unrecognised(['JSON parse error']);
    const verdict = judge(parsed);
    if (!verdict.accepted) return refused(verdict.problems);
    const { event, routingKey } = verdict;
    if (this.#options.routingKeys?.includes(routingKey) === false) return refused(['Invalid routing key']);
    if (mode !== 'ok') return { ...TROUBLE[mode as keyof typeof TROUBLE], event };
    if (this.#limiter?.admit(routingKey) === false) return { ...TROUBLE['rate-limited'], event };
    return this.#accept(event, routingKey, at);
  }

  #accept(event: AcceptedEvent, routingKey: string, at: number): Judged {
    const keyed = { ...event, dedup_key: event.dedup_key ?? randomUUID().replaceAll('-', '') };
    const effect = this.#book.take(keyed, routingKey, at);
    return {
      answer: {
        status: 202,
        body: { status: 'success', message: 'Event processed', dedup_key: keyed.dedup_key },
      },
      accepted: true,
      reasons: [],
      event: keyed,
      effect,
    };
  }
}

/** Undefined for what is not JSON, which never parses to it. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failure(status: number, name: string, message: string, errors: readonly string[]): Judged {
  return {
    answer: { status, body: { status: name, message, errors } },
    accepted: false,
    reasons: errors.length > 0 ? errors : [message],
  };
}

const refused = (errors: readonly string[]): Judged =>
  failure(400, 'invalid event', 'Event object is invalid', errors);

const unrecognised = (errors: readonly string[]): Judged =>
  failure(400, 'Unrecognized object', 'Event object format is unrecognized', errors);

const TROUBLE = {
  'bad-request': refused(['refused on demand']),
  'rate-limited': failure(429, 'throttle exceeded', 'Request Limit Exceeded', []),
  'server-error': failure(500, 'error', 'Internal Server Error', []),
} satisfies Partial<Record<Mode, Judged>>;
