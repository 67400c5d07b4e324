import type { Assessment } from '../judged.ts';
import { offForWantOfKey } from '../why-unknown.ts';
import type { CollectorView, HostView, ProbeView, StatusView } from '../view.ts';
import { SKIP_WORDS, TIER_WORDS, clockTime, roughly, sinceWords, span } from '../words.ts';
import { modelName } from './endpoints.ts';
import { type Html, html, unknown } from './html.ts';
import { outcomeWords } from './strip-svg.ts';

/** Hosts of fal, as the free probes saw them. */
export function hostSection({ view }: Assessment): Html {
  if (view.hosts.length === 0) {
    return html`<section aria-labelledby="hosts">
      <h2 id="hosts">Hosts of fal</h2>
      <p>
        ${unknown('no free probe has run')} Not looked at yet: a probe of <code>tier: free</code> asks them.
      </p>
    </section>`;
  }
  return html`<section aria-labelledby="hosts">
    <h2 id="hosts">Hosts of fal</h2>
    <table class="plain">
      <thead>
        <tr>
          <th scope="col">Host</th>
          <th scope="col">From here</th>
          <th scope="col">Took</th>
          <th scope="col">Asked</th>
        </tr>
      </thead>
      <tbody>
        ${view.hosts.map((host) => hostRow(host, view.at))}
      </tbody>
    </table>
  </section>`;
}

function hostRow({ host, up, since, hasChanged, durationSeconds, error, at }: HostView, now: number): Html {
  const words = up ? 'reachable' : 'not reachable';
  return html`<tr class="${up ? 'healthy' : 'unhealthy'}">
    <th scope="row">${host}</th>
    <td>
      <span class="dot" aria-hidden="true"></span>${words}
      ${(hasChanged || !up) && html`<span class="small dim">${sinceWords(since, now)}</span>`}
      ${error !== undefined && html`<span class="small error"><code>${error.type}</code> ${error.text}</span>`}
    </td>
    <td>${durationSeconds === undefined ? unknown('it did not answer') : span(durationSeconds)}</td>
    <td>${roughly(now - at)} ago</td>
  </tr>`;
}

/** Each probe with what it did last, what it skipped and when it runs next. */
export function probeSection({ view }: Assessment): Html {
  return html`<section aria-labelledby="probes">
    <h2 id="probes">Probes</h2>
    ${
      view.probes.length === 0
        ? html`<p>None is configured.</p>`
        : html`<table class="plain">
            <thead>
              <tr>
                <th scope="col">Probe</th>
                <th scope="col">Every, deadline</th>
                <th scope="col">Last run</th>
                <th scope="col">Next run</th>
              </tr>
            </thead>
            <tbody>
              ${view.probes.map((probe) => probeRow(probe, view.at))}
            </tbody>
          </table>`
    }
  </section>`;
}

function probeRow(probe: ProbeView, now: number): Html {
  const last = probe.runs.at(-1);
  return html`<tr>
    <th scope="row">
      ${probe.name}
      <span class="small dim"
        >${TIER_WORDS[probe.tier]}${probe.endpointId !== undefined && html`: ${modelName(probe.endpointId)}`}</span
      >
    </th>
    <td>
      ${span(probe.intervalSeconds)}
      <span class="small dim fixed">deadline ${span(probe.timeoutSeconds)}</span>
    </td>
    <td>
      ${last === undefined ? unknown('it has not run yet') : html`${roughly(now - last.at)} ago, ${outcomeWords(last)}`}
      ${probe.isStale && html`<strong class="over">too long ago</strong>`}
    </td>
    <td>${nextWords(probe, now)}</td>
  </tr>`;
}

function nextWords({ runningSince, nextRun, skipped }: ProbeView, now: number): Html {
  const next =
    runningSince !== undefined
      ? html`running for ${roughly(now - runningSince)}`
      : nextRun === undefined
        ? unknown('the scheduler has not said')
        : html`in ${nextRun.isEstimate && '~'}${roughly(nextRun.at - now)}`;
  if (skipped === undefined) return next;
  const times = skipped.count === 1 ? 'once' : `${skipped.count} times`;
  return html`${next}
    <span class="small error"
      >skipped ${times}, last ${clockTime(skipped.at, now)}: ${SKIP_WORDS[skipped.reason]}</span
    >`;
}

/** What reads the account and the platform. */
export function collectorSection({ view }: Assessment): Html {
  return html`<section aria-labelledby="collectors">
    <h2 id="collectors">Collectors</h2>
    ${
      view.collectors.length === 0
        ? html`<p>${unknown('no collector has run')} None has run yet.</p>`
        : html`<table class="plain">
            <thead>
              <tr>
                <th scope="col">Collector</th>
                <th scope="col">Last run</th>
                <th scope="col">Took</th>
              </tr>
            </thead>
            <tbody>
              ${view.collectors.map((collector) => collectorRow(collector, view.at))}
            </tbody>
          </table>`
    }
    ${offWords(view)}
  </section>`;
}

/** Collectors that do not run, and why. */
function offWords(view: StatusView): Html | undefined {
  const keyless = offForWantOfKey(view);
  const { switchedOff } = view;
  if (keyless.length === 0 && switchedOff.length === 0) return undefined;
  return html`<p class="small dim off">
    ${
      keyless.length > 0 &&
      html`Off for want of an ADMIN key (<code>FAL_ADMIN_KEY</code> or <code>FAL_ADMIN_KEY_FILE</code>):
        ${keyless.join(', ')}.`
    }
    ${switchedOff.length > 0 && `Off in the configuration: ${switchedOff.join(', ')}.`}
  </p>`;
}

function collectorRow(
  { name, ok, at, problem, lastSuccessAt, durationSeconds }: CollectorView,
  now: number,
): Html {
  const success =
    lastSuccessAt === undefined ? 'never good so far' : `last good ${clockTime(lastSuccessAt, now)}`;
  return html`<tr class="${ok ? 'healthy' : 'degraded'}">
    <th scope="row">${name}</th>
    <td>
      <span class="dot" aria-hidden="true"></span>${ok ? 'good' : 'failed'}, ${roughly(now - at)} ago
      ${!ok && html`<span class="small error">${problem ?? 'no reason given'} (${success})</span>`}
    </td>
    <td>${durationSeconds === undefined ? unknown('not measured') : span(durationSeconds)}</td>
  </tr>`;
}

/** The configuration in force, and what is wrong with the file. */
export function configSection({ view }: Assessment): Html {
  return html`<section aria-labelledby="config">
    <h2 id="config">Configuration</h2>
    ${configWords(view)}
    ${
      view.config.problems.length > 0 &&
      html`<ul class="problems">
        ${view.config.problems.map((problem) => html`<li>${problem}</li>`)}
      </ul>`
    }
  </section>`;
}

function configWords({ config, at }: StatusView): Html {
  const loaded = config.loadedAt === undefined ? '' : `, read ${clockTime(config.loadedAt, at)}`;
  if (config.ok) return html`<p>In force${loaded}.</p>`;
  return html`<p>
    <strong class="over">The file is refused; the old configuration stays in force${loaded}.</strong> Mend
    these and save:
  </p>`;
}
