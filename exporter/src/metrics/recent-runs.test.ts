import { beforeEach, describe, expect, it } from 'vitest';
import type { ProbeConfig } from '../config/config.ts';
import type { ProbeRunFinished } from '../domain/events.ts';
import { STORY_CONFIG, badRun, goodRun } from '../exposition/golden/story.ts';
import { HandClock } from './hand-clock.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { MetricStore } from './store.ts';
import { shownIn } from './test-reading.ts';

const [FREE, IMAGE] = STORY_CONFIG.probes as [ProbeConfig, ProbeConfig];
const LIMIT_SECONDS = 60;

let clock: HandClock;
let store: MetricStore;
let record: Recorder;

beforeEach(() => {
  clock = new HandClock();
  store = new MetricStore({ clock, ...STORY_CONFIG.series });
  record = createRecorder({ store, clock, config: STORY_CONFIG });
});

/** result → how many of the last runs. */
function recent(probe: ProbeConfig): Record<string, number> {
  const found = shownIn(store, 'fal_probe_recent_runs', { probe: probe.name });
  return Object.fromEntries(
    Object.entries(found).map(([labels, value]) => [/result="(\w+)"/.exec(labels)?.[1] ?? labels, value]),
  );
}

const good = (seconds = 2): ProbeRunFinished => goodRun(IMAGE, clock.now(), seconds);

describe('the recent runs of a probe', () => {
  it('are unknown before the first run', () => {
    expect(recent(IMAGE)).toEqual({});
  });

  it('are counted by result, each run under one', () => {
    for (const run of [
      good(),
      good(LIMIT_SECONDS + 1),
      badRun(good(), 'internal_error'),
      badRun(good(), 'account_locked'),
    ])
      record(run);
    expect(recent(IMAGE)).toEqual({ ok: 1, slow: 1, failure: 1, refused: 1 });
  });

  it('are the last five', () => {
    for (let run = 0; run < 5; run += 1) record(badRun(good(), 'internal_error'));
    for (let run = 0; run < 3; run += 1) record(good());
    expect(recent(IMAGE)).toEqual({ ok: 3, slow: 0, failure: 2, refused: 0 });
  });

  it('leave out a run that our own stop cut short', () => {
    record(good());
    record({ ...good(), outcome: 'cancelled' });
    expect(recent(IMAGE)).toEqual({ ok: 1, slow: 0, failure: 0, refused: 0 });
  });

  it('count an input that fal refuses as refused, and an error without a type as a failure', () => {
    record(badRun(good(), 'validation_error'));
    record({ ...good(), outcome: 'error' });
    expect(recent(IMAGE)).toEqual({ ok: 0, slow: 0, failure: 1, refused: 1 });
  });

  it('follow the latency limit of a new configuration', () => {
    const id = IMAGE.endpointId ?? '';
    record.reconfigure({ ...STORY_CONFIG, endpoints: [{ id, latencyLimitSeconds: 1 }] });
    record(good(2));
    expect(recent(IMAGE)).toEqual({ ok: 0, slow: 1, failure: 0, refused: 0 });
  });

  it('of a free probe are never slow: it runs no model', () => {
    record(goodRun(FREE, clock.now(), 1000));
    expect(recent(FREE)).toEqual({ ok: 1, slow: 0, failure: 0, refused: 0 });
  });
});
