import type { Assessment } from '../judged.ts';
import type { RunView } from '../view.ts';
import { clockTime, span } from '../words.ts';
import { NOT_QUEUED, NOT_REPORTED, part } from './anatomy-svg.ts';
import { modelName } from './endpoints.ts';
import { type Html, html } from './html.ts';
import { outcomeWords } from './strip-svg.ts';

/** The newest runs told step by step. */
export function runSection({ view }: Assessment, isRefreshing: boolean): Html {
  return html`<section aria-labelledby="runs">
    <h2 id="runs">Last runs, step by step</h2>
    ${
      view.recentRuns.length === 0
        ? html`<p>No run has come to an end yet.</p>`
        : html`<ol class="runs">
            ${view.recentRuns.map((run) => html`<li>${runDetails(run, view.at)}</li>`)}
          </ol>`
    }
    ${
      isRefreshing &&
      view.recentRuns.length > 0 &&
      html`<p class="small dim"><a href="/?refresh=off#runs">Pause the refreshing</a> to keep a run open.</p>`
    }
  </section>`;
}

function runDetails(run: RunView, now: number): Html {
  return html`<details>
    <summary class="run-${run.verdict}">
      <span class="when">${clockTime(run.at, now)}</span>
      <span class="what">${run.endpointId === undefined ? run.probe : modelName(run.endpointId)}</span>
      <span class="how"><span class="dot" aria-hidden="true"></span>${outcomeWords(run)}</span>
      ${run.durationSeconds !== undefined && html`<span class="long">${span(run.durationSeconds)}</span>`}
    </summary>
    ${run.error !== undefined && html`<p class="error"><code>${run.error.type}</code> ${run.error.text}</p>`}
    <ol class="steps">
      ${run.steps.map((step) => html`<li><span class="when">${span(step.seconds)}</span> ${step.text}</li>`)}
    </ol>
    <p class="small dim">${factsOf(run)}</p>
  </details>`;
}

function factsOf(run: RunView): Html {
  return html`Probe ${run.probe} · queue ${part(run.queueWait, NOT_QUEUED)} · inference
  ${part(run.inference, NOT_REPORTED)} · ${run.attempts} HTTP exchanges
  ${run.platformRetries > 0 && html`· restarted by fal ${run.platformRetries} times`}
  ${run.lastQueuePosition !== undefined && html`· last seen with ${run.lastQueuePosition} ahead in the queue`}
  ${run.requestId !== undefined && html`· request id <code>${run.requestId}</code>`}`;
}
