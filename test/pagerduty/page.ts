import type { Incident } from './incidents.ts';
import { STYLE } from './page-style.ts';
import type { PagerDutyService, ReceivedRequest } from './service.ts';
import { ago, clock, escape, link, plural } from './page-words.ts';

export interface PageInput {
  readonly service: PagerDutyService;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const REFRESH_SECONDS = 2;
const SHOWN_RESOLVED = 20;
const SHOWN_REFUSED = 10;

/** What the phone of somebody on call would have done, for whoever watches a demo or a drill. No scripts. */
export function page({ service, now }: PageInput): string {
  const newestFirst = service.incidents().toReversed();
  const open = newestFirst.filter(({ state }) => state !== 'resolved');
  const loud = open.filter(({ urgency }) => urgency === 'high');
  const quiet = open.filter(({ urgency }) => urgency === 'low');
  const resolved = newestFirst.filter(({ state }) => state === 'resolved');
  const refused = service
    .requests()
    .toReversed()
    .filter(({ accepted }) => !accepted);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="${REFRESH_SECONDS}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(titleOf(loud, quiet))}</title>
<style>${STYLE}</style>
</head>
<body>
<p class="stand-in"><strong>PagerDuty stand-in</strong> It judges events as PagerDuty does, and calls nobody.</p>
<main>
${headline({ loud, quiet, resolved, now })}
${modeNote(service)}
${section('Rings the phone', 'High urgency: severity critical or error.', loud, now)}
${section('Waits until somebody looks', 'Low urgency: severity warning or info.', quiet, now)}
${resolvedSection(resolved, now)}
${refusedSection(refused, now)}
</main>
<footer>${escape(clock(now))} UTC. This page renews itself every ${REFRESH_SECONDS} seconds.</footer>
</body>
</html>
`;
}

function titleOf(loud: readonly Incident[], quiet: readonly Incident[]): string {
  if (loud.length > 0) return `(${loud.length}) The phone rings`;
  return quiet.length > 0 ? `${plural(quiet.length, 'open incident')}, no phone` : 'Nothing open';
}

interface Situation {
  readonly loud: readonly Incident[];
  readonly quiet: readonly Incident[];
  readonly resolved: readonly Incident[];
  readonly now: number;
}

function headline({ loud, quiet, resolved, now }: Situation): string {
  const [newest] = loud;
  if (newest !== undefined) {
    const which = loud.length === 1 ? 'an incident' : `${loud.length} incidents`;
    const last = `${loud.length === 1 ? 'Since' : 'The last one since'} ${ago(newest.openedAt, now)}`;
    return banner('bad', `The phone rings: ${which} of high urgency`, `${last}: ${newest.payload.summary}`);
  }
  if (quiet.length > 0)
    return banner(
      'warn',
      `No phone rings: ${plural(quiet.length, 'incident')} of low urgency`,
      'PagerDuty shows them; it wakes nobody for them.',
    );
  const last = Math.max(...resolved.map(({ resolvedAt }) => resolvedAt ?? 0));
  return resolved.length > 0
    ? banner('good', 'All resolved', `The last one ${ago(last, now)} ago.`)
    : banner('good', 'No incident yet', 'Nothing has been sent that would open one.');
}

function banner(kind: string, title: string, text: string): string {
  return `<header class="banner ${kind}"><h1>${escape(title)}</h1><p>${escape(text)}</p></header>`;
}

function modeNote({ behaviour }: PagerDutyService): string {
  const { mode, left } = behaviour;
  if (mode === 'ok') return '';
  const until = Number.isFinite(left) ? `for ${plural(left, 'more request')}` : 'until it is switched';
  return `<p class="mode">Out of order on purpose: <strong>${MODE_WORDS[mode]}</strong> ${escape(until)}.</p>`;
}

const MODE_WORDS = {
  'bad-request': 'it refuses every event (400)',
  'rate-limited': 'it says “too many calls” (429)',
  'server-error': 'it answers with an error (500)',
  hang: 'it takes calls and never answers',
  reset: 'it cuts every connection',
};

function section(title: string, about: string, incidents: readonly Incident[], now: number): string {
  const none = '<p class="none">None.</p>';
  return `<section><h2>${title} <span class="count">${incidents.length}</span></h2><p class="about">${about}</p>
${incidents.length === 0 ? none : incidents.map((incident) => card(incident, now)).join('\n')}</section>`;
}

function card(incident: Incident, now: number): string {
  const { payload, links, triggers, openedAt, lastTriggerAt, state, severity } = incident;
  const again = triggers > 1 ? `, sent ${triggers} times, last ${ago(lastTriggerAt, now)} ago` : '';
  const taken = state === 'acknowledged' ? ' · somebody is on it' : '';
  const facts = [payload.class, payload.source, payload.group, payload.component]
    .filter((text): text is string => text !== undefined && text !== '')
    .filter((text, index, all) => all.indexOf(text) === index);
  return `<article class="${severity}">
<p class="line"><span class="severity">${severity}</span> open for ${ago(openedAt, now)}${taken}
<span class="dim">since ${escape(clock(openedAt))} UTC${escape(again)}</span></p>
<h3>${escape(payload.summary)}</h3>
<p class="dim">${facts.map(escape).join(' · ')}</p>
${links.length === 0 ? '' : `<p class="links">${links.map(link).join('')}</p>`}
</article>`;
}

function resolvedSection(incidents: readonly Incident[], now: number): string {
  if (incidents.length === 0) return '';
  const rows = incidents.slice(0, SHOWN_RESOLVED).map((incident) => {
    const { severity, urgency, payload, openedAt, resolvedAt = now } = incident;
    return `<tr><td><span class="severity ${severity}">${severity}</span></td><td>${escape(payload.summary)}</td>
<td class="time">${ago(openedAt, resolvedAt)}</td><td class="time">${ago(resolvedAt, now)} ago</td>
<td class="phone">${urgency === 'high' ? 'rang' : 'did not ring'}</td></tr>`;
  });
  return `<section><h2>Resolved <span class="count">${incidents.length}</span></h2>${more(incidents.length, SHOWN_RESOLVED)}
<div class="scroll"><table><thead><tr><th>Severity</th><th>Summary</th><th>Lasted</th><th>Resolved</th><th>Phone</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div></section>`;
}

function refusedSection(requests: readonly ReceivedRequest[], now: number): string {
  if (requests.length === 0) return '';
  const rows = requests.slice(0, SHOWN_REFUSED).map(({ at, status, reasons, event }) => {
    const what = event?.payload?.summary ?? event?.event_action ?? '';
    return `<tr><td class="time">${ago(at, now)} ago</td><td>${status ?? 'none'}</td>
<td>${reasons.map(escape).join('<br>')}</td><td>${escape(what)}</td></tr>`;
  });
  return `<section><h2>Not accepted <span class="count">${requests.length}</span></h2>
<p class="about">These page nobody unless they are sent again. Alertmanager does that after 429, 5xx and no answer; after 400 it gives up.</p>${more(requests.length, SHOWN_REFUSED)}
<div class="scroll"><table><thead><tr><th>When</th><th>Answer</th><th>Why</th><th>Event</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div></section>`;
}

function more(count: number, shown: number): string {
  return count > shown ? `<p class="about">The newest ${shown} of ${count}.</p>` : '';
}
