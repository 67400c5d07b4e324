import { counter, gauge, histogram } from 'opentelemetry-instrumentation-fal/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { HandClock } from './hand-clock.ts';
import { CollectError, MetricStore } from './store.ts';

const RUNS = counter({
  name: 'runs_total',
  instrument: 'runs',
  unit: '{run}',
  labels: ['probe'],
  help: '',
  fedBy: 'exporter',
});
const UP = gauge({ name: 'up', instrument: 'up', unit: '', labels: ['probe'], help: '', fedBy: 'exporter' });
const TIME = histogram({
  ...{ name: 'time_seconds', instrument: 'time.seconds', unit: 's', help: '', fedBy: 'exporter' },
  labels: ['probe'],
  bounds: [1, 2, 5],
});
const LINES_OF_TIME = 6;
const HOUR = 3_600_000;

let clock: HandClock;
let store: MetricStore;

beforeEach(() => {
  clock = new HandClock();
  store = new MetricStore({ clock, limit: 100, expireAfterMs: HOUR });
});

function valuesOf(name: string): Record<string, number[]> {
  const family = store.collect().families.find((candidate) => candidate.name === name);
  if (family === undefined) return {};
  const { series, values, width } = family;
  return Object.fromEntries(
    series.map(({ labels }, i) => [labels.text, [...values.subarray(i * width, (i + 1) * width)]]),
  );
}

describe('binding', () => {
  it('gives the same series for the same labels', () => {
    store.bind(RUNS, { probe: 'a' }).inc();
    store.bind(RUNS, { probe: 'a' }).inc(2);
    expect(valuesOf('runs_total')).toEqual({ 'probe="a"': [3] });
  });

  it('starts a counter and a histogram at zero and a gauge at no value', () => {
    store.bind(RUNS, { probe: 'a' });
    store.bind(TIME, { probe: 'a' });
    store.bind(UP, { probe: 'a' });
    expect(valuesOf('runs_total')).toEqual({ 'probe="a"': [0] });
    expect(valuesOf('time_seconds')).toEqual({ 'probe="a"': [0, 0, 0, 0, 0] });
    expect(valuesOf('up')).toEqual({ 'probe="a"': [NaN] });
  });

  it('refuses a family under another type or other bounds', () => {
    store.bind(RUNS, { probe: 'a' });
    store.bind(TIME, { probe: 'a' });
    expect(() => store.bind(gauge({ ...UP, name: RUNS.name }), { probe: 'a' })).toThrow(
      /is a counter already/,
    );
    expect(() => store.bind(histogram({ ...TIME, bounds: [1] }), { probe: 'a' })).toThrow(/with bounds 1$/);
  });

  it('refuses bounds that do not ascend', () => {
    expect(() => store.bind(histogram({ ...TIME, bounds: [2, 1] }), { probe: 'a' })).toThrow(/ascending/);
  });
});

describe('writing', () => {
  it('puts a value on a bound into the bucket of that bound', () => {
    const time = store.bind(TIME, { probe: 'a' });
    for (const value of [0, 1, 1.1, 5, 6]) time.observe(value);
    expect(valuesOf('time_seconds')).toEqual({ 'probe="a"': [2, 3, 4, 5, 13.1] });
  });

  it('ignores and counts what is no amount', () => {
    const runs = store.bind(RUNS, { probe: 'a' });
    const time = store.bind(TIME, { probe: 'a' });
    for (const value of [NaN, -1, Infinity, -Infinity]) {
      runs.inc(value);
      runs.raiseTo(value);
      time.observe(value);
    }
    expect(valuesOf('runs_total')).toEqual({ 'probe="a"': [0] });
    expect(valuesOf('time_seconds')).toEqual({ 'probe="a"': [0, 0, 0, 0, 0] });
    expect(store.stats.ignored).toBe(12);
  });

  it('ignores an amount that would carry a sum to infinity', () => {
    const runs = store.bind(RUNS, { probe: 'a' });
    const time = store.bind(TIME, { probe: 'a' });
    for (let i = 0; i < 2; i++) {
      runs.inc(Number.MAX_VALUE);
      time.observe(Number.MAX_VALUE);
    }
    expect(valuesOf('runs_total')).toEqual({ 'probe="a"': [Number.MAX_VALUE] });
    expect(valuesOf('time_seconds')).toEqual({ 'probe="a"': [0, 0, 0, 1, Number.MAX_VALUE] });
    expect(store.stats.ignored).toBe(2);
  });

  it('follows a total kept elsewhere and never lets it fall', () => {
    const runs = store.bind(RUNS, { probe: 'a' });
    runs.raiseTo(5);
    runs.raiseTo(3);
    expect(valuesOf('runs_total')).toEqual({ 'probe="a"': [5] });
  });

  it('takes infinities into a gauge, and NaN as unknown', () => {
    const up = store.bind(UP, { probe: 'a' });
    up.set(-Infinity);
    expect(valuesOf('up')).toEqual({ 'probe="a"': [-Infinity] });
    up.set(NaN);
    expect(valuesOf('up')).toEqual({ 'probe="a"': [NaN] });
    expect(store.stats.ignored).toBe(0);
  });
});

