import type { ErrorType } from 'opentelemetry-instrumentation-fal/core';
import { describe, expect, it } from 'vitest';
import { assess } from './assess.ts';
import { healthReport } from './health-report.ts';
import type { Health } from './health.ts';
import { nearestId } from './nearest-id.ts';
import { SCENES } from './scene-book.ts';
import { type SceneRun, finishedRun, sceneProbe, setStage } from './scenes.ts';
import type { StatusView } from './view.ts';

const FLUX = sceneProbe('flux', 'fal-ai/flux/schnell');
const GOOD: SceneRun = {};
const bad = (error: ErrorType): SceneRun => ({ error });

/** The health of one model after these runs, a minute apart. */
function healthAfter(runs: readonly SceneRun[]): Health {
  const { board, clock } = setStage([FLUX]);
  for (const run of runs) {
    clock.advance(60_000);
    board.sink(finishedRun(FLUX, clock.now(), run));
  }
  const health = assess(board.view()).endpoints[0]?.health;
  if (health === undefined) throw new Error('the endpoint is missing');
  return health;
}

function scene(name: string): StatusView {
  const play = SCENES[name];
  if (play === undefined) throw new Error(`no scene ${name}`);
  return play();
}

describe('the health of a model', () => {
  const platform = bad('runner_disconnected');

  it.each<[string, SceneRun[], Pick<Health, 'status' | 'kind'>, RegExp]>([
    ['good runs', [GOOD, GOOD], { status: 'healthy', kind: 'well' }, /last 2 runs were good/],
    [
      'two failures in a row',
      [GOOD, GOOD, GOOD, platform, platform],
      { status: 'unhealthy', kind: 'failing' },
      /2 of the last 5 runs failed/,
    ],
    [
      'half of the last five',
      [platform, GOOD, platform, GOOD, platform],
      { status: 'unhealthy', kind: 'failing' },
      /3 of the last 5/,
    ],
    [
      'one failure among five',
      [GOOD, platform, GOOD, GOOD, GOOD],
      { status: 'degraded', kind: 'shaky' },
      /1 of the last 5/,
    ],
    [
      'one failure and nothing else',
      [platform],
      { status: 'degraded', kind: 'shaky' },
      /1 of the last 1 run/,
    ],
    [
      'a rejected key',
      [GOOD, bad('unauthorized')],
      { status: 'unknown', kind: 'key_rejected' },
      /rejects your key/,
    ],
    ['a forbidden model', [bad('forbidden')], { status: 'unknown', kind: 'forbidden' }, /may not call/],
    ['a limit of the account', [bad('429')], { status: 'degraded', kind: 'limited' }, /held back/],
    [
      'a refused prompt',
      [GOOD, bad('content_policy_violation')],
      { status: 'unknown', kind: 'input_refused' },
      /your probe’s input.*probe flux/,
    ],
    [
      'an invalid input',
      [bad('validation_error')],
      { status: 'unknown', kind: 'input_refused' },
      /your probe’s input/,
    ],
  ])('after %s', (_name, runs, expected, reason) => {
    const health = healthAfter(runs);
    expect(health).toMatchObject(expected);
    expect(health.reason).toMatch(reason);
  });

  it('names the most frequent error', () => {
    expect(
      healthAfter([bad('internal_error'), bad('generation_timeout'), bad('generation_timeout')]).errorType,
    ).toBe('generation_timeout');
  });

  it('is unhealthy by the account, not by the model, while the account is locked', () => {
    const { board, clock } = setStage([FLUX]);
    board.sink(finishedRun(FLUX, clock.now()));
    board.sink({
      kind: 'account_lock_observed',
      at: clock.now(),
      account: 'default',
      locked: true,
      reason: 'exhausted_balance',
    });
    const [judged] = assess(board.view()).endpoints;
    expect(judged?.health).toMatchObject({ status: 'unhealthy', kind: 'locked' });
    expect(judged?.verdict).toMatchObject({ verdict: 'account', cause: 'locked', confidence: 0.95 });
    expect(judged?.health.reason).toMatch(/exhausted balance.*nothing is known against the model/);
  });

  it('is unknown with a reason while there is no data', () => {
    const { board, clock } = setStage([FLUX]);
    const reason = (): string | undefined => assess(board.view()).endpoints[0]?.health.reason;
    expect(reason()).toBe('no data yet: probe flux runs every 1 min');
    board.sink({ kind: 'probe_run_started', at: clock.now(), probe: 'flux' });
    expect(reason()).toMatch(/the first run is under way/);
    board.sink({ kind: 'probe_run_skipped', at: clock.now(), probe: 'flux', reason: 'budget' });
    expect(reason()).toMatch(/probe budget is used up/);
  });

  it('is degraded when its data is old, and says why nothing ran', () => {
    const { board, clock } = setStage([FLUX]);
    board.sink(finishedRun(FLUX, clock.now()));
    clock.advance(20 * 60_000);
    board.sink({ kind: 'probe_run_skipped', at: clock.now(), probe: 'flux', reason: 'slots' });
    const health = assess(board.view()).endpoints[0]?.health;
    expect(health).toMatchObject({ status: 'degraded', kind: 'stale' });
    expect(health?.reason).toMatch(/no run of probe flux for 20 min.*last free slot/);
  });

  it('is degraded when P95 is above the limit of this model, and not at the limit', () => {
    const runs = (seconds: number): SceneRun[] => Array.from({ length: 5 }, () => ({ seconds }));
    expect(healthAfter(runs(60)).kind).toBe('well');
    const slow = healthAfter(runs(61));
    expect(slow).toMatchObject({ status: 'degraded', kind: 'slow' });
    expect(slow.reason).toMatch(/P95 over the last 5 min is 1 min 1 s, above the limit of 1 min \(5 runs\)/);
  });
});

