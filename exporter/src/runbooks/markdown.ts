import { type MarkedToken, type Token, type Tokens, lexer } from 'marked';
import { Html, type HtmlValue, html } from '../status/page/html.ts';
import { type AlertAtHand, fillIn, isPlaceholder } from './fill-in.ts';

/**
 * Markdown to markup. Only the library's reader is used: each kind of token that runbooks need is written with
 * the tag that escapes, and every other kind (raw HTML, images) comes out as the text that it is.
 */
export function renderMarkdown(markdown: string, atHand: AlertAtHand): Html {
  return html`${blocks(lexer(markdown), atHand)}`;
}

/** Text of the first heading. */
export function titleOf(markdown: string): string | undefined {
  return known(lexer(markdown)).find((token) => token.type === 'heading')?.text;
}

/** Without extensions the lexer makes no other tokens. */
function known(tokens: readonly Token[]): readonly MarkedToken[] {
  return tokens as readonly MarkedToken[];
}

function blocks(tokens: readonly Token[], atHand: AlertAtHand): HtmlValue[] {
  return known(tokens).map((token) => block(token, atHand));
}

function block(token: MarkedToken, atHand: AlertAtHand): HtmlValue {
  switch (token.type) {
    case 'space':
      return undefined;
    case 'heading':
      return heading(token, atHand);
    case 'paragraph':
      return html`<p>${inlines(token.tokens, atHand)}</p>`;
    case 'list':
      return list(token, atHand);
    case 'table':
      return table(token, atHand);
    case 'code':
      return html`<pre><code>${lines(fillIn(token.text, atHand))}</code></pre>`;
    case 'text':
      return token.tokens === undefined ? unwrapped(token.text) : inlines(token.tokens, atHand);
    default:
      return unwrapped(token.raw);
  }
}

function inlines(tokens: readonly Token[], atHand: AlertAtHand): HtmlValue[] {
  return known(tokens).map((token) => inline(token, atHand));
}

function inline(token: MarkedToken, atHand: AlertAtHand): HtmlValue {
  switch (token.type) {
    case 'text':
    case 'escape':
      return unwrapped(token.text);
    case 'strong':
      return html`<strong>${inlines(token.tokens, atHand)}</strong>`;
    case 'em':
      return html`<em>${inlines(token.tokens, atHand)}</em>`;
    case 'codespan':
      return codeWord(unwrapped(token.text), atHand);
    case 'link':
      return link(token, atHand);
    default:
      return unwrapped(token.raw);
  }
}

const OWN_PAGE = /^http:\/\/EXPORTER:10464(\/\S*)$/;

/** A placeholder that stands alone is being explained, and stays. Pages of this very exporter can be followed. */
function codeWord(code: string, atHand: AlertAtHand): Html {
  if (isPlaceholder(code)) return html`<code>${code}</code>`;
  const filled = fillIn(code, atHand);
  const path = OWN_PAGE.exec(filled)?.[1];
  if (path === undefined) return html`<code>${filled}</code>`;
  // Without knowing the model, the answer for all of them is the useful one.
  return html`<a href="${path.replace('?endpoint_id=ENDPOINT_ID', '')}"><code>${filled}</code></a>`;
}

const LINE_END = new Html('\n');

/** The escaping tag takes a line end for a disturbance, which in names it is. In code it is markup. */
function lines(code: string): HtmlValue[] {
  return code.split('\n').map((line, index) => (index === 0 ? line : [LINE_END, line]));
}

/** Where prose is wrapped means nothing. */
function unwrapped(text: string): string {
  return text.replaceAll('\n', ' ');
}

/** The title of a page is its h1; what is deeper than h3 does not occur. */
function heading({ depth, text, tokens }: Tokens.Heading, atHand: AlertAtHand): Html {
  const words = inlines(tokens, atHand);
  if (depth === 1) return html`<h1>${words}</h1>`;
  const id = text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return depth === 2 ? html`<h2 id="${id}">${words}</h2>` : html`<h3>${words}</h3>`;
}

function list({ ordered, start, items }: Tokens.List, atHand: AlertAtHand): Html {
  const points = items.map((item) => html`<li>${blocks(item.tokens, atHand)}</li>`);
  if (!ordered)
    return html`<ul>
      ${points}
    </ul>`;
  return html`<ol start="${start === '' ? 1 : start}">
    ${points}
  </ol>`;
}

function table({ header, rows }: Tokens.Table, atHand: AlertAtHand): Html {
  const cells = (row: readonly Tokens.TableCell[]): Html[] =>
    row.map(
      (cell, index) => html`<td data-head="${header[index]?.text}">${inlines(cell.tokens, atHand)}</td>`,
    );
  const heads = header.map(({ tokens }) => html`<th scope="col">${inlines(tokens, atHand)}</th>`);
  return html`<table>
    <thead>
      <tr>
        ${heads}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${cells(row)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

const OTHER_RUNBOOK = /^([A-Za-z]+)\.md(#[a-z-]+)?$/;

/** To another runbook, out over https, or to a mailbox. Any other address is shown and cannot be followed. */
function link({ href, tokens }: Tokens.Link, atHand: AlertAtHand): Html {
  const words = inlines(tokens, atHand);
  const [, name, part = ''] = OTHER_RUNBOOK.exec(href) ?? [];
  if (name !== undefined) return html`<a href="${addressOf(name, atHand)}${part}">${words}</a>`;
  if (/^(https:\/\/|mailto:)/.test(href)) return html`<a href="${href}" rel="noreferrer">${words}</a>`;
  return html`${words} (${href})`;
}

/** What is known of the alert goes with the reader. */
function addressOf(name: string, { endpointId, account }: AlertAtHand): string {
  const query = new URLSearchParams({
    ...(endpointId === undefined ? {} : { endpoint_id: endpointId }),
    ...(account === undefined ? {} : { account }),
  }).toString();
  return `/runbooks/${name === 'README' ? '' : name}${query === '' ? '' : `?${query}`}`;
}
