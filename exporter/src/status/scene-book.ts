import type { ProbeConfig } from '../config/config.ts';
import type { LockReason } from 'opentelemetry-instrumentation-fal/core';
import type { EventSink } from '../domain/events.ts';
import { nanoFromUsd } from '../domain/money.ts';
import { SCENE_NOW, type SceneRun, type Stage, sceneProbe, setStage } from './scenes.ts';
import type { StatusView } from './view.ts';

const FLUX = sceneProbe('flux-schnell', 'fal-ai/flux/schnell');
const KLING = sceneProbe('kling', 'fal-ai/kling-video/v2.1/master/text-to-video');
const RECRAFT = sceneProbe('recraft', 'fal-ai/recraft/v3/text-to-image');
const WHISPER = sceneProbe('whisper', 'fal-ai/whisper');
const GATE = sceneProbe('queue-gateway');
const MODELS: readonly ProbeConfig[] = [FLUX, KLING, RECRAFT, WHISPER, GATE];
const KLING_LIMIT = { endpoints: [{ id: KLING.endpointId ?? '', latencyLimitSeconds: 300 }] };

/** Usual seconds of each model, with a spread that is the same at every run of the tests. */
function usual(probe: ProbeConfig, minutesAgo: number): SceneRun {
  const spread = 0.75 + (((minutesAgo * 7919 + probe.name.length * 104_729) % 97) / 97) * 0.7;
  const base = { kling: 95, whisper: 6, recraft: 8, 'queue-gateway': 0.18 }[probe.name] ?? 1.9;
  return { seconds: base * spread };
}

const HOSTS = ['queue.fal.run', 'fal.run', 'rest.fal.ai', 'api.fal.ai'];

/** What is seen of the surroundings while all is well. */
interface Surroundings {
  readonly down?: readonly string[];
  /** Dollars that were left at the start of the hour. */
  readonly balance?: number;
}

function tellSurroundings(sink: EventSink, { down = [], balance = 48.2 }: Surroundings = {}): void {
  const at = SCENE_NOW - 15_000;
  for (const host of HOSTS) {
    const up = !down.includes(host);
    const error = {
      type: 'network_error',
      fault: 'network',
      text: 'the connection failed (ECONNREFUSED)',
    } as const;
    sink({
      kind: 'host_checked',
      at,
      probe: GATE.name,
      host,
      up,
      durationSeconds: 0.084,
      error: up ? undefined : error,
    });
  }
  const account = 'default';
  for (const [minutesAgo, spent] of [
    [50, 0],
    [30, 0.3],
    [10, 0.6],
    [1, 0.78],
  ] as const) {
    sink({
      kind: 'balance_observed',
      at: SCENE_NOW - minutesAgo * 60_000,
      account,
      balance: nanoFromUsd(balance - spent),
    });
  }
  sink({ kind: 'account_lock_observed', at: SCENE_NOW - 3_400_000, account, locked: false });
  tellMachinery(sink, at);
}

function tellMachinery(sink: EventSink, at: number): void {
  sink({ kind: 'slots_observed', at, account: 'default', inUse: 2, limit: 10 });
  const remaining = { hour: nanoFromUsd(0.037), day: nanoFromUsd(0.62), month: nanoFromUsd(13.9) };
  sink({ kind: 'budget_observed', at, remaining });
  sink({ kind: 'spend_booked', at, probe: FLUX.name, cost: nanoFromUsd(0.003), source: 'units' });
  sink({
    kind: 'unit_price_observed',
    at,
    endpointId: FLUX.endpointId ?? '',
    unit: 'megapixel',
    price: nanoFromUsd(0.003),
  });
  sink({
    kind: 'unit_price_observed',
    at,
    endpointId: KLING.endpointId ?? '',
    unit: 'second of video',
    price: nanoFromUsd(0.28),
  });
  sink({ kind: 'collector_ran', at, collector: 'balance', ok: true, durationSeconds: 0.21 });
  sink({ kind: 'collector_ran', at, collector: 'prices', ok: true, durationSeconds: 0.34 });
  sink({ kind: 'config_loaded', at: SCENE_NOW - 3_500_000, ok: true, problems: [] });
}

function modelsStage(demo = false): Stage {
  return setStage(MODELS, { demo, config: KLING_LIMIT });
}

function play(
  stage: Stage,
  tell: Parameters<Stage['playHour']>[0],
  down: readonly string[] = [],
): StatusView {
  stage.playHour(tell);
  tellSurroundings(stage.board.sink, { down });
  return stage.board.view();
}

function locked(reason: LockReason): StatusView {
  const stage = modelsStage();
  stage.playHour((probe, ago) => {
    if (ago > 12 || probe === GATE) return usual(probe, ago);
    return ago === 12 ? { error: 'account_locked', text: 'submit: HTTP 403, account_locked' } : undefined;
  });
  tellSurroundings(stage.board.sink, { balance: 0.4 });
  const { sink } = stage.board;
  sink({
    kind: 'account_lock_observed',
    at: SCENE_NOW - 12 * 60_000,
    account: 'default',
    locked: true,
    reason,
  });
  for (const probe of MODELS.slice(0, 4)) {
    for (let ago = 11; ago >= 0; ago -= 1) {
      sink({ kind: 'probe_run_skipped', at: SCENE_NOW - ago * 60_000, probe: probe.name, reason: 'locked' });
    }
  }
  return stage.board.view();
}

