import { describe, expect, it } from 'vitest';
import { createStatusBoard } from './board.ts';
import { KEPT_RUNS } from './run-history.ts';
import { finishedRun, sceneConfig, sceneProbe, setStage, stageClock } from './scenes.ts';

const FLUX = sceneProbe('flux', 'fal-ai/flux/schnell');
const FLUX_QUEUE = { ...sceneProbe('flux-queue', 'fal-ai/flux/schnell'), tier: 'queue' as const };
const GATE = sceneProbe('gate');

describe('the board', () => {
  it('shows nothing as known before anything happened', () => {
    const view = setStage([FLUX, GATE]).board.view();
    expect(view.endpoints[0]).toMatchObject({ id: 'fal-ai/flux/schnell', latencyLimitSeconds: 60, runs: [] });
    expect(view.endpoints[0]?.condition).toBeUndefined();
    expect(view.account.lock).toBeUndefined();
    expect(view.account.balance).toBeUndefined();
    expect(view.account.budget.every(({ remaining }) => remaining === undefined)).toBe(true);
    expect(view.probes[0]?.nextRun).toBeUndefined();
  });

  it('keeps the last sixty runs of a probe and of its endpoint, oldest first', () => {
    const { board, clock } = setStage([FLUX]);
    for (let index = 0; index < 200; index += 1) {
      clock.advance(1000);
      board.sink(finishedRun(FLUX, clock.now(), { seconds: index }));
    }
    const view = board.view();
    expect(view.probes[0]?.runs).toHaveLength(KEPT_RUNS);
    expect(view.endpoints[0]?.runs.at(-1)?.durationSeconds).toBe(199);
    expect(view.recentRuns.map((run) => run.durationSeconds)).toEqual([
      199, 198, 197, 196, 195, 194, 193, 192, 191, 190,
    ]);
  });

  it('takes latency from probes that run the model, and failures from all', () => {
    const { board, clock } = setStage([FLUX, FLUX_QUEUE]);
    board.sink(finishedRun(FLUX, clock.now(), { seconds: 3 }));
    board.sink(finishedRun(FLUX_QUEUE, clock.now(), { seconds: 0.2 }));
    board.sink(finishedRun(FLUX_QUEUE, clock.now(), { error: 'internal_error' }));
    const window = board.view().endpoints[0]?.windows['5m'];
    expect(window).toMatchObject({
      finished: 3,
      failures: 1,
      completed: 1,
      quantiles: { p50: 3, p95: 3, p99: 3 },
    });
  });

  it('leaves fast failures out of the latency and keeps time-outs in', () => {
    const { board, clock } = setStage([FLUX]);
    board.sink(finishedRun(FLUX, clock.now(), { error: 'internal_error', seconds: 0.1 }));
    board.sink(finishedRun(FLUX, clock.now(), { error: 'client_timeout', seconds: 45 }));
    expect(board.view().endpoints[0]?.windows['5m'].quantiles).toEqual({ p50: 45, p95: 45, p99: 45 });
  });

  it('is not disturbed by a step of the wall clock', () => {
    for (const step of [3_600_000, -3_600_000]) {
      const { board, clock } = setStage([FLUX]);
      board.sink(finishedRun(FLUX, clock.now(), { seconds: 2 }));
      clock.jumpWall(step);
      clock.advance(60_000);
      const view = board.view();
      expect(view.endpoints[0]?.windows['5m'].finished).toBe(1);
      expect(view.probes[0]).toMatchObject({ dataAgeSeconds: 60, isStale: false });
    }
  });

  it('takes runs from before a restart for as old as they are', () => {
    const { board, clock } = setStage([FLUX]);
    board.sink(finishedRun(FLUX, clock.now() - 1_800_000, { seconds: 2 }));
    const view = board.view();
    expect(view.endpoints[0]?.windows['5m'].finished).toBe(0);
    expect(view.endpoints[0]?.windows['1h'].finished).toBe(1);
  });

  it('knows when data is older than three intervals and the time-out', () => {
    const { board, clock } = setStage([FLUX]);
    board.sink(finishedRun(FLUX, clock.now()));
    clock.advance(3 * 60_000 + 45_000);
    expect(board.view().probes[0]?.isStale).toBe(false);
    clock.advance(1);
    expect(board.view().probes[0]?.isStale).toBe(true);
  });

  it('says what runs now and when the next run is due', () => {
    const { board, clock } = setStage([FLUX]);
    board.sink({ kind: 'probe_run_started', at: clock.now(), probe: 'flux' });
    expect(board.view().probes[0]).toMatchObject({ runningSince: clock.now(), nextRun: undefined });
    clock.advance(10_000);
    board.sink(finishedRun(FLUX, clock.now()));
    expect(board.view().probes[0]?.nextRun).toEqual({ at: clock.now() + 50_000, isEstimate: true });
    const clock2 = stageClock();
    const told = createStatusBoard({
      clock: clock2,
      config: sceneConfig([FLUX]),
      demo: false,
      version: '1',
      nextRunAt: () => 42,
    });
    expect(told.view().probes[0]?.nextRun).toEqual({ at: 42, isEstimate: false });
  });

  it('counts skipped runs until one takes place', () => {
    const { board, clock } = setStage([FLUX]);
    board.sink({ kind: 'probe_run_skipped', at: 1, probe: 'flux', reason: 'budget' });
    board.sink({ kind: 'probe_run_skipped', at: 2, probe: 'flux', reason: 'slots' });
    expect(board.view().probes[0]?.skipped).toEqual({ at: 2, reason: 'slots', count: 2 });
    board.sink(finishedRun(FLUX, clock.now()));
    expect(board.view().probes[0]?.skipped).toBeUndefined();
  });

  it('remembers when a lock began, through repeated sightings, and when it ended', () => {
    const { board } = setStage([FLUX]);
    const lock = (at: number, locked: boolean): void =>
      board.sink({ kind: 'account_lock_observed', at, account: 'default', locked, reason: 'top_up' });
    lock(10, true);
    lock(20, true);
    expect(board.view().account.lock).toMatchObject({ locked: true, reason: 'top_up', since: 10, at: 20 });
    lock(30, false);
    expect(board.view().account.lock).toMatchObject({ locked: false, reason: undefined, since: 30, at: 30 });
  });

  it('knows a rejected key by 401 and forgets it at the first good run, not at a network error', () => {
    const { board, clock } = setStage([FLUX]);
    board.sink(finishedRun(FLUX, clock.now(), { error: 'unauthorized' }));
    board.sink(finishedRun(FLUX, clock.now() + 1, { error: 'network_error' }));
    expect(board.view().account.keyRejectedSince).toBe(clock.now());
    board.sink(finishedRun(FLUX, clock.now() + 2));
    expect(board.view().account.keyRejectedSince).toBeUndefined();
  });

  it('speaks of the configured account only', () => {
    const { board } = setStage([FLUX]);
    board.sink({ kind: 'balance_observed', at: 1, account: 'other', balance: 5 });
    board.sink({ kind: 'account_lock_observed', at: 1, account: 'other', locked: true });
    expect(board.view().account).toMatchObject({ balance: undefined, lock: undefined });
  });

  it('keeps the past of probes that stay through a new configuration, and drops the others', () => {
    const { board, clock } = setStage([FLUX, GATE]);
    board.sink(finishedRun(FLUX, clock.now()));
    const limit = { id: 'fal-ai/flux/schnell', latencyLimitSeconds: 10 };
    board.configure(sceneConfig([FLUX], { endpoints: [limit] }));
    board.sink(finishedRun(GATE, clock.now()));
    const view = board.view();
    expect(view.probes.map(({ name }) => name)).toEqual(['flux']);
    expect(view.endpoints[0]).toMatchObject({ latencyLimitSeconds: 10 });
    expect(view.endpoints[0]?.runs).toHaveLength(1);
  });
});
