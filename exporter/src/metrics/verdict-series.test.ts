import { beforeEach, describe, expect, it } from 'vitest';
import { HandClock } from './hand-clock.ts';
import { MetricStore } from './store.ts';
import { shownIn, totalIn } from './test-reading.ts';
import { VerdictSeries } from './verdict-series.ts';

const FLUX = 'fal-ai/flux/dev';
const KLING = 'fal-ai/kling-video';

describe('the series of verdicts', () => {
  let store: MetricStore;
  let series: VerdictSeries;

  beforeEach(() => {
    store = new MetricStore({ clock: new HandClock(), limit: 1000, expireAfterMs: 3_600_000 });
    series = new VerdictSeries(store);
  });

  const shown = (endpointId: string): Record<string, number> =>
    shownIn(store, 'fal_verdict', { endpoint_id: endpointId });
  const current = (endpointId: string): string[] =>
    Object.entries(shown(endpointId)).flatMap(([labels, value]) =>
      value === 1 ? (/verdict="(\w+)"/.exec(labels)?.[1] ?? '') : [],
    );

  it('are six per model, 1 at the current verdict and 0 at the others', () => {
    series.show('team', [{ endpointId: FLUX, verdict: 'ok', confidence: 0.95 }]);
    expect(Object.keys(shown(FLUX))).toHaveLength(6);
    expect(current(FLUX)).toEqual(['ok']);
    series.show('team', [{ endpointId: FLUX, verdict: 'platform', confidence: 0.85 }]);
    expect(current(FLUX)).toEqual(['platform']);
    expect(totalIn(store, 'fal_verdict')).toBe(1);
  });

  it('say how sure the verdict is', () => {
    series.show('team', [{ endpointId: FLUX, verdict: 'unknown', confidence: 0 }]);
    expect(Object.values(shownIn(store, 'fal_verdict_confidence'))).toEqual([0]);
  });

  it('go with their model, and come back with it', () => {
    series.show('team', [
      { endpointId: FLUX, verdict: 'ok', confidence: 0.95 },
      { endpointId: KLING, verdict: 'model', confidence: 0.9 },
    ]);
    series.show('team', [{ endpointId: FLUX, verdict: 'ok', confidence: 0.95 }]);
    expect(shown(KLING)).toEqual({});
    expect(Object.keys(shownIn(store, 'fal_verdict_confidence'))).toHaveLength(1);
    series.show('team', [{ endpointId: KLING, verdict: 'ok', confidence: 0.7 }]);
    expect(current(KLING)).toEqual(['ok']);
    expect(shown(FLUX)).toEqual({});
  });

  it('of another account replace those of the one before', () => {
    series.show('team', [{ endpointId: FLUX, verdict: 'ok', confidence: 0.95 }]);
    series.show('other', [{ endpointId: FLUX, verdict: 'ok', confidence: 0.95 }]);
    expect(Object.keys(shownIn(store, 'fal_verdict', { account: 'team' }))).toEqual([]);
    expect(Object.keys(shownIn(store, 'fal_verdict', { account: 'other' }))).toHaveLength(6);
  });

  it('leave alone what other families say of a model', () => {
    const other = store.bind(
      {
        name: 'fal_other',
        type: 'gauge',
        instrument: 'fal.other',
        unit: '',
        labels: ['endpoint_id'],
        fedBy: 'verdict',
        help: 'Another.',
      },
      { endpoint_id: FLUX },
    );
    other.set(7);
    series.show('team', [{ endpointId: FLUX, verdict: 'ok', confidence: 0.95 }]);
    series.show('team', []);
    expect(Object.values(shownIn(store, 'fal_other'))).toEqual([7]);
  });
});
