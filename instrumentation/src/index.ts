export { ERROR_TYPES, faultOf, isErrorType, isFailure, outcomeOf } from './errors/error-type.ts';
export type { ErrorType, Fault, Outcome } from './errors/error-type.ts';
export type { Measured, Observation, QueueState, RequestState } from './request/observation.ts';
