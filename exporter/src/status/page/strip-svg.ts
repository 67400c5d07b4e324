import type { RunVerdict, RunView } from '../view.ts';
import { clockTime, errorTypeWords, roughly, span } from '../words.ts';
import { type Html, html } from './html.ts';

const BARS = 40;
const STEP = 7;
const BAR = 5;
const STRIP_HEIGHT = 44;
const KEY_HEIGHT = 24;
/** Room above the bars for the mark of a failure. */
const HEAD = 9;
const FASTEST_SECONDS = 0.1;

/** Patterns that the bars refer to; once per page. Shape and pattern carry what colour alone must not. */
export function patterns(): Html {
  return html`<svg class="defs" width="0" height="0" aria-hidden="true" focusable="false">
    <defs>
      <pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="hatch-ground" width="4" height="4" />
        <rect class="hatch-line" width="2" height="4" />
      </pattern>
      <pattern id="dots" width="4" height="4" patternUnits="userSpaceOnUse">
        <rect class="dots-ground" width="4" height="4" />
        <circle class="dots-dot" cx="2" cy="2" r="1.1" />
      </pattern>
    </defs>
  </svg>`;
}

/**
 * The last runs as bars, oldest left. Height is the duration on a log scale from 0.1 s to twice the limit; the
 * dashed line is the limit. A failure fills its column and has a mark, so that a fast one is seen as well.
 */
export function runStrip(runs: readonly RunView[], limitSeconds: number, now: number): Html {
  const shown = runs.slice(-BARS);
  const width = BARS * STEP;
  const offset = (BARS - shown.length) * STEP;
  const limitY = STRIP_HEIGHT - barHeight(limitSeconds, limitSeconds, STRIP_HEIGHT);
  return html`<svg
    class="strip"
    role="img"
    viewBox="0 0 ${width} ${STRIP_HEIGHT}"
    width="${width}"
    height="${STRIP_HEIGHT}"
    aria-label="${summary(shown)}"
  >
    <line class="base" x1="0" x2="${width}" y1="${STRIP_HEIGHT - 0.5}" y2="${STRIP_HEIGHT - 0.5}" />
    ${shown.map((run, index) => bar(run, { x: offset + index * STEP, height: STRIP_HEIGHT, limitSeconds, now }))}
    <line class="limit" x1="0" x2="${width}" y1="${limitY}" y2="${limitY}">
      <title>limit of P95: ${span(limitSeconds)}</title>
    </line>
  </svg>`;
}

function summary(runs: readonly RunView[]): string {
  const failures = runs.filter((run) => run.verdict === 'failure').length;
  return runs.length === 0 ? 'no runs yet' : `last ${runs.length} runs, ${failures} of them failed`;
}

interface BarPlace {
  readonly x: number;
  /** Of the whole column. */
  readonly height: number;
  readonly limitSeconds: number;
  readonly now: number;
}

function bar(run: RunView, { x, height, limitSeconds, now }: BarPlace): Html {
  const { durationSeconds } = run;
  const top = durationSeconds === undefined ? 2 : barHeight(durationSeconds, limitSeconds, height);
  return html`<g class="${barClass(run)}">
    <title>${runWords(run, now)}</title>
    <rect class="column" x="${x}" y="0" width="${STEP}" height="${height}" />
    <rect class="bar" x="${x + 1}" y="${round(height - top)}" width="${BAR}" height="${round(top)}" />
    ${mark(run, x + 1 + BAR / 2)}
  </g>`;
}

/** What the strip covers: the age of its oldest bar, and now. */
export function stripAxis(runs: readonly RunView[], now: number): Html {
  const oldest = runs.slice(-BARS)[0];
  if (oldest === undefined) return html`<p class="axis">no runs yet</p>`;
  return html`<p class="axis"><span>${roughly(now - oldest.at)} ago</span><span>newest</span></p>`;
}

/** One title for a run, wherever it is shown: `14:03 UTC, 2.4 s, ok`. */
export function runWords(run: RunView, now: number): string {
  const duration = run.durationSeconds === undefined ? '' : `, ${span(run.durationSeconds)}`;
  return `${clockTime(run.at, now)}${duration}, ${outcomeWords(run)}`;
}

export function outcomeWords({ outcome, verdict, error }: RunView): string {
  if (outcome === 'ok' || outcome === 'cancelled') return outcome;
  const whose = WHOSE[verdict];
  const what = error === undefined ? '' : `: ${errorTypeWords(error.type)}`;
  return `${outcome === 'timeout' ? 'timed out' : 'failed'}${whose}${what}`;
}

const WHOSE: Readonly<Record<RunVerdict, string>> = {
  ok: '',
  failure: '',
  cancelled: '',
  account: ' by your account’s state',
  app: ' by your probe’s input',
};

function barClass({ outcome, verdict }: RunView): string {
  return verdict === 'failure' && outcome === 'timeout' ? 'run-timeout' : `run-${verdict}`;
}

/** A cross for an error, a ring for a time-out, a diamond for what is not fal’s doing. */
function mark({ outcome, verdict }: RunView, centre: number): Html | undefined {
  if (verdict === 'failure' && outcome === 'timeout') {
    return html`<circle class="mark" cx="${centre}" cy="4.5" r="2.2" />`;
  }
  if (verdict === 'failure') {
    return html`<path class="mark" d="M${centre - 2} 2.5l4 4m0 -4l-4 4" />`;
  }
  if (verdict === 'account' || verdict === 'app') {
    return html`<path class="mark" d="M${centre} 2l2.5 2.5l-2.5 2.5l-2.5 -2.5z" />`;
  }
  return undefined;
}

function barHeight(seconds: number, limitSeconds: number, height: number): number {
  const slowest = Math.max(1, limitSeconds * 2);
  const share =
    Math.log(Math.max(seconds, FASTEST_SECONDS) / FASTEST_SECONDS) / Math.log(slowest / FASTEST_SECONDS);
  return round(2 + Math.min(1, share) * (height - HEAD - 2));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** What the shapes mean, drawn with the same code. */
export function legend(): Html {
  const item = (sample: Partial<RunView>, text: string): Html =>
    html`<li>
      <svg
        class="key"
        viewBox="0 0 ${STEP} ${KEY_HEIGHT}"
        width="${STEP}"
        height="${KEY_HEIGHT}"
        aria-hidden="true"
        focusable="false"
      >
        ${bar({ ...SAMPLE, ...sample }, { x: 0, height: KEY_HEIGHT, limitSeconds: 60, now: 0 })}</svg
      >${text}
    </li>`;
  return html`<ul class="legend">
    ${item({}, 'good')} ${item({ outcome: 'error', verdict: 'failure' }, 'failed')}
    ${item({ outcome: 'timeout', verdict: 'failure' }, 'timed out')}
    ${item({ outcome: 'error', verdict: 'account' }, 'refused for your account or input')}
    <li>taller is slower (log scale); the dashed line is the limit of P95</li>
  </ul>`;
}

const SAMPLE: RunView = {
  at: 0,
  probe: '',
  tier: 'inference',
  outcome: 'ok',
  verdict: 'ok',
  durationSeconds: 5,
  attempts: 1,
  platformRetries: 0,
  steps: [],
};
