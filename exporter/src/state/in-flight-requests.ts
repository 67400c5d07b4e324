import type { Clock } from '../domain/clock.ts';
import { type StateDatabase, numberIn, textIn } from './state-database.ts';

/** A request of ours that fal accepted and whose end we have not seen. */
export interface InFlightRequest {
  readonly probe: string;
  readonly endpointId: string;
  readonly requestId: string;
  /** Wall clock, ms since the epoch. */
  readonly submittedAt: number;
}

/** More than any account may run at once many times over; what is older was lost for another reason. */
const KEPT_REQUESTS = 1_000;

/** What is at fal right now, so that a killed exporter can cancel it after its restart. */
export class InFlightRequests {
  readonly #database: StateDatabase;
  readonly #clock: Clock;

  constructor(database: StateDatabase, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Notes an accepted request. */
  add(request: Omit<InFlightRequest, 'submittedAt'>): void {
    this.#database.transact(() => {
      this.#database.run(
        `INSERT OR REPLACE INTO in_flight (request_id, probe, endpoint_id, submitted_at) VALUES (?, ?, ?, ?)`,
        ...[request.requestId, request.probe, request.endpointId, Math.floor(this.#clock.now())],
      );
      this.#database.run(
        `DELETE FROM in_flight WHERE request_id IN
           (SELECT request_id FROM in_flight ORDER BY submitted_at DESC LIMIT -1 OFFSET ${KEPT_REQUESTS})`,
      );
    });
  }

  /** Forgets a request whose end was seen. */
  remove(requestId: string): void {
    this.#database.run('DELETE FROM in_flight WHERE request_id = ?', requestId);
  }

  /** Oldest first. */
  list(): InFlightRequest[] {
    const rows = this.#database.all('SELECT * FROM in_flight ORDER BY submitted_at, request_id');
    return rows.map((row) => ({
      probe: textIn(row, 'probe'),
      endpointId: textIn(row, 'endpoint_id'),
      requestId: textIn(row, 'request_id'),
      submittedAt: numberIn(row, 'submitted_at'),
    }));
  }
}