describe('the cap', () => {
  beforeEach(() => store.reconfigure({ limit: LINES_OF_TIME + 1, expireAfterMs: HOUR }));

  it('counts the lines of a histogram and refuses what does not fit', () => {
    store.bind(TIME, { probe: 'a' });
    store.bind(RUNS, { probe: 'a' });
    expect(store.stats).toEqual({ lines: LINES_OF_TIME + 1, refused: 0, ignored: 0 });
    store.bind(RUNS, { probe: 'b' }).inc();
    store.bind(TIME, { probe: 'b' }).observe(1);
    store.bind(UP, { probe: 'b' }).set(1);
    expect(store.stats.refused).toBe(3);
    expect(Object.keys({ ...valuesOf('runs_total'), ...valuesOf('up') })).toEqual(['probe="a"']);
  });

  it('still gives out series that exist', () => {
    store.bind(TIME, { probe: 'a' });
    store.bind(RUNS, { probe: 'a' });
    store.bind(RUNS, { probe: 'a' }).inc();
    expect(valuesOf('runs_total')).toEqual({ 'probe="a"': [1] });
  });

  it('has room again when series are removed', () => {
    store.bind(TIME, { probe: 'a' });
    expect(store.remove((definition) => definition === TIME)).toBe(1);
    store.bind(TIME, { probe: 'b' });
    expect(store.stats).toMatchObject({ lines: LINES_OF_TIME, refused: 0 });
  });

  it('silences for good a handle whose removed series has no room any more', () => {
    const time = store.bind(TIME, { probe: 'a' });
    store.remove(() => true);
    store.bind(TIME, { probe: 'b' });
    time.observe(1);
    time.observe(1);
    expect(store.stats.refused).toBe(1);
    expect(Object.keys(valuesOf('time_seconds'))).toEqual(['probe="b"']);
  });
});

