import type { Scenario } from './scenario.ts';

/** Scenarios of what fal offers, and for what price. */
export const PRICE_LIST_SCENARIOS: readonly Scenario[] = [
  {
    name: 'model-deprecated',
    description: 'One model is deprecated in the catalogue; it works as before.',
    concernsOneModel: true,
    changes: [{ kind: 'endpoint', set: { status: 'deprecated' } }],
  },
  {
    name: 'model-removed',
    description: 'One model is gone from the catalogue and the price list; calls of it answer 404.',
    concernsOneModel: true,
    changes: [{ kind: 'endpoint', set: { status: 'removed' } }],
  },
  {
    name: 'price-raised',
    description: 'The unit price of one model is twice as high for the jobs that come.',
    concernsOneModel: true,
    changes: [{ kind: 'price', factor: 2 }],
  },
  {
    name: 'unit-changed',
    description: 'One model is billed by another unit, the compute second, at the same number per unit.',
    concernsOneModel: true,
    changes: [{ kind: 'endpoint', set: { unit: 'compute seconds' } }],
  },
  {
    name: 'discounted',
    description: 'The account pays 20 % less than the list price.',
    changes: [{ kind: 'account', set: { percentDiscount: 20 } }],
  },
];
