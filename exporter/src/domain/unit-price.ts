import type { NanoUsd } from './money.ts';

/** What fal lists for one unit of a model, before discounts. */
export interface UnitPrice {
  /** As fal writes it, such as `megapixels`. */
  readonly unit: string;
  readonly price: NanoUsd;
}
