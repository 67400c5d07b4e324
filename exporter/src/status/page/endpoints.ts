import type { Verdict } from '../../verdict/verdict.ts';
import { type HealthKind, type HealthStatus, judgedWindow } from '../health.ts';
import type { Assessment, JudgedEndpoint } from '../judged.ts';
import type { EndpointView, RunView, WindowStats } from '../view.ts';
import { percent, roughly, sinceWords, span, withoutOwner } from '../words.ts';
import { anatomy } from './anatomy-svg.ts';
import { type Html, html, unknown } from './html.ts';
import { legend, runStrip, stripAxis } from './strip-svg.ts';
import { modelVerdict } from './verdict-words.ts';

const SICK_FIRST: readonly HealthStatus[] = ['unhealthy', 'degraded', 'unknown', 'healthy'];

const STATE_WORDS: Readonly<Record<HealthKind, string>> = {
  well: 'answering',
  failing: 'failing',
  shaky: 'failing now and then',
  slow: 'slow',
  stale: 'no fresh data',
  locked: 'blocked: your account is locked',
  key_rejected: 'cannot tell: your key is rejected',
  forbidden: 'cannot tell: your key may not call it',
  limited: 'held back by your account’s limit',
  input_refused: 'cannot tell: your probe’s input is refused',
  no_data: 'no data',
};

/** One row per model, the sick ones first. */
export function endpointSection({ view, endpoints, verdict }: Assessment): Html {
  if (endpoints.length === 0) {
    return html`<section aria-labelledby="models">
      <h2 id="models">Models</h2>
      <p>No model is probed. Add a probe with an <code>endpoint_id</code> to fal-exporter.yml.</p>
    </section>`;
  }
  const sorted = endpoints.toSorted(
    (a, b) => SICK_FIRST.indexOf(a.health.status) - SICK_FIRST.indexOf(b.health.status),
  );
  return html`<section aria-labelledby="models">
    <h2 id="models">Models</h2>
    ${legend()}
    <table class="models" role="table" aria-labelledby="models">
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">Model and state</th>
          <th role="columnheader" scope="col">Last runs</th>
          <th role="columnheader" scope="col">Latency and failures</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${sorted.map((judged) => row(judged, verdict, view.at))}
      </tbody>
    </table>
  </section>`;
}

function row(judged: JudgedEndpoint, overall: Verdict, now: number): Html {
  const { endpoint, health } = judged;
  const since = health.since !== undefined && sinceWords(health.since, now);
  const state =
    health.isRecovering === true ? `${STATE_WORDS[health.kind]}, recovering` : STATE_WORDS[health.kind];
  return html`<tr role="row" class="${health.status}">
    <th role="rowheader" scope="row">
      ${modelName(endpoint.id)}
      <p class="state">
        <span class="dot" aria-hidden="true"></span>${state} <span class="since">${since}</span>
      </p>
      ${health.kind !== 'well' && health.kind !== 'locked' && html`<p class="small">${health.reason}</p>`}
      ${health.kind !== 'well' && modelVerdict(judged, overall)} ${lastError(endpoint.runs, now)}
    </th>
    <td role="cell">
      ${runStrip(endpoint.runs, endpoint.latencyLimitSeconds, now)} ${stripAxis(endpoint.runs, now)}
      ${endpoint.runsModel && anatomy(endpoint.runs, now)}
    </td>
    <td role="cell">${numbers(endpoint)}</td>
  </tr>`;
}

/** Long ids differ at the end, so the owner is dimmed and nothing is cut. */
export function modelName(id: string): Html {
  const name = withoutOwner(id);
  const owner = id.slice(0, id.length - name.length);
  return html`<span class="model"><span class="owner">${owner}</span>${name}</span>`;
}

function lastError(runs: readonly RunView[], now: number): Html | undefined {
  const run = runs.findLast((one) => one.error !== undefined && one.verdict !== 'cancelled');
  if (run?.error === undefined) return undefined;
  return html`<p class="small error">
    Last error ${roughly(now - run.at)} ago: <code>${run.error.type}</code> ${run.error.text}
    ${run.requestId !== undefined && html`(request <code>${run.requestId}</code>)`}
  </p>`;
}

function numbers(endpoint: EndpointView): Html {
  const { windows } = endpoint;
  return html`<table class="numbers">
      <caption class="sr">
        Latency and failures of ${endpoint.id}
      </caption>
      <thead>
        <tr>
          <th scope="col"><span class="sr">Window</span></th>
          <th scope="col">P50</th>
          <th scope="col">P95</th>
          <th scope="col">P99</th>
          <th scope="col">failed</th>
        </tr>
      </thead>
      <tbody>
        ${numbersRow(windows['5m'], 'last 5 min', endpoint)}
        ${numbersRow(windows['1h'], 'last hour', endpoint)}
      </tbody>
    </table>
    ${limitWords(endpoint)}`;
}

function numbersRow(
  stats: WindowStats,
  name: string,
  { runsModel, latencyLimitSeconds }: EndpointView,
): Html {
  const { quantiles } = stats;
  const cells =
    quantiles === undefined
      ? html`<td colspan="3" class="none">
          ${runsModel ? `no completed requests in the ${name}` : 'not measured: no probe runs the model'}
        </td>`
      : html`<td>${span(quantiles.p50)}</td>
          <td class="${quantiles.p95 > latencyLimitSeconds && 'over'}">${span(quantiles.p95)}</td>
          <td>${span(quantiles.p99)}</td>`;
  return html`<tr>
    <th scope="row">
      ${name}${stats.isPartial && html`<span title="only the newest runs of it are kept">*</span>`}
    </th>
    ${cells}
    <td>${failedWords(stats, name)}</td>
  </tr>`;
}

function failedWords({ failures, refused, finished, errorRatio }: WindowStats, name: string): Html {
  if (errorRatio === undefined) return unknown(`no run came to an end in the ${name}`);
  if (refused > 0 && failures === 0)
    return html`<span class="refused">${refused} of ${finished} refused</span>`;
  const ratio = failures === 0 ? undefined : html` <strong>${percent(errorRatio)}</strong>`;
  return html`<span class="${failures > 0 && 'over'}">${failures} of ${finished}${ratio}</span>`;
}

function limitWords(endpoint: EndpointView): Html {
  const { latencyLimitSeconds, windows } = endpoint;
  const p95 = judgedWindow(endpoint).quantiles?.p95;
  const limit = span(latencyLimitSeconds);
  if (p95 !== undefined && p95 > latencyLimitSeconds) {
    return html`<p class="small over">P95 is over its limit of ${limit}</p>`;
  }
  // An hour that was good before an outage must not read as good news in the middle of it.
  const isFresh = p95 !== undefined && windows['5m'].failures === 0 && windows['5m'].completed > 0;
  return html`<p class="small dim">
    ${isFresh ? `P95 is within its limit of ${limit}` : `Limit of P95: ${limit}`}
  </p>`;
}
