import type { Measured } from 'opentelemetry-instrumentation-fal/core';
import type { RunView } from '../view.ts';
import { roughly, span } from '../words.ts';
import { type Html, html, unknown } from './html.ts';

const WIDTH = 280;
const HEIGHT = 8;

/** What the newest good run was made of: queue, inference, and the rest (submit, fetch, overhead). */
export function anatomy(runs: readonly RunView[], now: number): Html {
  const run = runs.findLast((one) => one.outcome === 'ok' && one.tier === 'inference');
  if (run?.durationSeconds === undefined)
    return html`<p class="small dim">No good run yet to take apart.</p>`;
  const isNewest = run === runs.at(-1);
  return html`<div class="anatomy">
    ${bars(run.durationSeconds, run.queueWait?.seconds ?? 0, run.inference?.seconds ?? 0)}
    <p class="small">
      ${!isNewest && html`<span class="dim">Last good run, ${roughly(now - run.at)} ago:</span> `}
      <span class="part"><span class="swatch queue"></span>queue ${part(run.queueWait, NOT_QUEUED)}</span>
      <span class="part"
        ><span class="swatch inference"></span>inference ${part(run.inference, NOT_REPORTED)}</span
      >
      <span class="part"><span class="swatch rest"></span>rest ${span(restOf(run))}</span>
    </p>
  </div>`;
}

export const NOT_QUEUED = 'the run was not seen in the queue';
export const NOT_REPORTED = 'fal did not report it';

/** `~1.2 s` when inferred. */
export function part(measured: Measured | undefined, why: string): Html {
  if (measured === undefined) return unknown(why);
  if (measured.certainty === 'exact') return html`${span(measured.seconds)}`;
  const bound = measured.boundSeconds;
  const title =
    bound === undefined || !Number.isFinite(bound) ? 'inferred' : `inferred, at most ${span(bound)} off`;
  return html`<span title="${title}">~${span(measured.seconds)}</span>`;
}

function restOf(run: RunView): number {
  const known = (run.queueWait?.seconds ?? 0) + (run.inference?.seconds ?? 0);
  return Math.max(0, (run.durationSeconds ?? 0) - known);
}

function bars(total: number, queue: number, inference: number): Html {
  // Parts that were measured with different clocks may add up to more than the whole.
  const whole = Math.max(total, queue + inference, 0.001);
  const queueWidth = round((queue / whole) * WIDTH);
  const inferenceWidth = round((inference / whole) * WIDTH);
  const restWidth = round(Math.max(0, WIDTH - queueWidth - inferenceWidth));
  return html`<svg
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    width="${WIDTH}"
    height="${HEIGHT}"
    aria-hidden="true"
    focusable="false"
  >
    <rect class="part-queue" x="0" y="0" width="${queueWidth}" height="${HEIGHT}" />
    <rect class="part-inference" x="${queueWidth}" y="0" width="${inferenceWidth}" height="${HEIGHT}" />
    <rect
      class="part-rest"
      x="${round(queueWidth + inferenceWidth)}"
      y="0"
      width="${restWidth}"
      height="${HEIGHT}"
    />
  </svg>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