describe('the headline', () => {
  it.each([
    ['healthy', 'good', /^All good: 4 models answering$/],
    ['platform-outage', 'broken', /^fal: every model failing since 14:03 UTC \(11 min\)$/],
    ['one-model-down', 'broken', /^fal: kling-video\/v2\.1\/master\/text-to-video failing since 14:03 UTC/],
    ['account-locked', 'broken', /^Your account is locked: exhausted balance, since 14:03 UTC \(12 min\)$/],
    [
      'locked-with-money',
      'broken',
      /^Your account is locked with \$48\.20 on it: a top-up is due, since 14:03/,
    ],
    ['money-trouble', 'warning', /^Your balance of \$17\.20 lasts 2 h 19 min at the present rate$/],
    ['no-admin-key', 'good', /^All good: 4 models answering$/],
    ['key-rejected', 'broken', /^Your key is rejected since 14:09 UTC/],
    ['no-way-to-fal', 'broken', /^No way from here to fal since 14:11 UTC/],
    ['no-data', 'unknown', /^No data yet: first probe in 20 s$/],
    ['demo', 'warning', /^recraft\/v3\/text-to-image answering again after failures since/],
    ['twelve-endpoints', 'broken', /^fal: kling-video.* timing out since/],
    ['hostile', 'broken', /^fal: .*failing since/],
    ['config-broken', 'good', /^All good/],
  ])('of the scene %s is %s', (name, level, text) => {
    const { headline } = assess(scene(name));
    expect(headline.level).toBe(level);
    expect(headline.text).toMatch(text);
  });

  it('always says what to do next when something is wrong', () => {
    for (const [name, play] of Object.entries(SCENES)) {
      const { headline } = assess(play());
      if (headline.level !== 'good') expect(headline.next, name).toBeDefined();
    }
  });

  it('does not blame the network while one model answers', () => {
    const other = sceneProbe('other', 'fal-ai/whisper');
    const { board, clock } = setStage([FLUX, other]);
    for (let i = 0; i < 3; i += 1) {
      clock.advance(60_000);
      board.sink(finishedRun(FLUX, clock.now(), bad('network_error')));
      board.sink(finishedRun(other, clock.now()));
    }
    expect(assess(board.view()).headline.text).toMatch(/^fal: flux\/schnell failing/);
  });

  it('does not pretend to tell model and platform apart when only one model is probed', () => {
    const { board, clock } = setStage([FLUX]);
    for (let i = 0; i < 3; i += 1) board.sink(finishedRun(FLUX, clock.now(), bad('internal_error')));
    const { headline } = assess(board.view());
    expect(headline.text).toMatch(/^fal: flux\/schnell failing/);
    expect(headline.evidence).toMatch(/only model probed/);
  });

  it('keeps lesser matters as notes below', () => {
    expect(assess(scene('config-broken')).notes).toEqual([
      'The configuration file is refused (2 problems); the old one stays in force.',
      'Collectors failing: pricing.',
    ]);
    expect(assess(scene('account-locked')).notes.join()).toMatch(/below your critical mark/);
  });

  it('is not good when a free probe fails and no model is probed', () => {
    const gate = sceneProbe('gate');
    const { board, clock } = setStage([gate]);
    board.sink(finishedRun(gate, clock.now(), bad('internal_error')));
    expect(assess(board.view()).headline).toMatchObject({ level: 'warning' });
  });
});

