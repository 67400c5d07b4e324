import { describe, expect, it } from 'vitest';
import { SCENES } from '../scene-book.ts';
import { sceneProbe, setStage } from '../scenes.ts';
import { renderStatusPage } from './page.ts';

function markupOf(name: string): string {
  const play = SCENES[name];
  if (play === undefined) throw new Error(`no scene ${name}`);
  return renderStatusPage(play(), { refresh: true });
}

/** The text of a page, as a reader meets it. */
function wordsOf(markup: string): string {
  return markup
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
}

describe('the account on the page', () => {
  const trouble = wordsOf(markupOf('money-trouble'));

  it.each([
    '$7.40 an hour over the last hour $5.18 an hour over the last 24 h above your budget of $5.00 an hour',
    'Balance lasts 2 h 19 min at the present rate',
    '$513.08 of your budget of $500.00: passed',
    '12 % above list price requests of the last 24 h',
    '$0.42 on requests that failed $0.38 on probes of this exporter',
    'Credits bought $400.00 since the books began',
    'hackathon: expired 2 d ago',
    'startup-credits of $250.00: expires in 5 d',
    'Billed since the books began: $592.73, the 5 dearest of 7 models',
    'text-to-video : deprecated by fal',
    'whisper : fal’s catalogue knows none of this name',
    '$0.0025 per megapixel → $0.003 per megapixel (+20 %) seen 12:15 UTC $3.20 a week more',
    '$1.40 per video → $0.28 per second of video , another unit',
    '$0.0001 per compute second → no price',
    '3 2 stuck 1 h 30 min',
  ])('tells: %s', (words) => {
    expect(trouble).toContain(words);
  });

  it('gives the ids of stuck requests to copy', () => {
    expect(markupOf('money-trouble')).toContain(
      '<code class="copy">764cabcf-b745-4b3e-ae38-795288340001</code>',
    );
  });

  it('shows no grant that is far away', () => {
    expect(trouble).not.toContain('far away');
  });

  it('says once that money is unknown without an ADMIN key, and never as nothing', () => {
    const words = wordsOf(markupOf('no-admin-key'));
    expect(words.match(/Unknown without an ADMIN key/g)).toHaveLength(1);
    expect(words).toContain(
      'Off for want of an ADMIN key ( FAL_ADMIN_KEY or FAL_ADMIN_KEY_FILE ): balance, billing-events, usage.',
    );
    const section = words.slice(words.indexOf('Account default'), words.indexOf('Requests at fal'));
    expect(section.replace(/Probe budget used.*/, '')).not.toContain('$0');
  });

  it('says of everything that it is unknown, and why, while nothing was read', () => {
    const stage = setStage([sceneProbe('flux', 'fal-ai/flux/schnell')]);
    const words = wordsOf(renderStatusPage(stage.board.view(), { refresh: false }));
    const notRead = 'unknown: not read yet';
    for (const fact of ['Balance', 'Spending', 'Balance lasts', 'Billed this month (UTC)', 'Wasted in 24 h'])
      expect(words).toContain(`${fact} ${notRead}`);
    expect(words).toContain('Requests at fal unknown: not read yet');
    expect(words).not.toContain('Billed since');
  });
});

describe('the text for support on the page', () => {
  const preOf = (markup: string): string | undefined => /<pre[^>]*>(.*?)<\/pre>/s.exec(markup)?.[1];

  it('stands there line by line, ready to copy, while the lock contradicts the balance', () => {
    const text = preOf(markupOf('locked-with-money'));
    expect(text?.split('\n').slice(0, 3)).toEqual([
      'Subject: account is refused as locked, with a balance of $48.20',
      '',
      'Your API refuses our calls with 403 &quot;User is locked&quot;.',
    ]);
    expect(text).not.toContain('\uFFFD');
  });

  it('is not there for a lock that the balance explains, nor without a lock', () => {
    expect(preOf(markupOf('account-locked'))).toBeUndefined();
    expect(preOf(markupOf('healthy'))).toBeUndefined();
  });

  it('lets a hostile alias through as text in one line, and no hostile id', () => {
    const text = preOf(markupOf('hostile-locked'));
    expect(text?.split('\n').filter((line) => line.includes('alert(1)'))).toHaveLength(1);
    expect(text).toContain('The refusals carried no request ids.');
  });
});