const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(2)>&'\u202Etxt\u0000`;

function hostile(): StatusView {
  const probe = { ...sceneProbe(`evil ${HOSTILE}`, `evil${HOSTILE}/model/${'very-'.repeat(30)}long`) };
  const stage = setStage([probe, FLUX], { config: { account: { ...hostileAccount } } });
  stage.playHour((one, ago) =>
    one === probe ? { error: 'downstream_service_error', text: HOSTILE.repeat(3) } : usual(one, ago),
  );
  const { sink } = stage.board;
  const at = SCENE_NOW;
  sink({
    kind: 'host_checked',
    at,
    probe: probe.name,
    host: HOSTILE,
    up: false,
    durationSeconds: 1,
    error: { type: 'network_error', fault: 'network', text: HOSTILE },
  });
  sink({
    kind: 'collector_ran',
    at,
    collector: HOSTILE,
    ok: false,
    durationSeconds: Number.NaN,
    problem: HOSTILE,
  });
  sink({ kind: 'config_loaded', at, ok: false, problems: [HOSTILE, `probes[0].${'x'.repeat(500)}`] });
  sink({ kind: 'unit_price_observed', at, endpointId: probe.endpointId ?? '', unit: HOSTILE, price: 1 });
  sink({ kind: 'spend_booked', at, probe: HOSTILE, cost: 1, source: 'worst_case' });
  return stage.board.view();
}

const hostileAccount = { name: HOSTILE, lowBalance: 0, criticalBalance: 0 };

function twelveEndpoints(): StatusView {
  const names = [
    'flux/schnell',
    'flux/dev',
    'flux-pro/v1.1-ultra',
    'recraft/v3/text-to-image',
    'kling-video/v2.1/master/text-to-video',
    'minimax/hailuo-02/standard/image-to-video',
    'veo3/fast',
    'whisper',
    'esrgan',
    'birefnet/v2',
    'stable-audio',
    'hyper3d/rodin',
  ];
  const probes = names.map((name, index) => sceneProbe(`p${index}`, `fal-ai/${name}`));
  const stage = setStage(probes);
  return play(stage, (probe, ago) => {
    if (probe.name === 'p4' && ago < 9)
      return { error: 'generation_timeout', seconds: 45, text: 'the model took too long' };
    if (probe.name === 'p7' && ago === 3) return { error: 'runner_disconnected' };
    if (probe.name === 'p6') return { seconds: 50 + (ago % 9) * 4 };
    return probe.name === 'p11' ? undefined : usual(probe, ago);
  });
}

function noData(): StatusView {
  const clock = setStage(MODELS).board;
  const view = clock.view();
  return {
    ...view,
    probes: view.probes.map((probe) => ({ ...probe, nextRun: { at: view.at + 20_000, isEstimate: false } })),
  };
}

/** Every situation that the page must tell at a glance. */
export const SCENES: Readonly<Record<string, () => StatusView>> = {
  healthy: () => play(modelsStage(), usual),
  demo: () =>
    play(modelsStage(true), (probe, ago) => {
      if (probe === RECRAFT && ago % 11 === 3) return { error: 'runner_server_error' };
      return probe === FLUX && ago === 20
        ? { error: 'client_timeout', seconds: 45, text: 'not done within 45 s' }
        : usual(probe, ago);
    }),
  'platform-outage': () =>
    play(modelsStage(), (probe, ago) => {
      if (ago >= 12 || probe === GATE) return usual(probe, ago);
      return { error: ago % 4 === 1 ? 'internal_error' : 'runner_scheduling_failure', seconds: 0.6 };
    }),
  'one-model-down': () =>
    play(modelsStage(), (probe, ago) =>
      probe === KLING && ago < 12
        ? {
            error: ago % 3 === 0 ? 'generation_timeout' : 'internal_server_error',
            seconds: 20,
            text: 'result: HTTP 500, the model failed',
          }
        : usual(probe, ago),
    ),
  'account-locked': () => locked('exhausted_balance'),
  'key-rejected': () =>
    play(modelsStage(), (probe, ago) =>
      ago < 6 ? { error: 'unauthorized', text: 'submit: HTTP 401, unauthorized' } : usual(probe, ago),
    ),
  'no-way-to-fal': () =>
    play(
      modelsStage(),
      (probe, ago) =>
        ago < 4
          ? { error: 'network_error', text: 'submit: the connection failed (ENOTFOUND)' }
          : usual(probe, ago),
      HOSTS,
    ),
  'no-data': noData,
  'twelve-endpoints': twelveEndpoints,
  hostile,
  'config-broken': () => {
    const stage = modelsStage();
    const view = play(stage, usual);
    stage.board.sink({
      kind: 'config_loaded',
      at: SCENE_NOW,
      ok: false,
      problems: [
        'probes[1].intervall: unknown key; did you mean interval?',
        'budget.per_day_usd: expected a number ≥ 0, got "lots"',
      ],
    });
    stage.board.sink({
      kind: 'collector_ran',
      at: SCENE_NOW,
      collector: 'prices',
      ok: false,
      durationSeconds: 1,
      problem: 'reading prices from api.fal.ai: HTTP 503',
    });
    return { ...stage.board.view(), startedAt: view.startedAt };
  },
};
