import { tellCases } from '../tell-cases.ts';
import { BALANCE } from './balance.cases.ts';
import { BUDGETS } from './budget.cases.ts';
import { CREDENTIAL_REJECTED } from './credential.cases.ts';
import { LOCK_MISMATCH } from './lock-mismatch.cases.ts';
import { ACCOUNT_LOCKED } from './locked.cases.ts';
import { MODELS } from './models.cases.ts';
import { RUNWAY } from './runway.cases.ts';
import { CONCURRENCY, SLOTS_STUCK } from './slots.cases.ts';
import { SPEND_WITHOUT_SUCCESS } from './spend-without-success.cases.ts';
import { SPIKE } from './spike.cases.ts';
import { VALUE } from './value.cases.ts';
import { WASTE } from './waste.cases.ts';

tellCases('account', [
  ...ACCOUNT_LOCKED,
  ...LOCK_MISMATCH,
  ...CREDENTIAL_REJECTED,
  ...BALANCE,
  ...RUNWAY,
  ...SPIKE,
  ...BUDGETS,
  ...SPEND_WITHOUT_SUCCESS,
  ...WASTE,
  ...VALUE,
  ...CONCURRENCY,
  ...SLOTS_STUCK,
  ...MODELS,
]);
