import type { Clock } from '../domain/clock.ts';
import { type Reply, oneLine, textReply } from './reply.ts';

export interface MetricsRequest {
  readonly accept?: string | undefined;
  readonly acceptEncoding?: string | undefined;
}

/** Renders /metrics; rejects when the collection fails. */
export type RenderMetrics = (request: MetricsRequest) => Promise<Reply>;

/** More scrapes at once than any Prometheus set-up needs; node_exporter's number. */
const MOST_SCRAPES = 40;
/** Time to get the answer over the wire before Prometheus gives up. */
const SEND_MARGIN_MS = 500;
const LONGEST_SCRAPE_MS = 25_000;

/** /metrics with a bound on how many and how long. */
export class ScrapeRoute {
  readonly #render: RenderMetrics;
  readonly #clock: Clock;
  #inFlight = 0;

  constructor(render: RenderMetrics, clock: Clock) {
    this.#render = render;
    this.#clock = clock;
  }

  /** `timeoutHeader`: X-Prometheus-Scrape-Timeout-Seconds as it came. */
  async answer(request: MetricsRequest, timeoutHeader: string | undefined): Promise<Reply> {
    if (this.#inFlight >= MOST_SCRAPES) {
      return textReply(503, `Too many scrapes at once: ${MOST_SCRAPES} are in flight. Try again later.`, {
        'retry-after': '5',
      });
    }
    const work = this.#counted(request);
    const limitMs = deadlineMs(timeoutHeader);
    const [late, cancel] = this.#lateAfter(limitMs);
    try {
      return await Promise.race([work, late]);
    } catch (error) {
      return textReply(500, `Collecting the metrics failed: ${oneLine(error)}`);
    } finally {
      cancel();
    }
  }

  /** Counts until the work ends, not until we stop waiting: that is when its cost ends. */
  async #counted(request: MetricsRequest): Promise<Reply> {
    this.#inFlight += 1;
    try {
      return await this.#render(request);
    } finally {
      this.#inFlight -= 1;
    }
  }

  #lateAfter(ms: number): [Promise<Reply>, () => void] {
    const { promise, resolve } = Promise.withResolvers<Reply>();
    const reply = textReply(
      503,
      `Collecting the metrics took longer than ${ms} ms, all that the scrape allows.`,
    );
    return [promise, this.#clock.after(ms, () => resolve(reply))];
  }
}

/** How long the collection may take. A small time-out keeps four fifths of itself. */
function deadlineMs(header: string | undefined): number {
  const seconds = header === undefined || header.trim() === '' ? Number.NaN : Number(header);
  if (!Number.isFinite(seconds) || seconds <= 0) return LONGEST_SCRAPE_MS;
  const ms = seconds * 1000;
  return Math.min(LONGEST_SCRAPE_MS, Math.round(Math.max(ms - SEND_MARGIN_MS, ms * 0.8)));
}
