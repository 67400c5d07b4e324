import type { EndpointSpend } from '../domain/events.ts';
import type { NanoUsd } from '../domain/money.ts';
import { type Row, type StateDatabase, numberIn, optionalNumberIn, textIn } from '../state/state-database.ts';

/** What is added to the sums of a model; below 0 after a correction. */
export interface SpendChange {
  readonly billed: NanoUsd;
  readonly estimated: NanoUsd;
  readonly unpriced: number;
}

/** The sums of each model of one account: as they add up, and the largest so far, which is what is shown. */
export class ModelTable {
  readonly #database: StateDatabase;
  readonly #account: number;

  constructor(database: StateDatabase, account: number) {
    this.#database = database;
    this.#account = account;
  }

  find(endpointId: string): number | undefined {
    const row = this.#database.get(
      'SELECT id FROM billing_model WHERE account_id = ? AND endpoint_id = ?',
      ...[this.#account, endpointId],
    );
    return optionalNumberIn(row, 'id');
  }

  insert(endpointId: string): number {
    return this.#database.run(
      `INSERT INTO billing_model (account_id, endpoint_id,
              billed, billed_most, estimated, estimated_most, unpriced, unpriced_most)
       VALUES (?, ?, 0, 0, 0, 0, 0, 0)`,
      ...[this.#account, endpointId],
    ).id;
  }

  read(id: number): EndpointSpend {
    const row = this.#database.get('SELECT * FROM billing_model WHERE id = ?', id);
    return spendIn(row ?? {});
  }

  /** By endpoint id. */
  list(): EndpointSpend[] {
    return this.#database
      .all('SELECT * FROM billing_model WHERE account_id = ? ORDER BY endpoint_id', this.#account)
      .map(spendIn);
  }

  add(id: number, { billed, estimated, unpriced }: SpendChange): void {
    if (billed === 0 && estimated === 0 && unpriced === 0) return;
    this.#database.run(
      `UPDATE billing_model SET
         billed = billed + ?1, billed_most = max(billed_most, billed + ?1),
         estimated = estimated + ?2, estimated_most = max(estimated_most, estimated + ?2),
         unpriced = unpriced + ?3, unpriced_most = max(unpriced_most, unpriced + ?3)
       WHERE id = ?4`,
      ...[billed, estimated, unpriced, id],
    );
  }
}

function spendIn(row: Row): EndpointSpend {
  return {
    endpointId: textIn(row, 'endpoint_id'),
    billed: numberIn(row, 'billed_most'),
    estimated: numberIn(row, 'estimated_most'),
    unpricedRequests: numberIn(row, 'unpriced_most'),
  };
}
