import { beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../config/config.ts';
import { testCollectors } from '../config/test-config.ts';
import type { CollectorName } from '../domain/collector-name.ts';
import type { StatusPageObserved } from '../domain/events.ts';
import type { ComponentState } from '../domain/status-page.ts';
import { STORY_CONFIG } from '../exposition/golden/story.ts';
import { HandClock } from './hand-clock.ts';
import { type Recorder, createRecorder } from './recorder.ts';
import { MetricStore } from './store.ts';
import { shownIn } from './test-reading.ts';

const INTERVAL = 60_000;
const CONFIG: Config = { ...STORY_CONFIG, collectors: testCollectors({ intervalMs: INTERVAL }) };

let clock: HandClock;
let store: MetricStore;
let record: Recorder;

beforeEach(() => {
  clock = new HandClock();
  store = new MetricStore({ clock, ...CONFIG.series });
  record = createRecorder({ store, clock, config: CONFIG });
});

const up = (): number | undefined => shownIn(store, 'fal_status_page_up')[''];
const incidents = (): Record<string, number> => shownIn(store, 'fal_status_incident');

/** The state of each component that stands at 1, after checking that its other states stand at 0. */
function states(): Record<string, string> {
  const found: Record<string, string> = {};
  const all = Object.entries(shownIn(store, 'fal_status_component'));
  for (const [labels, value] of all) {
    const [, component = '', state = ''] = /component="(.*)",state="(.*)"/.exec(labels) ?? [];
    if (value === 1) found[component] = state;
  }
  const ones = all.filter(([, value]) => value === 1).length;
  expect([all.length, ones]).toEqual([Object.keys(found).length * 6, Object.keys(found).length]);
  return found;
}

function read(parts: Partial<StatusPageObserved> & { states?: Record<string, ComponentState> } = {}): void {
  const { states: told = { API: 'operational' }, ...rest } = parts;
  const components = Object.entries(told).map(([name, state]) => ({ name, state }));
  record({ kind: 'status_page_observed', at: clock.now(), components, incidents: [], ...rest });
  tried(true);
}

function tried(ok: boolean, collector: CollectorName = 'status-page'): void {
  const ran = { at: clock.now(), durationSeconds: 0.1, intervalMs: INTERVAL, calls: 1 };
  record({ kind: 'collector_ran', collector, ok, ...ran });
}

describe('the series of the status page', () => {
  it('are absent until it was read', () => {
    tried(false, 'balance');
    expect([up(), incidents(), states()]).toEqual([undefined, {}, {}]);
  });

  it('show each component in one of the six states, and incidents by impact', () => {
    read({
      states: { API: 'major_outage', Queue: 'unknown' },
      incidents: [
        { title: 'a', impact: 'critical' },
        { title: 'b', impact: 'critical' },
      ],
    });
    expect(up()).toBe(1);
    expect(states()).toEqual({ API: 'major_outage', Queue: 'unknown' });
    expect(incidents()).toEqual({
      'impact="none"': 0,
      'impact="minor"': 0,
      'impact="major"': 0,
      'impact="critical"': 2,
    });
    read();
    expect(incidents()['impact="critical"']).toBe(0);
  });

  it('lose a component that the page no longer lists', () => {
    read({ states: { Website: 'major_outage', API: 'operational' } });
    read({ states: { API: 'operational', 'Model API': 'degraded' } });
    expect(states()).toEqual({ API: 'operational', 'Model API': 'degraded' });
  });

  it('keep the last words for three intervals when the page cannot be read, and are absent then', () => {
    read({ states: { API: 'operational' } });
    clock.advance(3 * INTERVAL);
    tried(false);
    expect([up(), states()]).toEqual([0, { API: 'operational' }]);
    expect(Object.keys(incidents())).toHaveLength(4);
    clock.advance(1);
    expect([up(), states(), incidents()]).toEqual([0, {}, {}]);
    read();
    expect([up(), states()]).toEqual([1, { API: 'operational' }]);
    expect(Object.keys(incidents())).toHaveLength(4);
  });

  it('keep the last known components when a reading tells of incidents only, but not for ever', () => {
    read({ states: { API: 'degraded' } });
    for (let count = 0; count < 3; count += 1) {
      clock.advance(INTERVAL);
      read({ components: undefined, incidents: [{ title: 'a', impact: 'minor' }] });
      expect(states()).toEqual({ API: 'degraded' });
    }
    clock.advance(INTERVAL);
    read({ components: undefined });
    expect([states(), incidents()['impact="minor"'], up()]).toEqual([{}, 0, 1]);
  });

  it('go when reading is switched off, and stay away', () => {
    read();
    record.reconfigure({ ...CONFIG, statusPage: { ...CONFIG.statusPage, enabled: false } });
    expect([up(), states(), incidents()]).toEqual([undefined, {}, {}]);
    read();
    expect([up(), states(), incidents()]).toEqual([undefined, {}, {}]);
    record.reconfigure(CONFIG);
    read();
    expect([up(), states()]).toEqual([1, { API: 'operational' }]);
  });

  it('go when another page is read, and stay when anything else changes', () => {
    read();
    record.reconfigure({ ...CONFIG, probes: [] });
    expect(states()).toEqual({ API: 'operational' });
    record.reconfigure({ ...CONFIG, statusPage: { enabled: true, url: 'https://status.example.com' } });
    expect([up(), states(), incidents()]).toEqual([undefined, {}, {}]);
  });
});
