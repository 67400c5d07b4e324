import { errorBody, errorHeaders } from '../errors/error-reply.ts';
import { traitsOf } from '../errors/error-table.ts';
import { billOf } from './billing.ts';
import type { JobAnswer, LiveJob } from './live-job.ts';
import { outputOf } from './output.ts';

/** How a job ended. */
export interface Ending {
  readonly outcome: 'ok' | 'error' | 'cancelled';
  /** Absent for `ok`. */
  readonly errorType?: string | undefined;
  /** The caller's own start deadline ran out. */
  readonly isUserDeadline?: boolean | undefined;
  /** Billed although nobody got a result. */
  readonly isBilledAnyway?: boolean | undefined;
}

/** Writes the end of a job into its record, charges its account and keeps the answer for the result fetch. */
export function complete(job: LiveJob, ending: Ending, now: number, seed: number): void {
  const { record, order } = job;
  const bill = billOf(job, ending.errorType, ending.isBilledAnyway);
  record.completedAt = now;
  record.outcome = ending.outcome;
  record.errorType = ending.errorType;
  record.httpStatus = ending.errorType === undefined ? 200 : traitsOf(ending.errorType).status;
  record.billableUnits = bill.units;
  record.chargedNano = bill.chargedNano;
  record.percentDiscount = order.account.percentDiscount;
  order.account.balanceNano -= bill.chargedNano ?? 0;
  job.state = 'COMPLETED';
  job.answer =
    ending.errorType === undefined ? goodAnswer(job, seed) : badAnswer(job, ending.errorType, ending);
}

function goodAnswer(job: LiveJob, seed: number): JobAnswer {
  const run = job.record.runs.at(-1);
  const inferenceMs = run?.endedAt === undefined ? 0 : run.endedAt - run.startedAt;
  return {
    status: 200,
    body: JSON.stringify(outputOf(job, job.order.seed ?? seed, inferenceMs)),
    headers: { ...servedFrom(job), 'x-fal-billable-units': String(job.record.billableUnits ?? 0) },
  };
}

function badAnswer(job: LiveJob, errorType: string, ending: Ending): JobAnswer {
  const traits = traitsOf(errorType);
  const units = String(job.record.billableUnits ?? 0);
  return {
    status: traits.status,
    body: JSON.stringify(errorBody(errorType, job.order.inputError?.field)),
    headers: {
      ...servedFrom(job),
      ...errorHeaders(errorType),
      ...(traits.billed === 'none' ? {} : { 'x-fal-billable-units': units }),
      ...(ending.isUserDeadline === true ? { 'x-fal-request-timeout-type': 'user' } : {}),
    },
    error: { text: traits.text, type: errorType },
  };
}

function servedFrom(job: LiveJob): Record<string, string> {
  const runner = job.record.runs.at(-1)?.runnerId;
  return runner === undefined ? {} : { 'x-fal-served-from': runner };
}
