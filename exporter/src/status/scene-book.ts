import type { ProbeConfig } from '../config/config.ts';
import type { LockReason } from 'opentelemetry-instrumentation-fal/core';
import type { CollectorName } from '../domain/collector-name.ts';
import type { EventSink } from '../domain/events.ts';
import { nanoFromUsd } from '../domain/money.ts';
import {
  FLUX_ID,
  KLING_ID,
  SCENE_HOSTS,
  SCENE_PRICE_CHANGES,
  SCENE_STUCK,
  collectorRan,
  tellMoney,
  tellSurroundings,
} from './scene-surroundings.ts';
import { SCENE_NOW, type SceneRun, type Stage, sceneConfig, sceneProbe, setStage } from './scenes.ts';
import type { StatusView } from './view.ts';

const FLUX = sceneProbe('flux-schnell', FLUX_ID);
const KLING = sceneProbe('kling', KLING_ID);
const RECRAFT = sceneProbe('recraft', 'fal-ai/recraft/v3/text-to-image');
const WHISPER = sceneProbe('whisper', 'fal-ai/whisper');
const GATE = sceneProbe('queue-gateway');
const MODELS: readonly ProbeConfig[] = [FLUX, KLING, RECRAFT, WHISPER, GATE];
const DAY = 86_400_000;
const KLING_LIMIT = { endpoints: [{ id: KLING.endpointId ?? '', latencyLimitSeconds: 300 }] };

/** Usual seconds of each model, with a spread that is the same at every run of the tests. */
function usual(probe: ProbeConfig, minutesAgo: number): SceneRun {
  const spread = 0.75 + (((minutesAgo * 7919 + probe.name.length * 104_729) % 97) / 97) * 0.7;
  const base = { kling: 95, whisper: 6, recraft: 8, 'queue-gateway': 0.18 }[probe.name] ?? 1.9;
  return { seconds: base * spread };
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

function locked(reason: LockReason, balance: number): StatusView {
  const stage = modelsStage();
  stage.playHour((probe, ago) => {
    if (ago > 12 || probe === GATE) return usual(probe, ago);
    return ago === 12 ? { error: 'account_locked', text: 'submit: HTTP 403, account_locked' } : undefined;
  });
  const { sink } = stage.board;
  tellSurroundings(sink, { balance });
  for (let ago = 12; ago >= 0; ago -= 1) {
    const at = SCENE_NOW - ago * 60_000;
    const requestId = `5b1f02d4-6a0e-4c55-9e0b-${String(at % 1e12).padStart(12, '0')}`;
    sink({ kind: 'account_lock_observed', at, account: 'default', locked: true, reason, requestId });
    if (ago === 12) continue;
    for (const probe of MODELS.slice(0, 4))
      sink({ kind: 'probe_run_skipped', at, probe: probe.name, reason: 'locked' });
  }
  return stage.board.view();
}

/** Everything about money and models that somebody should look at. */
function moneyTrouble(): StatusView {
  const account = {
    ...sceneConfig([]).account,
    hourlyBudget: nanoFromUsd(5),
    monthlyBudget: nanoFromUsd(500),
    grants: [
      { name: 'startup-credits', expiresAt: SCENE_NOW + 5 * DAY, amount: nanoFromUsd(250) },
      { name: 'hackathon', expiresAt: SCENE_NOW - 2 * DAY },
      { name: 'far away', expiresAt: SCENE_NOW + 200 * DAY },
    ],
  };
  const stage = setStage(MODELS, { config: { ...KLING_LIMIT, account } });
  stage.playHour(usual);
  const { sink } = stage.board;
  tellSurroundings(sink);
  tellMoney(sink, { balance: 17.2, perHour: 7.4, month: 513.08, drift: 1.12 });
  const at = SCENE_NOW - 15_000;
  sink({ kind: 'price_changes_observed', at, changes: SCENE_PRICE_CHANGES });
  sink({ kind: 'request_history_observed', at, account: 'default', endpoints: SCENE_STUCK });
  sink({ kind: 'model_status_observed', at, endpointId: KLING_ID, status: 'deprecated' });
  sink({ kind: 'model_status_observed', at, endpointId: WHISPER.endpointId ?? '', status: 'missing' });
  return stage.board.view();
}

function withoutAdminKey(): StatusView {
  const stage = setStage(MODELS, { config: KLING_LIMIT, hasAdminKey: false });
  stage.playHour(usual);
  tellSurroundings(stage.board.sink, { hasMoney: false });
  return stage.board.view();
}

const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(2)>&'\u202Etxt\u0000`;

function hostile(isLocked = false): StatusView {
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
  sink({ ...collectorRan(HOSTILE as CollectorName, HOSTILE), durationSeconds: Number.NaN });
  tellHostileMoney(sink, probe.endpointId ?? '');
  if (isLocked) lockHostile(sink);
  sink({ kind: 'config_loaded', at, ok: false, problems: [HOSTILE, `probes[0].${'x'.repeat(500)}`] });
  sink({ kind: 'unit_price_observed', at, endpointId: probe.endpointId ?? '', unit: HOSTILE, price: 1 });
  sink({ kind: 'spend_booked', at, probe: HOSTILE, cost: 1, source: 'worst_case' });
  return stage.board.view();
}

function tellHostileMoney(sink: EventSink, endpointId: string): void {
  const [at, account] = [SCENE_NOW, HOSTILE];
  const stuck = { endpointId, running: 1, stuck: 1, oldestSeconds: Number.NaN, stuckIds: [HOSTILE] };
  sink({ kind: 'request_history_observed', at, account, endpoints: [stuck] });
  const price = { unit: HOSTILE, price: 1 };
  const change = { endpointId, move: 'unit', from: price, to: price, seenAt: at } as const;
  sink({ kind: 'price_changes_observed', at, changes: [change] });
  sink({ kind: 'model_status_observed', at, endpointId, status: 'missing' });
  const spend = { endpointId: HOSTILE, billed: 1, estimated: 1, unpricedRequests: 0 };
  sink({ kind: 'spend_observed', at, account, endpoints: [spend] });
}

function lockHostile(sink: EventSink): void {
  const [at, account] = [SCENE_NOW, HOSTILE];
  sink({ kind: 'account_lock_observed', at, account, locked: true, requestId: HOSTILE });
  sink({ kind: 'balance_observed', at, account, balance: 1e9 });
}

const hostileAccount = {
  ...{ name: HOSTILE, lowBalance: 0, criticalBalance: 0 },
  grants: [{ name: HOSTILE, expiresAt: SCENE_NOW + 60_000 }],
};

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
  'account-locked': () => locked('exhausted_balance', 0.4),
  'locked-with-money': () => locked('top_up', 48.2),
  'money-trouble': moneyTrouble,
  'no-admin-key': withoutAdminKey,
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
      SCENE_HOSTS,
    ),
  'no-data': noData,
  'twelve-endpoints': twelveEndpoints,
  hostile,
  'hostile-locked': () => hostile(true),
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
    stage.board.sink(collectorRan('pricing', 'GET /models/pricing: 503'));
    return { ...stage.board.view(), startedAt: view.startedAt };
  },
};
