/** Markup that is safe to send: made by the `html` tag only, so that nothing gets in unescaped. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

export type HtmlValue = Html | string | number | false | undefined | readonly HtmlValue[];

/** Template tag: text and numbers are escaped, markup of the same tag is not, `false` and undefined vanish. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let markup = strings[0] ?? '';
  for (const [index, value] of values.entries()) markup += render(value) + (strings[index + 1] ?? '');
  return new Html(markup);
}

function render(value: HtmlValue): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return escapeHtml(String(value));
  return value.map(render).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// Control characters, and those that turn the direction of text: a name must not rewrite its neighbours.
const DISTURBING = /[\p{Cc}\u200B-\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/gu;

/** Text for an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text
    .toWellFormed()
    .replace(DISTURBING, '\uFFFD')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** What is not known: a dash for the eye, the reason on hover and for screen readers. */
export function unknown(why: string): Html {
  return html`<span class="dash" title="${why}"
    ><span aria-hidden="true">–</span><span class="sr">unknown: ${why}</span></span
  >`;
}

/** The same where there is room for the reason: on a phone nothing hovers. */
export function unknownWords(why: string): Html {
  return html`<span class="dim">unknown: ${why}</span>`;
}
