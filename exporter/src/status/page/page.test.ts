import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCENES } from '../scene-book.ts';
import { finishedRun, sceneProbe, setStage } from '../scenes.ts';
import { html, unknown } from './html.ts';
import { pagePolicy, renderStatusPage } from './page.ts';

function page(name: string, refresh = true): string {
  const play = SCENES[name];
  if (play === undefined) throw new Error(`no scene ${name}`);
  return renderStatusPage(play(), { refresh });
}

/** The text of a page, as a reader meets it. */
function wordsOf(markup: string): string {
  return markup
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
}

/** Fails when tags do not nest, which is what an unescaped quote or angle would cause. */
function expectNested(markup: string): void {
  const open: string[] = [];
  for (const [, slash, tag = '', end] of markup.matchAll(
    /<(\/?)([a-z][a-z0-9]*)(?:\s+[a-z0-9:-]+(?:="[^"]*")?)*\s*(\/?)>/gi,
  )) {
    if (slash === '/') expect(open.pop()).toBe(tag.toLowerCase());
    else if (end !== '/') open.push(tag.toLowerCase());
  }
  expect(open).toEqual([]);
}

describe('the page', () => {
  it.each(Object.keys(SCENES))('of the scene %s is well formed and without scripts', (name) => {
    const markup = page(name);
    expectNested(markup);
    expect(markup).toMatch(/^<!doctype html>/i);
    const bare = markup.replace(/"[^"]*"/g, '""').replace(/>[^<]*</g, '><');
    expect(bare).not.toMatch(/<script|\son\w+=|\sstyle=/i);
    expect(markup).not.toMatch(/(?:href|src)="(?!\/|data:image)/);
    expect(wordsOf(markup)).not.toMatch(/NaN|undefined|\[object|Infinity/);
    expect(markup.match(/<h1/g)).toHaveLength(1);
  });

  it('lets hostile names and messages through as text only', () => {
    const markup = page('hostile');
    expect(markup).not.toContain('<script>');
    expect(markup).not.toContain('<img');
    expect(markup).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(markup).not.toContain('\u202E');
    expect(markup).not.toContain('\u0000');
  });

  it('nests for any names and messages at all', () => {
    const nasty = fc.string({
      unit: fc.constantFrom('<', '>', '"', "'", '&', '/', '=', ' ', 'a', '\n', '\u202E', '\uD800', '`', '{'),
    });
    fc.assert(
      fc.property(nasty, nasty, nasty, (probeName, id, text) => {
        const probe = sceneProbe(`p${probeName}`, `o/${id}`);
        const { board, clock } = setStage([probe]);
        board.sink(finishedRun(probe, clock.now(), { error: 'internal_error', text }));
        expectNested(renderStatusPage(board.view(), { refresh: false }));
      }),
      { numRuns: 60 },
    );
  });

  it('refreshes itself unless it is paused', () => {
    expect(page('healthy')).toContain('<meta http-equiv="refresh" content="5"');
    expect(page('healthy', false)).not.toContain('http-equiv="refresh"');
    expect(wordsOf(page('healthy', false))).toContain('paused');
  });

  it('shouts in demo mode, and only there', () => {
    const demo = wordsOf(page('demo'));
    expect(demo).toMatch(/DEMO All data on this page is simulated/);
    expect(demo).toContain('FAL_KEY=… npm start');
    expect(page('demo')).toMatch(/<title>\s*DEMO/);
    expect(wordsOf(page('healthy'))).not.toContain('DEMO');
  });

  it('states windows, limits, counts and units', () => {
    const words = wordsOf(page('one-model-down'));
    expect(words).toContain('last 5 min');
    expect(words).toContain('last hour');
    expect(words).toContain('12 of 60 20 %');
    expect(words).toContain('Limit of P95: 5 min');
    expect(words).toMatch(/queue ~15 s/);
    expect(words).toContain('$0.063 of $0.10 per hour');
    expect(words).toContain('$0.96 an hour over the last hour $0.672 an hour over the last 24 h');
  });

  it('says that nothing completed instead of showing an old number as good', () => {
    const words = wordsOf(page('platform-outage'));
    expect(words).toContain('no completed requests in the last 5 min');
    expect(words).not.toContain('within its limit');
  });

  it('says refused, not 0 failed, when the account refused every run', () => {
    const words = wordsOf(page('key-rejected'));
    expect(words).toContain('5 of 5 refused');
    expect(words).not.toContain('within its limit');
  });

  it('puts the sick models first', () => {
    const words = wordsOf(page('twelve-endpoints'));
    const models = words.slice(words.indexOf('Model and state'));
    expect(models.indexOf('kling-video')).toBeLessThan(models.indexOf('veo3/fast'));
    expect(models.indexOf('veo3/fast')).toBeLessThan(models.indexOf('rodin'));
    expect(models.indexOf('rodin')).toBeLessThan(models.indexOf('schnell'));
  });

  it('tells each bar in words and marks failures by shape', () => {
    const markup = page('one-model-down');
    expect(markup).toMatch(/<title>14:14 UTC, 20 s, timed out: generation timeout<\/title>/);
    expect(markup).toMatch(/<g class="run-timeout">.*?<circle class="mark"/s);
    expect(markup).toMatch(/<g class="run-failure">.*?<path class="mark"/s);
  });

  it('shows steps and request id of the newest runs', () => {
    const words = wordsOf(page('healthy'));
    expect(words).toContain('submitted to queue.fal.run');
    expect(words).toMatch(/request id 764cabcf/);
  });

  it('names what is skipped, and why', () => {
    expect(wordsOf(page('account-locked'))).toMatch(
      /skipped 12 times, last 14:15 UTC: the account is locked/,
    );
  });

  it('shows the problems of the configuration and of collectors', () => {
    const words = wordsOf(page('config-broken'));
    expect(words).toContain('probes[1].intervall: unknown key; did you mean interval?');
    expect(words).toContain('GET /models/pricing: 503');
  });

  it('allows exactly its own style, and nothing that runs', () => {
    const style = /<style>(.*?)<\/style>/s.exec(page('healthy'))?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(pagePolicy()).toContain(`style-src 'sha256-${hash}'`);
    expect(pagePolicy()).toContain("default-src 'none'");
  });
});

describe('the html tag', () => {
  it('escapes text and numbers, keeps markup, and drops what is not there', () => {
    const value = html`<p title="${'"<&>\''}">${html`<b>${1}</b>`}${undefined}${false}${['a', '<']}</p>`;
    expect(value.markup).toBe('<p title="&quot;&lt;&amp;&gt;&#39;"><b>1</b>a&lt;</p>');
  });

  it('gives the reason for what is unknown to eye and ear', () => {
    expect(unknown('no key').markup).toMatch(/title="no key".*–.*unknown: no key/s);
  });
});
