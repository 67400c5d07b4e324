import { describe, expect, it } from 'vitest';
import { renderRunbook, runbookPolicy } from './page.ts';

const NOTHING = {};

/** The part that the Markdown became. */
function main(markdown: string, atHand: Parameters<typeof renderRunbook>[1] = NOTHING): string {
  const page = renderRunbook(markdown, atHand);
  return page.slice(page.indexOf('<main>') + 6, page.indexOf('</main>')).replaceAll(/>\s+</g, '><');
}

describe('a runbook as a page', () => {
  it('writes headings, prose, lists, tables, links and code', () => {
    expect(main('# FalX\n\nTwo\nlines, **bold** and `fal_x`.')).toBe(
      '<h1>FalX</h1><p>Two lines, <strong>bold</strong> and <code>fal_x</code>.</p>',
    );
    expect(main('1. one\n2. two')).toBe('<ol start="1"><li>one</li><li>two</li></ol>');
    expect(main('- one\n- [two](FalTwo.md)')).toBe(
      '<ul><li>one</li><li><a href="/runbooks/FalTwo">two</a></li></ul>',
    );
    expect(main('| see | it is |\n| --- | --- |\n| a | **us** |')).toBe(
      '<table><thead><tr><th scope="col">see</th><th scope="col">it is</th></tr></thead><tbody><tr><td data-head="see">a</td><td data-head="it is"><strong>us</strong></td></tr></tbody></table>',
    );
  });

  it('keeps the lines of a query, also inside a step', () => {
    expect(main('1. Ask:\n\n   ```promql\n   a > 1\n   or\n   b\n   ```')).toContain(
      '<pre><code>a &gt; 1\nor\nb</code></pre>',
    );
  });

  it('fills in the model that is known, in queries and in links to other runbooks', () => {
    const atHand = { endpointId: 'fal-ai/flux/dev' };
    expect(main('```promql\nup{endpoint_id="ENDPOINT_ID"}\n```', atHand)).toContain(
      'up{endpoint_id=&quot;fal-ai/flux/dev&quot;}',
    );
    expect(main('[two](FalTwo.md#impact)', atHand)).toContain(
      'href="/runbooks/FalTwo?endpoint_id=fal-ai%2Fflux%2Fdev#impact"',
    );
    expect(main('Replace `ENDPOINT_ID`.', atHand)).toContain('<code>ENDPOINT_ID</code>');
  });

  it('makes the pages of this exporter one tap away', () => {
    expect(main('`http://EXPORTER:10464/`')).toContain('<a href="/">');
    const health = '`http://EXPORTER:10464/health/fal?endpoint_id=ENDPOINT_ID`';
    expect(main(health)).toContain('<a href="/health/fal">');
    expect(main(health, { endpointId: 'a/b' })).toContain('<a href="/health/fal?endpoint_id=a/b">');
  });

  it('shows what is no part of runbooks as text: markup, pictures, links that lead elsewhere', () => {
    for (const markdown of [
      '<script>alert(1)</script>',
      'a <img src=x onerror=alert(1)> b',
      '![picture](https://example.com/a.png)',
      '[click](javascript:alert(1))',
      '[up](../package.md)',
      '| a |\n| --- |\n| <b>x</b> |',
      '# <i>x</i>',
      '`"><script>`',
    ]) {
      const markup = main(markdown);
      expect(markup, markdown).not.toMatch(/<(script|img|b|i)\b|href="(?!https:|\/)/);
      expect(markup.length, markdown).toBeGreaterThan(5);
    }
  });

  it('has a title, the way to its parts and to all runbooks, and no script', () => {
    const page = renderRunbook('# FalX\n\nText.\n\n## Meaning\n\nA.\n\n## Mitigation\n\nB.', NOTHING);
    expect(page).toContain('<title>FalX · fal observability</title>');
    expect(page).toContain('href="#meaning"');
    expect(page).toContain('<h2 id="mitigation">');
    expect(page).not.toContain('href="#impact"');
    expect(page).toContain('href="/runbooks/"');
    expect(page).not.toContain('<script');
  });

  it('allows its own style and nothing else', () => {
    expect(runbookPolicy()).toMatch(
      /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
  });
});
