export { classifyHttpFailure, classifyThrown } from './errors/classify.ts';
export type { Classification, HttpFailure } from './errors/classify.ts';
export { ERROR_TYPES, faultOf, isErrorType, isFailure, outcomeOf } from './errors/error-type.ts';
export type { ErrorType, Fault, Outcome } from './errors/error-type.ts';
export { lockReasonOf } from './errors/lock-reason.ts';
export type { LockReason } from './errors/lock-reason.ts';
export { attemptStepOf, mayHaveArrived } from './http/attempt.ts';
export type { Attempt, AttemptStep } from './http/attempt.ts';
export { observeFetch } from './http/observe-fetch.ts';
export type { Fetch, ObserveFetchOptions } from './http/observe-fetch.ts';
export * from './metrics/client-metrics.ts';
export { counter, gauge, histogram, linesOf } from './metrics/definition.ts';
export type {
  CounterDefinition,
  GaugeDefinition,
  HistogramDefinition,
  LabelsOf,
  MetricDefinition,
} from './metrics/definition.ts';
export { DURATION_BOUNDS } from './metrics/duration-bounds.ts';
export type { Feeder } from './metrics/feeder.ts';
export { RequestLifeCycle } from './request/life-cycle.ts';
export type { RequestRecord } from './request/life-cycle.ts';
export type { RequestPart } from './request/request-part.ts';
export type { Measured, Observation, QueueState, RequestState } from './request/observation.ts';
