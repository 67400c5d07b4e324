import type { Assessment } from '../judged.ts';
import { supportText } from '../support-text.ts';
import { type Html, Html as Markup, html } from './html.ts';

// Control characters are replaced in text, so that the ends of our own lines have to be markup.
const LINE_END = new Markup('\n');

/** A ready text for fal's support while it locks the account with money on it. One click selects all of it. */
export function supportSection({ view }: Assessment, isRefreshing: boolean): Html | undefined {
  const { account, version, demo } = view;
  const { lock, balance, isContradiction, name } = account;
  if (isContradiction !== true || lock === undefined) return undefined;
  const text = supportText({ account: name, lock, balance, version, isDemo: demo });
  const lines = text
    .trimEnd()
    .split('\n')
    .flatMap((line) => [line, LINE_END]);
  return html`<section class="support" aria-labelledby="support">
    <h2 id="support">Text for support@fal.ai</h2>
    <p class="small dim">
      One click selects all of it. It holds no key and no prompt.
      ${
        isRefreshing &&
        html`<a href="/?refresh=off#support">Pause the refreshing</a>, or the selection is lost after 5 s.`
      }
    </p>
    <pre tabindex="0">${lines}</pre>
  </section>`;
}
