import fc from 'fast-check';
import type { ErrorType } from 'opentelemetry-instrumentation-fal/core';
import { describe, expect, it } from 'vitest';
import { assess } from './assess.ts';
import { healthReport } from './health-report.ts';
import { renderStatusPage } from './page/page.ts';
import { SCENES } from './scene-book.ts';
import { finishedRun, sceneProbe, setStage } from './scenes.ts';
import { verdictInputOf } from './verdict-input.ts';
import type { StatusView } from './view.ts';

const FLUX = sceneProbe('flux', 'fal-ai/flux/schnell');
const KLING = sceneProbe('kling', 'fal-ai/kling-video');
const WHISPER = sceneProbe('whisper', 'fal-ai/whisper');
const GATE = sceneProbe('gate');

function scene(name: string): StatusView {
  const play = SCENES[name];
  if (play === undefined) throw new Error(`no scene ${name}`);
  return play();
}

describe('what the board knows, as witnesses', () => {
  it('leaves out cancelled runs and says how far a job got', () => {
    const { board, clock } = setStage([FLUX]);
    board.sink({ ...finishedRun(FLUX, clock.now()), outcome: 'cancelled' });
    board.sink(finishedRun(FLUX, clock.now()));
    board.sink({ ...finishedRun(FLUX, clock.now(), { error: 'client_timeout' }), queueWait: undefined });
    const [flux] = verdictInputOf(board.view()).endpoints;
    expect(flux?.runs.map(({ kind, reached }) => [kind, reached])).toEqual([
      ['ok', 'runner'],
      ['failure', 'queue'],
    ]);
  });

  it('does not let the old runs of one probe speak beside the fresh ones of another', () => {
    const slow = { ...sceneProbe('rare', FLUX.endpointId), intervalMs: 60_000 };
    const { board, clock } = setStage([FLUX, slow]);
    board.sink(finishedRun(slow, clock.now(), { error: 'internal_error' }));
    clock.advance(10 * 60_000);
    board.sink(finishedRun(FLUX, clock.now()));
    const [flux] = verdictInputOf(board.view()).endpoints;
    expect(flux).toMatchObject({ ageSeconds: 0, intervalSeconds: 60, freshForSeconds: 225 });
    expect(flux?.runs.map(({ kind }) => kind)).toEqual(['ok']);
  });

  it('calls a lock old that nothing has confirmed for longer than any probe may be silent', () => {
    const { board, clock } = setStage([FLUX]);
    const lock = { kind: 'account_lock_observed', account: 'default', locked: true } as const;
    board.sink({ ...lock, at: clock.now() });
    const isFresh = (): boolean | undefined => verdictInputOf(board.view()).account.lock?.isFresh;
    expect(isFresh()).toBe(true);
    clock.advance(226_000);
    expect(isFresh()).toBe(false);
    board.sink({ ...lock, at: clock.now() });
    expect(isFresh()).toBe(true);
    board.sink({ ...lock, at: clock.now(), locked: false });
    expect(isFresh()).toBeUndefined();
  });

  it('calls a look at a host old when no free probe has looked for too long', () => {
    const { board, clock } = setStage([GATE]);
    const host = 'queue.fal.run';
    board.sink({
      kind: 'host_checked',
      at: clock.now(),
      probe: 'gate',
      host,
      up: true,
      durationSeconds: 0.1,
    });
    expect(verdictInputOf(board.view()).hosts[0]?.isStale).toBe(false);
    clock.advance(226_000);
    expect(verdictInputOf(board.view()).hosts[0]?.isStale).toBe(true);
  });

  it('takes open incidents of a fresh status page, and its word that something is wrong', () => {
    const { board, clock } = setStage([FLUX]);
    const observed = { kind: 'status_page_observed', at: clock.now() } as const;
    board.sink({ ...observed, overall: 'issues', incidents: [{ title: 'GPUs', impact: 'major' }] });
    expect(verdictInputOf(board.view()).statusPage).toMatchObject({
      incidents: ['GPUs'],
      isUnreadable: false,
    });
    board.sink({ ...observed, overall: 'issues', incidents: [] });
    expect(verdictInputOf(board.view()).statusPage?.incidents).toHaveLength(1);
    clock.advance(60 * 60_000);
    expect(verdictInputOf(board.view()).statusPage?.incidents).toEqual([]);
  });
});

