import { type ErrorType, faultOf, outcomeOf } from 'opentelemetry-instrumentation-fal/core';
import { perCollector } from '../config/collectors.ts';
import type { Config, ProbeConfig } from '../config/config.ts';
import type { Clock } from '../domain/clock.ts';
import type { ProbeRunFinished } from '../domain/events.ts';
import { nanoFromUsd } from '../domain/money.ts';
import { createStatusBoard, type StatusBoard } from './board.ts';

/** Saturday, 21 November 2026, 14:15 UTC: the moment at which every scene is looked at. */
export const SCENE_NOW = Date.UTC(2026, 10, 21, 14, 15);
const MINUTE = 60_000;

/** Time that stands still until it is moved. Wall and monotonic clock move together unless told otherwise. */
export interface StageClock extends Clock {
  advance(ms: number): void;
  /** The wall clock alone jumps, as after a correction by NTP. */
  jumpWall(ms: number): void;
}

export function stageClock(start = SCENE_NOW): StageClock {
  let passed = 0;
  let wallOffset = start;
  return {
    now: () => wallOffset + passed,
    monotonic: () => 1_000_000 + passed,
    after: () => {
      throw new Error('nothing on this stage waits');
    },
    advance: (ms) => {
      passed += ms;
    },
    jumpWall: (ms) => {
      wallOffset += ms;
    },
  };
}

export function sceneProbe(name: string, endpointId?: string): ProbeConfig {
  const tier = endpointId === undefined ? 'free' : 'inference';
  return { name, tier, endpointId, intervalMs: MINUTE, timeoutMs: 45_000, input: {} };
}

export function sceneConfig(probes: readonly ProbeConfig[], overrides: Partial<Config> = {}): Config {
  return {
    account: {
      name: 'default',
      concurrencyLimit: 10,
      lowBalance: nanoFromUsd(20),
      criticalBalance: nanoFromUsd(5),
      grants: [],
    },
    endpoints: [],
    probes,
    budget: {
      perHour: nanoFromUsd(0.1),
      perDay: nanoFromUsd(1),
      perMonth: nanoFromUsd(20),
      worstCaseRun: nanoFromUsd(0.5),
    },
    collectors: perCollector(() => ({ enabled: true, intervalMs: MINUTE, callsPerHour: 120 })),
    statusPage: { enabled: true, url: 'https://status.fal.ai' },
    listen: { host: '127.0.0.1', port: 10464 },
    stateDir: '/var/lib/fal-exporter',
    series: { limit: 50_000, expireAfterMs: 3_600_000 },
    ...overrides,
  };
}

export interface SceneRun {
  readonly seconds?: number;
  readonly error?: ErrorType;
  readonly text?: string;
  readonly tier?: ProbeRunFinished['tier'];
}

/** A finished run as a probe would tell it. */
export function finishedRun(probe: ProbeConfig, at: number, run: SceneRun = {}): ProbeRunFinished {
  const told = {
    kind: 'probe_run_finished' as const,
    at,
    probe: probe.name,
    tier: run.tier ?? probe.tier,
    endpointId: probe.endpointId,
    platformRetries: 0,
    requestId: `764cabcf-b745-4b3e-ae38-${String(at % 1e12).padStart(12, '0')}`,
  };
  return run.error === undefined ? { ...told, ...goodEnd(run) } : { ...told, ...badEnd(run.error, run) };
}

type RunEnd = Omit<ProbeRunFinished, 'kind' | 'at' | 'probe' | 'tier' | 'platformRetries'>;

function goodEnd({ seconds = 2.4 }: SceneRun): RunEnd {
  return {
    outcome: 'ok',
    durationSeconds: seconds,
    queueWait: { seconds: seconds * 0.2, certainty: 'inferred', boundSeconds: 0.5 },
    inference: { seconds: seconds * 0.7, certainty: 'exact' },
    attempts: 6,
    lastQueuePosition: 2,
    steps: [
      { seconds: 0.1, text: 'submitted to queue.fal.run' },
      { seconds: seconds * 0.3, text: 'first seen running' },
      { seconds, text: 'the result is good' },
    ],
  };
}

function badEnd(type: ErrorType, { seconds = 0.4, text = `submit: HTTP 503, ${type}` }: SceneRun): RunEnd {
  return {
    outcome: outcomeOf(type),
    error: { type, fault: faultOf(type), text },
    durationSeconds: seconds,
    attempts: 1,
    steps: [
      { seconds: 0.1, text: 'submitted to queue.fal.run' },
      { seconds, text },
    ],
  };
}

export interface Stage {
  readonly clock: StageClock;
  readonly board: StatusBoard;
  readonly config: Config;
  /** Plays one run per probe and minute over the last hour; `tell` says how each went. */
  playHour(tell: (probe: ProbeConfig, minutesAgo: number) => SceneRun | undefined): void;
}

export interface StageOptions {
  readonly config?: Partial<Config>;
  readonly demo?: boolean;
  readonly hasAdminKey?: boolean;
}

export function setStage(probes: readonly ProbeConfig[], options: StageOptions = {}): Stage {
  const clock = stageClock(SCENE_NOW - 60 * MINUTE);
  const config = sceneConfig(probes, options.config);
  const { demo = false, hasAdminKey = true } = options;
  const board = createStatusBoard({
    ...{ clock, config, demo, version: '0.1.0' },
    hasAdminKey: () => hasAdminKey,
  });
  return {
    clock,
    board,
    config,
    playHour(tell) {
      for (let minutesAgo = 59; minutesAgo >= 0; minutesAgo -= 1) {
        clock.advance(MINUTE);
        const at = clock.now() - 20_000;
        for (const probe of probes) {
          const run = tell(probe, minutesAgo);
          if (run === undefined) continue;
          board.sink({ kind: 'probe_run_started', at: at - 3000, probe: probe.name });
          board.sink(finishedRun(probe, at, run));
        }
      }
    },
  };
}
