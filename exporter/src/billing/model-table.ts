import type { EndpointSpend } from '../domain/events.ts';
import type { NanoUsd } from '../domain/money.ts';
import { type Row, type StateDatabase, numberIn, optionalNumberIn, textIn } from '../state/state-database.ts';

/** What is added to the sums of a model; below 0 after a correction. */
export interface SpendChange {
  /** See HourCount. */
  readonly base: NanoUsd;
  readonly excess: NanoUsd;
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
              billed, billed_most, excess, estimated, estimated_most, unpriced, unpriced_most)
       VALUES (?, ?, 0, 0, 0, 0, 0, 0, 0)`,
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

  /** Billed is what the events say, and what usage says beyond all of them together. */
  add(id: number, { base, excess, estimated, unpriced }: SpendChange): void {
    if (base === 0 && excess === 0 && estimated === 0 && unpriced === 0) return;
    const billed = 'billed - max(excess, 0) + ?1 + max(excess + ?2, 0)';
    this.#database.run(
      `UPDATE billing_model SET
         billed = ${billed}, billed_most = max(billed_most, ${billed}), excess = excess + ?2,
         estimated = estimated + ?3, estimated_most = max(estimated_most, estimated + ?3),
         unpriced = unpriced + ?4, unpriced_most = max(unpriced_most, unpriced + ?4)
       WHERE id = ?5`,
      ...[base, excess, estimated, unpriced, id],
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
