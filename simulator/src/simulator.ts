import type { WebSocketClass } from './adapters/web-socket.ts';
import type { Clock } from './clock.ts';
import type { Engine } from './engine.ts';
import type { Ledger } from './ledger.ts';
import type { LedgerLimits } from './ledger-book.ts';
import type { WebhookOptions } from './webhooks/schedule.ts';
import type { World } from './world.ts';

export interface SimulatorOptions {
  /** Real by default. */
  readonly clock?: Clock | undefined;
  /** Same seed, same clock, same requests: same answers. */
  readonly seed?: number | undefined;
  readonly scenario?: string | undefined;
  readonly world?: World | undefined;
  /** Delay until a finished job shows in usage, billing events, analytics and request history. */
  readonly indexingLagMs?: number | undefined;
  /** How long a result can be fetched after the job ended. */
  readonly resultTtlMs?: number | undefined;
  /** Who carries webhooks out, and when; fal's schedule and the global `fetch` by default. */
  readonly webhooks?: WebhookOptions | undefined;
  /** How much of the past is kept. */
  readonly ledgerLimits?: Partial<LedgerLimits> | undefined;
  /** Told about defects of the simulator itself; a process warning by default. */
  readonly onDefect?: ((error: unknown) => void) | undefined;
}

export interface Simulator {
  readonly clock: Clock;
  readonly world: World;
  readonly ledger: Ledger;
  /** Faults on order, top-ups, revocations, load. */
  readonly engine: Engine;
  /** Answers a request to a real fal URL, without any port: hand it to `createFalClient({ fetch })`. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** A `WebSocket` that reaches the simulated realtime API without any port: put it in place of the global one. */
  readonly WebSocket: WebSocketClass;
  /** Serves every fal host on one port: by path prefix (`/queue.fal.run/…`), by `x-fal-target-url`, or by Host header. */
  listen(options?: { readonly host?: string; readonly port?: number }): Promise<SimulatorServer>;
  /** Switches a named scenario on; with `endpointId` where the scenario concerns one model. */
  applyScenario(name: string, options?: { readonly endpointId?: string }): void;
  readonly scenario: string;
  /** Cancels every timer; nothing fires afterwards. */
  close(): void;
}

export interface SimulatorServer {
  /** Base URL without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}