describe('series that go', () => {
  it('are removed by family and labels', () => {
    store.bind(RUNS, { probe: 'a' });
    store.bind(UP, { probe: 'a' }).set(1);
    store.bind(UP, { probe: 'b' }).set(1);
    expect(store.remove((definition, { probe }) => definition.name === 'up' && probe === 'a')).toBe(1);
    expect(valuesOf('up')).toEqual({ 'probe="b"': [1] });
    expect(valuesOf('runs_total')).toEqual({ 'probe="a"': [0] });
  });

  it('come back from zero when somebody writes to them again, for all their handles', () => {
    const first = store.bind(RUNS, { probe: 'a' });
    const second = store.bind(RUNS, { probe: 'a' });
    first.inc(7);
    store.remove(() => true);
    first.inc();
    second.inc();
    expect(valuesOf('runs_total')).toEqual({ 'probe="a"': [2] });
  });

  it('are cleared by the handle that brought them back', () => {
    const up = store.bind(UP, { probe: 'a' });
    store.remove(() => true);
    up.set(1);
    up.clear();
    expect(valuesOf('up')).toEqual({ 'probe="a"': [NaN] });
  });

  it('are not brought back by clearing a gauge', () => {
    const up = store.bind(UP, { probe: 'a' });
    store.remove(() => true);
    up.clear();
    expect(valuesOf('up')).toEqual({});
  });

  it('expire when nobody wrote to them for the expiry time', () => {
    const busy = store.bind(RUNS, { probe: 'busy' }, 'idle');
    store.bind(RUNS, { probe: 'idle' }, 'idle').inc();
    for (let minutes = 0; minutes < 80; minutes += 10) {
      busy.inc();
      store.collect();
      clock.advance(HOUR / 6);
    }
    expect(Object.keys(valuesOf('runs_total'))).toEqual(['probe="busy"']);
    expect(store.stats.lines).toBe(1);
  });

  it('stay when they were bound to be kept, once is enough', () => {
    store.bind(RUNS, { probe: 'a' }, 'idle');
    store.bind(RUNS, { probe: 'a' });
    for (let i = 0; i < 5; i++) {
      clock.advance(HOUR);
      store.collect();
    }
    expect(valuesOf('runs_total')).toEqual({ 'probe="a"': [0] });
  });

  it('stay for one whole expiry time after the last write', () => {
    const runs = store.bind(RUNS, { probe: 'a' }, 'idle');
    clock.advance(HOUR - 1);
    runs.inc();
    store.collect();
    clock.advance(HOUR - 1);
    expect(valuesOf('runs_total')).toEqual({ 'probe="a"': [1] });
    clock.advance(HOUR);
    expect(valuesOf('runs_total')).toEqual({});
  });
});

describe('collecting', () => {
  it('gives a snapshot that later writes, bindings and removals leave alone', () => {
    const runs = store.bind(RUNS, { probe: 'a' });
    runs.inc();
    const [family] = store.collect().families;
    runs.inc();
    store.bind(RUNS, { probe: 'b' });
    store.remove(() => true);
    expect(family?.series.map(({ labels }) => labels.text)).toEqual(['probe="a"']);
    expect(family?.values).toEqual(Float64Array.of(1));
  });

  it('sorts families by name and keeps series in the order of binding', () => {
    store.bind(UP, { probe: 'b' });
    store.bind(UP, { probe: 'a' });
    store.bind(RUNS, { probe: 'a' });
    const { families } = store.collect();
    expect(families.map(({ name }) => name)).toEqual(['runs_total', 'up']);
    expect(families[1]?.series.map(({ labels }) => labels.values.probe)).toEqual(['b', 'a']);
  });

  it('refreshes first, until the refresher is taken away', () => {
    const up = store.bind(UP, { probe: 'a' });
    const stop = store.beforeCollect('test', () => up.set(clock.monotonic()));
    clock.advance(5);
    expect(valuesOf('up')).toEqual({ 'probe="a"': [5] });
    stop();
    clock.advance(5);
    expect(valuesOf('up')).toEqual({ 'probe="a"': [5] });
  });

  it('fails as a whole when a refresher throws, and works again when it does not', () => {
    let isBroken = true;
    store.beforeCollect('moody', () => {
      if (isBroken) throw new Error('out of sorts');
    });
    expect(() => store.collect()).toThrow(CollectError);
    expect(() => store.collect()).toThrow(/refresher "moody" failed \(out of sorts\)/);
    isBroken = false;
    expect(store.collect().families).toEqual([]);
  });

  it('takes no two refreshers of one name', () => {
    store.beforeCollect('one', () => undefined);
    expect(() => store.beforeCollect('one', () => undefined)).toThrow(/registered already/);
  });

  it('remembers when each series began, anew for one that came back', () => {
    const runs = store.bind(RUNS, { probe: 'a' });
    clock.advance(1000);
    expect(store.collect().families[0]?.series[0]?.startedAt).toBe(clock.now() - 1000);
    store.remove(() => true);
    runs.inc();
    expect(store.collect().families[0]?.series[0]?.startedAt).toBe(clock.now());
  });
});
