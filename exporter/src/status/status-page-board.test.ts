import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StatusPageObserved } from '../domain/events.ts';
import { COMPONENT_STATES, INCIDENT_IMPACTS } from '../domain/status-page.ts';
import { statusPageLine } from './page/status-page-line.ts';
import { renderStatusPage } from './page/page.ts';
import { SCENE_NOW, type Stage, type StageOptions, setStage } from './scenes.ts';
import type { StatusPageView } from './view.ts';

const MINUTE = 60_000;

interface Play extends Stage {
  readonly read: (parts?: Partial<StatusPageObserved>) => void;
  readonly tried: (ok: boolean, problem?: string) => void;
  readonly page: () => StatusPageView | undefined;
  /** The line of the page in plain text. */
  readonly line: () => string | undefined;
}

function play(config: StageOptions['config'] = {}): Play {
  const stage = setStage([], { config });
  const { board, clock } = stage;
  clock.advance(60 * MINUTE);
  const tried = (ok: boolean, problem?: string): void =>
    board.sink({
      ...{ kind: 'collector_ran', at: clock.now(), collector: 'status-page' },
      ...{ ok, durationSeconds: 0.2, problem, intervalMs: MINUTE, calls: 1 },
    });
  return {
    ...stage,
    tried,
    read(parts = {}) {
      const components = [{ name: 'API', state: 'operational' as const }];
      board.sink({
        kind: 'status_page_observed',
        at: clock.now(),
        overall: 'operational',
        components,
        incidents: [],
        ...parts,
      });
      tried(true);
    },
    page: () => board.view().statusPage,
    line: () => statusPageLine(board.view())?.markup.replace(/<[^>]+>/g, ''),
  };
}

describe('what the board knows of the status page', () => {
  it('is nothing before it was asked for, and nothing when it never is', () => {
    expect([play().page(), play().line()]).toEqual([undefined, undefined]);
    const off = play({ statusPage: { enabled: false, url: 'https://status.fal.ai' } });
    off.read();
    expect([off.page(), off.line()]).toEqual([undefined, undefined]);
  });

  it('is all operational on a quiet day', () => {
    const { read, page, line, clock } = play();
    read();
    clock.advance(MINUTE);
    expect(page()).toEqual({
      ...{ host: 'status.fal.ai', at: SCENE_NOW, isStale: false, overall: 'operational' },
      ...{ components: [{ name: 'API', state: 'operational' }], incidents: [], problem: undefined },
    });
    expect(line()).toBe('status.fal.ai says: all operational (1 component), read 1 min ago');
  });

  it('says since when a component is ill, if it was seen to change', () => {
    const { read, page, line, clock } = play();
    const outage = [{ name: 'API', state: 'major_outage' as const }];
    read();
    clock.advance(2 * MINUTE);
    read({ overall: 'issues', components: outage });
    clock.advance(2 * MINUTE);
    read({ overall: 'issues', components: outage });
    expect(page()?.components).toEqual([
      { name: 'API', state: 'major_outage', since: SCENE_NOW + 2 * MINUTE },
    ]);
    const time = new Date(SCENE_NOW + 2 * MINUTE).toISOString().slice(11, 16);
    expect(line()).toBe(`status.fal.ai reports: API – major outage since ${time} UTC, read 0 s ago`);
  });

  it('does not say since when for what was so at the first look', () => {
    const { read, line } = play();
    read({ components: [{ name: 'API', state: 'degraded' }] });
    expect(line()).toBe('status.fal.ai reports: API – degraded, read 0 s ago');
  });

  it('names incidents, three things at most, and issues that the page does not name', () => {
    const { read, line } = play();
    read({ incidents: [{ title: 'Slow queues', impact: 'major' }] });
    expect(line()).toContain('reports: incident: Slow queues (major), read');
    const many = Array.from({ length: 30 }, (_, index) => ({ title: `i${index}`, impact: 'minor' as const }));
    read({ incidents: many });
    expect(line()).toContain('; and 17 more, read');
    read({ overall: 'issues' });
    expect(line()).toContain('reports: issues, without saying where, read');
    read({ overall: 'maintenance', components: undefined });
    expect(line()).toContain('reports: maintenance, without saying where, read');
  });

  it('never says that all is operational when no component was told', () => {
    const { read, line } = play();
    read({ components: undefined });
    expect(line()).toBe('status.fal.ai says: no open incident, read 0 s ago');
  });

  it('is stale and empty three intervals after the last good reading, and tells why', () => {
    const { read, tried, page, line, clock } = play();
    read({ incidents: [{ title: 'Slow queues', impact: 'major' }] });
    clock.advance(3 * MINUTE);
    tried(false, 'GET status.fal.ai/summary.json: HTTP 502');
    expect(page()).toMatchObject({ isStale: false, incidents: [{}], components: [{}] });
    expect(line()).toContain('read 3 min ago; the last try failed');
    clock.advance(1);
    expect(page()).toMatchObject({
      ...{ isStale: true, at: SCENE_NOW, incidents: [], components: [] },
      problem: 'GET status.fal.ai/summary.json: HTTP 502',
    });
    expect(line()).toMatch(/^status\.fal\.ai could not be read since .* UTC: GET .*: HTTP 502$/);
  });

  it('is stale from the start when it was never readable', () => {
    const { tried, page, line } = play();
    tried(false, 'it hangs');
    expect(page()).toMatchObject({ isStale: true, components: [], incidents: [] });
    expect(page()?.at).toBeUndefined();
    expect(line()).toBe('status.fal.ai could not be read so far: it hangs');
  });

  it('ages by the steady clock: a jump of the wall clock makes nothing stale', () => {
    const { read, page, clock } = play();
    read();
    clock.jumpWall(3_600_000);
    expect(page()?.isStale).toBe(false);
  });

  it('survives a reload, and begins anew for another page', () => {
    const { read, page, board, config } = play();
    read();
    board.configure({ ...config, probes: [] });
    expect(page()).toMatchObject({ components: [{}] });
    board.configure({ ...config, statusPage: { enabled: true, url: 'https://status.example.com/fal' } });
    expect(page()).toBeUndefined();
    read();
    expect(page()?.host).toBe('status.example.com');
  });

  it('leaves the collector among the others', () => {
    const { board, read } = play();
    read();
    expect(board.view().collectors).toMatchObject([{ name: 'status-page', ok: true }]);
  });

  it('stands on the page in text, whatever the page calls its components', () => {
    const text = fc.string({ unit: 'binary', maxLength: 64 });
    fc.assert(
      fc.property(
        text,
        fc.constantFrom(...COMPONENT_STATES),
        fc.constantFrom(...INCIDENT_IMPACTS),
        (name, state, impact) => {
          const { read, board } = play();
          read({ components: [{ name, state }], incidents: [{ title: `<b>${name}`, impact }] });
          const markup = renderStatusPage(board.view(), { refresh: true });
          expect(markup).toContain('status.fal.ai reports: ');
          expect(markup).not.toContain('<b>');
        },
      ),
      { numRuns: 50 },
    );
  });
});
