import { describe, expect, it } from 'vitest';
import { readFeed } from './feed.ts';
import { NOW, feed, item } from './test-feed.ts';

const HOUR = 3_600_000;

describe('a feed', () => {
  it('tells of an open incident with its start and address', () => {
    expect(readFeed(feed(item(['Investigating', 'Identified'])), NOW)).toEqual({
      incidents: [
        {
          title: 'Errors & more',
          impact: 'minor',
          since: NOW - HOUR,
          url: 'https://status.fal.ai/incident/c1',
        },
      ],
    });
  });

  it('may be Atom', () => {
    const entry =
      `<entry><title type="text">Errors</title><link rel="alternate" href="https://status.fal.ai/i/1"/>` +
      `<published>2026-10-01T11:00:00Z</published><content type="html">&lt;b&gt;Monitoring&lt;/b&gt; - x</content></entry>`;
    const body = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">${entry}</feed>`;
    expect(readFeed(body, NOW)?.incidents).toEqual([
      { title: 'Errors', impact: 'minor', since: NOW - HOUR, url: 'https://status.fal.ai/i/1' },
    ]);
  });

  it.each<[string, string]>([
    ['is resolved', item(['Investigating', 'Resolved'])],
    ['is resolved, newest update first', item(['Resolved', 'Investigating'])],
    ['is a maintenance', item(['Investigating'], { type: 'Maintenance' })],
    ['has an update of an unknown word', item(['Investigating', 'Finished'])],
    ['has no update', item([])],
    ['has an update that says nothing', item(['Investigating', ''])],
    [
      'has an update with damaged tags',
      item(['Investigating', 'Monitoring']).replace('Monitoring</', 'Moni/'),
    ],
    ['is resolved outside of its tags', item(['Investigating', 'Update</strong> Resolved <strong>Update'])],
    ['is older than a week', item(['Investigating'], { at: NOW - 8 * 24 * HOUR })],
    ['has no date', item(['Investigating']).replace(/<pubDate>.*<\/pubDate>/, '')],
    ['has no title', item(['Investigating']).replace(/<title>.*<\/title>/, '')],
  ])('makes no open incident of an item that %s', (_name, text) => {
    expect(readFeed(feed(text), NOW)).toEqual({ incidents: [] });
  });

  it('takes emphasis in a message for no update', () => {
    const open = item(['Investigating', 'all image models']);
    expect(readFeed(feed(open), NOW)?.incidents).toHaveLength(1);
  });

  it.each(['', '<rss>', feed().slice(0, -5), '<html><body>rss</body></html>', '{"page":{"status":"UP"}}'])(
    'is none in %s',
    (body) => {
      expect(readFeed(body, NOW)).toBeUndefined();
    },
  );

  it.each([
    ['open elements', '<item><title>'.repeat(80_000)],
    ['open sections', '<![CDATA['.repeat(110_000)],
    ['open tags', '<item '.repeat(170_000)],
    [
      'bold beginnings',
      `<item><pubDate>${new Date(NOW).toUTCString()}</pubDate><title>x</title><description>${'<strong'.repeat(140_000)}</description></item>`,
    ],
    ['blanks', `<item><title>${' '.repeat(1_000_000)}x</title></item>`],
    ['link attributes', `<item><link ${'href='.repeat(200_000)}</item>`],
  ])('of a megabyte of %s is read in no time', (_name, text) => {
    const start = performance.now();
    readFeed(feed(text), NOW);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
