import fc from 'fast-check';
import { VirtualClock, createSimulator } from 'fal-simulator';
import { describe, expect, it } from 'vitest';
import { COMPONENT_STATES, INCIDENT_IMPACTS } from '../../domain/status-page.ts';
import { readFeed } from './feed.ts';
import { readComponents, readSummary } from './json.ts';
import { NOW, feed, item } from './test-feed.ts';

const HOUR = 3_600_000;

/** What the simulator serves on a quiet day after an incident that is over. */
async function quietDocuments(): Promise<{ summary: string; components: string; feed: string; now: number }> {
  const clock = new VirtualClock();
  const simulator = createSimulator({ clock, seed: 9, scenario: 'status-page-incident' });
  const page = async (path: string): Promise<string> =>
    (await simulator.fetch(`https://status.fal.ai${path}`)).text();
  await page('/feed/');
  await clock.advance(HOUR);
  simulator.applyScenario('healthy');
  const [first, second, third] = [
    await page('/summary.json'),
    await page('/v2/components.json'),
    await page('/feed/'),
  ];
  return { summary: first, components: second, feed: third, now: clock.now() };
}

interface Damage {
  readonly kind: 'cut' | 'drop' | 'swap' | 'insert';
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

const damage: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom('cut', 'drop', 'swap', 'insert'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  // A hole that swallows a whole update leaves a feed that nobody can tell from one without it.
  length: fc.integer({ min: 1, max: 12 }),
  text: fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom(
      '<',
      '>',
      '"',
      '{',
      '}',
      '[',
      ']',
      '&lt;',
      '<![CDATA[',
      ']]>',
      '</item>',
      '\u0000',
      'null',
    ),
  ),
});

function damaged(body: string, { kind, at, length, text }: Damage): string {
  const index = Math.floor(at * body.length);
  if (kind === 'cut') return body.slice(0, index);
  if (kind === 'insert') return body.slice(0, index) + text + body.slice(index);
  const rest = body.slice(index + length);
  return body.slice(0, index) + (kind === 'swap' ? text : '') + rest;
}

describe('damaged documents', () => {
  it('never make a reader throw, and never make an incident of a quiet page', async () => {
    const { now, ...quiet } = await quietDocuments();
    expect(readFeed(quiet.feed, now)).toEqual({ incidents: [] });
    expect(quiet.feed).toContain('Elevated error rates');
    fc.assert(
      fc.property(damage, (one) => {
        expect(readSummary(damaged(quiet.summary, one), now)?.incidents ?? []).toEqual([]);
        expect(readFeed(damaged(quiet.feed, one), now)?.incidents ?? []).toEqual([]);
        const known = new Set(['Model API', 'Serverless API', 'Serverless Dashboard']);
        for (const { name, state } of readComponents(damaged(quiet.components, one)) ?? []) {
          expect(COMPONENT_STATES).toContain(state);
          if (known.has(name)) expect(['operational', 'unknown']).toContain(state);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('stay within the closed lists and the limits, however often they are hurt', () => {
    const open = feed(item(['Investigating']), item(['Investigating', 'Resolved']));
    const json = JSON.stringify({
      page: { status: 'HASISSUES' },
      activeIncidents: [{ name: 'Errors', impact: 'MAJOROUTAGE', started: '2026-10-01T11:00:00Z' }],
      components: [{ name: 'API', status: 'PARTIALOUTAGE' }],
    });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 6 }), (all) => {
        for (const reading of [
          readFeed(all.reduce(damaged, open), NOW),
          readSummary(all.reduce(damaged, json), NOW),
        ]) {
          for (const { title, impact, since } of reading?.incidents ?? []) {
            expect(title).toMatch(/^[^\p{Cc}]{1,200}$/u);
            expect(INCIDENT_IMPACTS).toContain(impact);
            if (since !== undefined) expect(since).toBeLessThanOrEqual(NOW + HOUR);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('may be any JSON at all', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (body) => {
        expect(readSummary(body, NOW)?.incidents ?? []).toEqual([]);
        readComponents(body);
      }),
    );
  });
});
