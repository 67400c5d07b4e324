import { type Html, Html as Markup, html } from '../status/page/html.ts';
import { policyOf } from '../status/page/page.ts';
import { STYLE } from '../status/page/style.ts';
import type { AlertAtHand } from './fill-in.ts';
import { renderMarkdown, titleOf } from './markdown.ts';

/** One column to read, on a phone as well: code is wrapped, tables become lists, a tap selects a whole query. */
const RUNBOOK_STYLE = `${STYLE}
.runbook { max-width: 820px; }
.runbook main { background: var(--card); border: 1px solid var(--edge); border-radius: 6px; padding: 12px 22px 18px; }
.runbook main > p, .runbook li > p { margin: 8px 0; }
.runbook h1 { overflow-wrap: anywhere; }
.runbook h2 { margin: 24px 0 6px; padding-top: 14px; border-top: 1px solid var(--edge); font-size: 19px; }
.runbook h1 + p { font-size: 16.5px; padding: 10px 14px; background: var(--none-soft); border-left: 5px solid var(--none); border-radius: 4px; }
.runbook ul, .runbook ol { margin: 8px 0; padding-left: 24px; }
.runbook li { margin: 5px 0; }
.runbook pre { margin: 8px 0; padding: 10px 12px; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--none-soft); border: 1px solid var(--edge); border-radius: 4px; user-select: all; -webkit-user-select: all; }
.runbook pre code { font-size: 13px; line-height: 1.5; }
.runbook :not(pre) > code { background: var(--none-soft); border-radius: 3px; padding: 0 3px; }
.runbook table { margin: 10px 0; }
.runbook th, .runbook td { padding: 5px 12px 5px 0; border-top: 1px solid var(--edge); }
.runbook thead th { border-top: 0; }
.runbook .jump { display: flex; flex-wrap: wrap; gap: 4px 16px; margin-bottom: 10px; }
@media (max-width: 640px) {
  .runbook main { padding: 8px 14px 14px; }
  .runbook .jump { gap: 0 4px; font-size: 15px; }
  .runbook .jump a, .runbook .top a { display: inline-block; padding: 8px 6px; }
  .runbook ul, .runbook ol { padding-left: 20px; }
  .runbook thead { position: absolute; clip-path: inset(50%); }
  .runbook table, .runbook tbody, .runbook tr, .runbook td { display: block; }
  .runbook tr { border-top: 1px solid var(--edge); padding: 6px 0; }
  .runbook td { border-top: 0; padding: 1px 0; }
  .runbook td:not(:first-child) { padding-left: 12px; }
  .runbook td:not(:first-child)::before { content: attr(data-head) ": "; color: var(--dim); }
}
`;

// Not in a template that a formatter may indent: the policy allows these very bytes and no others.
const STYLE_ELEMENT = new Markup(`<style>${RUNBOOK_STYLE}</style>`);

const PARTS = ['Meaning', 'Impact', 'Diagnosis', 'Mitigation', 'Verification', 'Escalation'] as const;

/** A runbook as one HTML document without scripts, complete in itself. Pure. */
export function renderRunbook(markdown: string, atHand: AlertAtHand): string {
  const page: Html = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${titleOf(markdown) ?? 'Runbook'} · fal observability</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <div class="page runbook">
          <header class="top">
            <p class="brand">fal observability <span class="dim">runbooks</span></p>
            <p class="small"><a href="/runbooks/">all runbooks</a> · <a href="/">status page</a></p>
          </header>
          ${partsOf(markdown)}
          <main>${renderMarkdown(markdown, atHand)}</main>
        </div>
      </body>
    </html>`;
  return page.markup;
}

/** Content-Security-Policy of these pages: their own style, and nothing else at all. */
export function runbookPolicy(): string {
  return policyOf(RUNBOOK_STYLE);
}

function partsOf(markdown: string): Html | undefined {
  const parts = PARTS.filter((part) => markdown.includes(`\n## ${part}\n`));
  if (parts.length === 0) return undefined;
  return html`<nav class="jump small" aria-label="Parts of this page">
    ${parts.map((part) => html`<a href="#${part.toLowerCase()}">${part}</a> `)}
  </nav>`;
}
