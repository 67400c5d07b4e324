import { tellCases } from '../tell-cases.ts';
import { BALANCE } from './balance.cases.ts';
import { CREDENTIAL_REJECTED } from './credential.cases.ts';
import { LOCK_MISMATCH } from './lock-mismatch.cases.ts';
import { ACCOUNT_LOCKED } from './locked.cases.ts';
import { RUNWAY } from './runway.cases.ts';
import { CONCURRENCY, SLOTS_STUCK } from './slots.cases.ts';
import { SPEND_WITHOUT_SUCCESS } from './spend-without-success.cases.ts';
import { SPEND } from './spend.cases.ts';

tellCases('account', [
  ...ACCOUNT_LOCKED,
  ...LOCK_MISMATCH,
  ...CREDENTIAL_REJECTED,
  ...BALANCE,
  ...RUNWAY,
  ...SPEND,
  ...SPEND_WITHOUT_SUCCESS,
  ...CONCURRENCY,
  ...SLOTS_STUCK,
]);
