export type { SimulatedWebSocket, WebSocketClass } from './adapters/web-socket.ts';
export { webSocketThrough } from './adapters/web-socket-through.ts';
export { realClock } from './clock.ts';
export type { Clock } from './clock.ts';
export { createSimulator } from './create-simulator.ts';
export { DEFAULT_ACCOUNT, FAKE_ADMIN_KEY, FAKE_API_KEY, defaultWorld } from './default-world.ts';
export type { EndpointLoad, Engine, FailureOrder, Switches } from './engine.ts';
export { ERROR_TABLE } from './errors/error-table.ts';
export type { ErrorTraits } from './errors/error-table.ts';
export { HOSTS } from './hosts.ts';
export type { Host } from './hosts.ts';
export { trueInferenceMs, trueQueueWaitMs } from './ledger.ts';
export type {
  Connection,
  Exchange,
  Job,
  JobMode,
  JobRun,
  JobWebhook,
  Ledger,
  WebhookAttempt,
} from './ledger.ts';
export type { LedgerLimits } from './ledger-book.ts';
export { SCENARIOS, SCENARIO_NAMES } from './scenarios/catalogue.ts';
export type { BillingEventFaults } from './platform/billing-faults.ts';
export type { Scenario } from './scenarios/scenario.ts';
export type { Simulator, SimulatorOptions, SimulatorServer } from './simulator.ts';
export type { WebhookOptions } from './webhooks/schedule.ts';
export { VIRTUAL_START_MS, VirtualClock } from './virtual-clock.ts';
export { WIRE_FAULTS } from './wire/wire-rule.ts';
export type { Step, WireFault, WireRule } from './wire/wire-rule.ts';
export type { Account, ApiKey, DurationModel, Endpoint, LockReason, World } from './world.ts';
