import type { Headline, Assessment, HeadlineLevel } from '../judged.ts';
import { isoTime } from '../words.ts';
import { type Html, html } from './html.ts';
import { verdictLine } from './verdict-words.ts';

/** Name, version, time of the data, and the way to stop the refreshing. */
export function topBar({ view }: Assessment, isRefreshing: boolean): Html {
  const time = isoTime(view.at)?.slice(11, 19) ?? '–';
  return html`<header class="top">
    <p class="brand">fal observability <span class="dim">exporter ${view.version}</span></p>
    <p class="small">
      as of ${time} UTC ·
      ${
        isRefreshing
          ? html`refreshes every 5 s · <a href="/?refresh=off">pause</a>`
          : html`<strong>paused</strong> · <a href="/">go on refreshing</a>`
      }
    </p>
  </header>`;
}

/** Impossible to miss: nobody may take simulated data for their own. */
export function demoBanner(): Html {
  return html`<aside class="demo" aria-label="Demo mode">
    <p>
      <strong>DEMO</strong> All data on this page is simulated. Nothing here comes from fal or from your
      account.
    </p>
    <p>To see your own, set <code>FAL_KEY</code> and start again: <code>FAL_KEY=… npm start</code></p>
  </aside>`;
}

const LEVEL_WORDS: Readonly<Record<HeadlineLevel, string>> = {
  good: 'Good',
  warning: 'Worth a look',
  broken: 'Broken',
  unknown: 'No data',
};

/** The one sentence, what it rests on, and what to do; lesser matters below it, quieter. */
export function headlineBox(assessment: Assessment): Html {
  const { headline, notes } = assessment;
  return html`<section class="headline ${headline.level}" aria-labelledby="headline">
    <p class="level">${icon(headline.level)} ${LEVEL_WORDS[headline.level]}</p>
    <h1 id="headline">${headline.text}</h1>
    ${verdictLine(assessment)}
    <p>${headline.evidence}</p>
    ${headline.next !== undefined && html`<p class="next"><strong>Next:</strong> ${headline.next}</p>`}
    ${
      notes.length > 0 &&
      html`<ul class="notes">
        ${notes.map((note) => html`<li>${note}</li>`)}
      </ul>`
    }
  </section>`;
}

const SHAPES: Readonly<Record<HeadlineLevel, Html>> = {
  good: html`<circle cx="8" cy="8" r="7" /><path class="cut" d="M4.5 8.5l2.5 2.5l4.5 -5.5" />`,
  warning: html`<path d="M8 1l7.5 14h-15z" /><path class="cut" d="M8 6v4.5m0 1.7v1.3" />`,
  broken: html`<path d="M5 1h6l4 4v6l-4 4h-6l-4 -4v-6z" /><path class="cut" d="M5 5l6 6m0 -6l-6 6" />`,
  unknown: html`<circle
    cx="8"
    cy="8"
    r="6.2"
    fill="none"
    stroke="currentColor"
    stroke-width="1.6"
    stroke-dasharray="2.5 2"
  />`,
};

function icon(level: HeadlineLevel): Html {
  return html`<svg
    class="icon"
    viewBox="0 0 16 16"
    width="16"
    height="16"
    aria-hidden="true"
    focusable="false"
  >
    ${SHAPES[level]}
  </svg>`;
}

const TAB_COLOURS: Readonly<Record<HeadlineLevel, string>> = {
  good: '%231a7f4b',
  warning: '%23b97700',
  broken: '%23c0262d',
  unknown: '%23808898',
};

/** The tab tells the state, so that the page can lie in the background. */
export function favicon({ level }: Headline): string {
  const shape =
    level === 'broken'
      ? "<rect width='16' height='16'/>"
      : level === 'warning'
        ? "<path d='M8 0l8 16H0z'/>"
        : "<circle cx='8' cy='8' r='8'/>";
  return `data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' fill='${TAB_COLOURS[level]}'>${shape}</svg>`;
}