/** Whom a headline names, if anybody. */
function partyOf(headline: string): 'fal' | 'account' | 'app' | undefined {
  if (headline.startsWith('fal: ')) return 'fal';
  if (/^Your (account|key)/.test(headline)) return 'account';
  return /^Your app|your own network/.test(headline) ? 'app' : undefined;
}

const PARTIES = { model: 'fal', platform: 'fal', account: 'account', app: 'app' } as const;

function expectAgreement(view: StatusView): void {
  const { headline, verdict } = assess(view);
  const named = partyOf(headline.text);
  const accused =
    verdict.verdict === 'ok' || verdict.verdict === 'unknown' ? undefined : PARTIES[verdict.verdict];
  expect(named, `${headline.text} / ${verdict.verdict} (${verdict.cause})`).toBe(accused);
  if (headline.level === 'good') expect(verdict.verdict).toBe('ok');
}

describe('headline and verdict', () => {
  it.each(Object.keys(SCENES))('agree in the scene %s', (name) => {
    expectAgreement(scene(name));
  });

  it('agree whatever the runs were', () => {
    const types: readonly ErrorType[] = [
      ...(['internal_error', 'internal_server_error', 'client_timeout', 'network_error'] as const),
      ...(['unauthorized', 'forbidden', '429', 'validation_error', 'account_locked'] as const),
    ];
    const error = fc.option(fc.constantFrom(...types), { nil: undefined, freq: 2 });
    const step = fc.record({
      error,
      probe: fc.constantFrom(FLUX, KLING, WHISPER, GATE),
      seconds: fc.nat(90),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), fc.boolean(), (steps, isLocked) => {
        const { board, clock } = setStage([FLUX, KLING, WHISPER, GATE]);
        for (const { error: type, probe, seconds } of steps) {
          clock.advance(20_000);
          const run = type === undefined ? { seconds } : { seconds, error: type };
          board.sink(finishedRun(probe, clock.now(), run));
        }
        const at = clock.now();
        if (isLocked) board.sink({ kind: 'account_lock_observed', at, account: 'default', locked: true });
        expectAgreement(board.view());
      }),
      { numRuns: 300 },
    );
  });
});

describe('the verdict for people and programs', () => {
  it('stands in the health report, on the whole and per model', () => {
    const { body } = healthReport(assess(scene('one-model-down')));
    expect(body).toMatchObject({
      verdict: 'model',
      confidence: 0.9,
      verdict_since: '2026-11-21T14:03:40.000Z',
      verdict_endpoint_ids: ['fal-ai/kling-video/v2.1/master/text-to-video'],
    });
    expect(body.verdict_evidence).toContainEqual(expect.stringMatching(/3 other models answer/));
    const endpoints = body.endpoints as Record<string, unknown>[];
    expect(endpoints.map(({ verdict, confidence }) => [verdict, confidence])).toEqual([
      ['ok', 0.95],
      ['model', 0.9],
      ['ok', 0.95],
      ['ok', 0.95],
    ]);
  });

  it('stands on the page below the headline and beside each model that is not well', () => {
    const words = (name: string): string =>
      renderStatusPage(scene(name), { refresh: false })
        .replace(/<[^>]+>/g, ' ')
        .replace(/\s+/g, ' ');
    expect(words('platform-outage').match(/Whose fault: fal’s: its platform/g)).toHaveLength(5);
    expect(words('one-model-down').match(/Whose fault: fal’s: this model \(sure, 0\.90\)/g)).toHaveLength(2);
    expect(words('no-way-to-fal')).toContain('Whose fault: cannot be told');
    expect(words('healthy')).toContain('Verdict: all is well (sure, 0.95)');
    expect(words('demo')).toContain('Verdict: nothing proven against anybody');
  });
});
