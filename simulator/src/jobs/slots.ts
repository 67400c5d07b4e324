import type { Account } from '../world.ts';

/**
 * Running requests per account. Only IN_PROGRESS jobs and direct calls count.
 *
 * Source: https://fal.ai/docs/documentation/model-apis/concurrency-limits.
 */
export class Slots {
  readonly #taken = new Map<string, number>();

  free(account: Account): number {
    return account.concurrencyLimit - (this.#taken.get(account.name) ?? 0);
  }

  take(account: Account): void {
    this.#taken.set(account.name, (this.#taken.get(account.name) ?? 0) + 1);
  }

  release(account: Account): void {
    this.#taken.set(account.name, (this.#taken.get(account.name) ?? 0) - 1);
  }
}