describe('the health report', () => {
  it('is as bad as the worst model', () => {
    expect(healthReport(assess(scene('healthy')))).toMatchObject({
      httpStatus: 200,
      body: { status: 'healthy' },
    });
    expect(healthReport(assess(scene('one-model-down')))).toMatchObject({
      httpStatus: 503,
      body: { status: 'unhealthy' },
    });
    expect(healthReport(assess(scene('demo')))).toMatchObject({
      httpStatus: 200,
      body: { status: 'degraded', demo: true },
    });
    expect(healthReport(assess(scene('no-data')))).toMatchObject({
      httpStatus: 200,
      body: { status: 'unknown' },
    });
    expect(healthReport(assess(scene('account-locked')))).toMatchObject({
      httpStatus: 503,
      body: { status: 'unhealthy' },
    });
    expect(healthReport(assess(scene('key-rejected')))).toMatchObject({
      httpStatus: 200,
      body: { status: 'unknown' },
    });
  });

  it('tells for one model when, why, how fast, and what the last runs were', () => {
    const report = healthReport(
      assess(scene('one-model-down')),
      'fal-ai/kling-video/v2.1/master/text-to-video',
    );
    expect(report.httpStatus).toBe(503);
    expect(report.body).toMatchObject({
      status: 'unhealthy',
      verdict: 'model',
      confidence: 0.9,
      since: '2026-11-21T14:03:40.000Z',
      last_run_at: '2026-11-21T14:14:40.000Z',
      last_run_age_seconds: 20,
      latency_limit_seconds: 300,
      demo: false,
    });
    const runs = report.body.last_runs as { outcome: string; error_type: string }[];
    expect(runs).toHaveLength(5);
    expect(runs[0]).toMatchObject({ outcome: 'timeout', error_type: 'generation_timeout' });
  });

  it('answers 404 with the known ids and the nearest one', () => {
    const report = healthReport(assess(scene('healthy')), 'flux/schnel');
    expect(report.httpStatus).toBe(404);
    expect(report.body).toMatchObject({ nearest: 'fal-ai/flux/schnell' });
    expect(report.body.known_endpoint_ids).toHaveLength(4);
    expect(report.body.error).toMatch(/Did you mean fal-ai\/flux\/schnell\?/);
  });

  it('suggests nothing that is far away', () => {
    expect(nearestId('x'.repeat(5000), ['fal-ai/flux'])).toBeUndefined();
    expect(nearestId('', [])).toBeUndefined();
    expect(nearestId('fal-ai/wisper', ['fal-ai/flux', 'fal-ai/whisper'])).toBe('fal-ai/whisper');
  });
});
