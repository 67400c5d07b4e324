import { createFalClient, fal as singleton } from '@fal-ai/client';
import type { FalClient } from '@fal-ai/client';
import type { MeterProvider, TracerProvider } from '@opentelemetry/api';
import {
  FAKE_API_KEY,
  type Simulator,
  type SimulatorOptions,
  type World,
  createSimulator,
  defaultWorld,
  realClock,
} from 'fal-simulator';
import { vi } from 'vitest';
import { wrapFactory } from '../client/instrument-client.ts';
import { patchModule, unpatchModule } from '../client/patch-module.ts';
import { useTelemetry } from '../default-telemetry.ts';
import { instrumentFal } from '../instrument-fal.ts';
import { FalTelemetry } from '../telemetry.ts';
import type { FalTelemetryConfig } from '../types.ts';
import { Caller } from './caller.ts';
import { beginTime, comeToRest } from './passing-time.ts';
import { Recorder } from './recorded.ts';

export const IMAGE_MODEL = 'fal-ai/flux/dev';
/** It works on after a cancel. */
export const VIDEO_MODEL = 'fal-ai/kling-video/v2/standard/text-to-video';

/** Every way to have a client instrumented. */
export const ROADS = ['createFalClient', 'instrumentFal', 'module'] as const;
export type Road = (typeof ROADS)[number] | 'bare';

/** The app under test, the client that it uses, and the fal that it talks to. */
export interface Stage {
  readonly simulator: Simulator;
  readonly fal: FalClient;
  readonly caller: Caller;
}

/** A stage with the telemetry that watches it. */
export interface ObservedStage extends Stage {
  readonly telemetry: FalTelemetry;
  readonly recorder: Recorder;
  /** What the telemetry complained of. */
  readonly logged: readonly string[];
}

export interface StageOptions extends SimulatorOptions {
  readonly config?: FalTelemetryConfig | undefined;
}

/** Prices as they are in the simulated world, in dollars per unit. */
export const PRICES = { [IMAGE_MODEL]: 0.02, [VIDEO_MODEL]: 0.05 };

/**
 * A world without chance, quick enough that ten attempts of the platform fit into minutes: two seconds of
 * inference, ten of cold start, two requests of others ahead.
 */
export function steadyWorld(): World {
  const world = defaultWorld();
  for (const endpoint of world.endpoints.values()) {
    Object.assign(endpoint, {
      foreignQueue: 2,
      foreignServiceMs: 700,
      coldStart: { medianMs: 3000, sigma: 0 },
      inference: { medianMs: endpoint.id === VIDEO_MODEL ? 8000 : 2000, sigma: 0 },
      startupTimeoutMs: 4000,
      processingLimitMs: 10_000,
    });
  }
  return world;
}

/** Opens a world without telemetry. Close it before the next one is opened: they share the globals. */
export function openBare(options: StageOptions = {}): Stage {
  const { simulator, caller } = openWorld(options);
  return { simulator, caller, fal: createFalClient(clientConfig(simulator)) };
}

/** Opens a world of which the telemetry knows by the given road. */
export async function openObserved(
  road: Exclude<Road, 'bare'>,
  options: StageOptions = {},
): Promise<ObservedStage> {
  const { simulator, caller } = openWorld(options);
  const recorder = new Recorder();
  const logged: string[] = [];
  const telemetry = watch(recorder, { config: options.config, logged });
  const fal = instrumented(road, telemetry, simulator);
  await comeToRest();
  return { simulator, caller, recorder, telemetry, fal, logged };
}

/** What a telemetry writes into. */
export interface Providers {
  readonly meterProvider: MeterProvider;
  readonly tracerProvider: TracerProvider;
}

/** A telemetry that writes into the recorder, as an app's own process has one. */
export function watch(
  recorder: Providers,
  options: { readonly config?: FalTelemetryConfig | undefined; readonly logged?: string[] } = {},
): FalTelemetry {
  const { config = { prices: PRICES }, logged = [] } = options;
  const note = (message: string): void => void logged.push(message);
  return new FalTelemetry(config, {
    meterProvider: () => recorder.meterProvider,
    tracerProvider: () => recorder.tracerProvider,
    env: {},
    log: { error: note, warn: note, info: note, debug: noop, verbose: noop },
  });
}

function noop(): void {
  // Of no interest.
}

/** A client that one telemetry watches. */
export function instrumented(
  road: Exclude<Road, 'bare'>,
  telemetry: FalTelemetry,
  simulator: Simulator,
): FalClient {
  const config = clientConfig(simulator);
  if (road === 'createFalClient') {
    const create = wrapFactory(telemetry, createFalClient);
    return create(config as never) as FalClient;
  }
  if (road === 'instrumentFal') {
    useTelemetry(telemetry);
    return instrumentFal(createFalClient(config));
  }
  patchModule(telemetry, MODULE);
  singleton.config(config);
  return singleton;
}

/** What `require` hands over, as far as the instrumentation looks at it. */
const MODULE = { createFalClient, fal: singleton };

/**
 * Takes the world down. What still hangs in it hangs for ever: to break it off would wake a client that reads this
 * world's clock and chance no more but those of the next one.
 */
export function close(): void {
  vi.clearAllTimers();
  useTelemetry(undefined);
  unpatchModule(MODULE);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
}

function openWorld({ config: _, ...options }: StageOptions): Pick<Stage, 'simulator' | 'caller'> {
  beginTime();
  // The client spreads its pauses by chance; in both worlds by the same one.
  vi.spyOn(Math, 'random').mockImplementation(sameChance());
  vi.spyOn(console, 'warn').mockReturnValue();
  const simulator = createSimulator({
    clock: realClock,
    world: steadyWorld(),
    onDefect: rethrowLater,
    ...options,
  });
  vi.stubGlobal('WebSocket', simulator.WebSocket);
  return { simulator, caller: new Caller() };
}

function clientConfig(simulator: Simulator): NonNullable<Parameters<typeof createFalClient>[0]> {
  return { credentials: FAKE_API_KEY, fetch: simulator.fetch };
}

/** Numbers that look random and are always the same. */
function sameChance(): () => number {
  let state = 1;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** A defect of the simulator must fail the test that met it, not hide behind a 500. */
function rethrowLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
