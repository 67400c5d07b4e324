import { ERROR_TABLE, type Step, type WireFault } from 'fal-simulator';
import type { ErrorType, Fault, Outcome } from '../errors/error-type.ts';
import type { ActiveState } from '../request/operation.ts';
import type { ChainEnd, ExpectedEnd } from './cell.ts';
import type { Chain } from './methods.ts';

/** Types that cost the caller the whole wait. */
const TIMEOUTS: ReadonlySet<string> = new Set([
  ...['request_timeout', 'startup_timeout', 'generation_timeout', 'runner_connection_timeout'],
  ...['start_deadline_exceeded', 'client_timeout'],
]);
const CANCELLATIONS: ReadonlySet<string> = new Set(['client_cancelled', 'client_disconnected']);
/** Errors of the simulator that fal gives without a type. */
const UNTYPED: Readonly<Record<string, ErrorType>> = {
  unprocessable: '422',
  rate_limited: '429',
  service_unavailable: '503',
};
/** Types of pydantic, of which the list of ours knows none. */
const PYDANTIC: ReadonlySet<string> = new Set([
  ...['missing', 'string_type', 'int_parsing', 'value_error', 'value_error.missing', 'json_invalid'],
]);

/** What a request is counted as that failed for this reason. */
export function failed(errorType: ErrorType): ExpectedEnd {
  if (CANCELLATIONS.has(errorType)) return { counted: 'cancelled' };
  return { counted: TIMEOUTS.has(errorType) ? 'timeout' : 'error', errorType };
}

/** How a request is counted; undefined when it is not. */
export function outcomeIn(expected: ExpectedEnd): Outcome | undefined {
  return typeof expected === 'object' && 'counted' in expected ? expected.counted : undefined;
}

/** What a type of the simulator's error table is called in the metrics. */
export function labelOf(simulated: string): ErrorType {
  const untyped = UNTYPED[simulated];
  if (untyped !== undefined) return untyped;
  return PYDANTIC.has(simulated) ? 'validation_error' : (simulated as ErrorType);
}

/** Whose fault a type is, as the contract says it. */
export function faultOfContract(errorType: string): Fault {
  if (['network_error'].includes(errorType)) return 'network';
  if (['invalid_json', 'unexpected_content_type', 'client_timeout', '_OTHER'].includes(errorType))
    return 'unknown';
  if (
    ['unauthorized', 'forbidden', 'account_locked', 'concurrent_requests_limit', '429'].includes(errorType)
  ) {
    return 'account';
  }
  const ofModel = ['generation_timeout', 'internal_server_error', 'no_media_generated'];
  if (ofModel.includes(errorType) || errorType.startsWith('downstream_')) return 'model';
  const ofPlatform = ['request_timeout', 'startup_timeout', 'internal_error', 'ingress_error'];
  const isOfPlatform = ofPlatform.includes(errorType) || /^(runner_|5\d\d$)/.test(errorType);
  return isOfPlatform ? 'platform' : 'app';
}

/** A chain that went well; one that cancels is counted as cancelled. */
export function good({ steps }: Chain): ExpectedEnd {
  return { counted: steps.includes('cancel') ? 'cancelled' : 'ok' };
}

/** The end of a chain under an error that fal gives. */
export function underError(chain: Chain, simulated: string): (end: ChainEnd) => ExpectedEnd {
  return (end) => {
    if (end === 'resolved') return good(chain);
    // The job had ended before it was cancelled, and no call of the app looked at it.
    if (chain.steps.includes('cancel') && ERROR_TABLE[simulated]?.moment.at !== 'gateway') return 'unknown';
    return failed(labelOf(simulated));
  };
}

/** Where a request stands for us while this exchange hangs. */
const STANDING: Readonly<Partial<Record<Step, ActiveState>>> = {
  status: 'queued',
  'status-stream': 'queued',
  cancel: 'queued',
  result: 'fetching',
};

/** What breaks a call that meets the fault in the exchange that it needs. */
const BREAKS: Readonly<Partial<Record<WireFault, ErrorType>>> = {
  reset: 'network_error',
  'reset-after': 'network_error',
  'truncated-body': 'network_error',
  'malformed-json': 'invalid_json',
  'null-body': 'invalid_json',
  'empty-body': 'invalid_json',
  'invalid-event': 'invalid_json',
  'wrong-content-type': 'unexpected_content_type',
  'ingress-html-502': 'ingress_error',
  'ingress-html-503': 'ingress_error',
  'ingress-html-504': 'ingress_error',
};

/** The end of a chain whose exchanges for `step` are broken on their way. */
export function underWireFault(chain: Chain, fault: WireFault, step: Step): (end: ChainEnd) => ExpectedEnd {
  return (end) => {
    if (end === 'resolved') return good(chain);
    if (end === 'pending') return { hangs: STANDING[step] ?? 'submitting' };
    // A cancel that failed says nothing of the job.
    if (step === 'cancel') return 'unknown';
    return endOfRejected(chain, fault, step);
  };
}

function endOfRejected(chain: Chain, fault: WireFault, step: Step): ExpectedEnd {
  const isEarlyEnd = fault === 'early-end' || fault === 'empty-body' || fault === 'null-body';
  if (step === 'status-stream' && isEarlyEnd) {
    // A stream that ended before the job did: the app was refused a result that it may ask for again.
    if (!chain.isAttached) return 'unknown';
    return failed(fault === 'null-body' ? 'invalid_json' : 'network_error');
  }
  // A token that is garbled is a token that fal refuses.
  if (step === 'token' && fault === 'wrong-content-type') return failed('unauthorized');
  // The client makes an address of what is no announcement.
  if (step === 'upload' && fault === 'wrong-content-type') return failed('invalid_json');
  const errorType = BREAKS[fault];
  if (errorType === undefined) throw new Error(`${chain.name} was not to fail by ${fault} on ${step}`);
  return failed(errorType);
}
