import { type Incident, type PageState, startOf, statusOf } from './page-state.ts';

const PAGE_URL = 'https://status.fal.ai';

/** The page's own summary, in the shape of Instatus. */
export function summaryOf(state: PageState): Record<string, unknown> {
  const active = state.active;
  const incidents = active.filter((incident) => !incident.isMaintenance).map(incidentOf);
  const maintenances = active.filter((incident) => incident.isMaintenance).map(maintenanceOf);
  return {
    page: { name: 'fal', url: PAGE_URL, status: state.status },
    ...(incidents.length > 0 ? { activeIncidents: incidents } : {}),
    ...(maintenances.length > 0 ? { activeMaintenances: maintenances } : {}),
  };
}

export function componentsOf(state: PageState): Record<string, unknown> {
  return {
    components: [...state.components.keys()].map((name) => ({
      id: state.idOfComponent(name),
      name,
      description: '',
      status: state.statusOfComponent(name),
    })),
  };
}

function incidentOf(incident: Incident): Record<string, unknown> {
  return {
    id: incident.id,
    name: incident.name,
    started: isoTime(startOf(incident)),
    status: statusOf(incident),
    impact: incident.impact,
    url: urlOf(incident),
    updatedAt: isoTime(incident.updates.at(-1)?.at ?? 0),
  };
}

function maintenanceOf(incident: Incident): Record<string, unknown> {
  return {
    id: incident.id,
    name: incident.name,
    start: isoTime(startOf(incident)),
    status: 'INPROGRESS',
    duration: '60',
    url: urlOf(incident),
    updatedAt: isoTime(incident.updates.at(-1)?.at ?? 0),
  };
}

/** RSS 2.0, newest first. Source: https://www.rssboard.org/rss-specification and the items of fal's own feed. */
export function feedOf(state: PageState): string {
  const items = [...state.incidents].reverse().map(feedItemOf).join('');
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<rss version="2.0"><channel><title>fal status</title><link>${PAGE_URL}</link>` +
    `<description>Incidents and maintenances of fal</description>${items}</channel></rss>\n`
  );
}

function feedItemOf(incident: Incident): string {
  const updates = incident.updates.map(
    ({ at, status }) => `<p>${new Date(at).toUTCString()}: <strong>${titleCase(status)}</strong></p>`,
  );
  const description = [
    `<p><strong>Type:</strong> ${incident.isMaintenance ? 'Maintenance' : 'Incident'}</p>`,
    ...durationOf(incident),
    `<p><strong>Affected Components:</strong> ${escaped(incident.components.join(', '))}</p>`,
    ...updates,
  ].join('');
  return (
    `<item><title>${escaped(incident.name)}</title><link>${urlOf(incident)}</link>` +
    `<guid>${urlOf(incident)}</guid><pubDate>${new Date(startOf(incident)).toUTCString()}</pubDate>` +
    `<description>${escaped(description)}</description></item>`
  );
}

function durationOf(incident: Incident): readonly string[] {
  const end = incident.updates.at(-1);
  if (end?.status !== 'RESOLVED') return [];
  const minutes = Math.round((end.at - startOf(incident)) / 60_000);
  return [`<p><strong>Duration:</strong> ${minutes} minutes</p>`];
}

/** The page for people. */
export function htmlOf(state: PageState): string {
  const components = [...state.components.keys()].map(
    (name) => `<li>${escaped(name)}: ${titleCase(state.statusOfComponent(name))}</li>`,
  );
  const active = state.active.map(
    (incident) => `<li>${escaped(incident.name)}: ${titleCase(statusOf(incident))}</li>`,
  );
  return htmlPage(
    'fal status (simulated)',
    `<p>${state.status}</p><ul>${components.join('')}</ul><h2>Now</h2><ul>${active.join('')}</ul>`,
  );
}

/** What a page's host shows when it is broken itself. */
export function brokenPage(): string {
  return htmlPage('502 Bad Gateway', '<p>The page that you asked for could not be reached.</p>');
}

function htmlPage(title: string, body: string): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>` +
    `<body><h1>${title}</h1>${body}</body></html>`
  );
}

function urlOf(incident: Incident): string {
  return `${PAGE_URL}/${incident.isMaintenance ? 'maintenance' : 'incident'}/${incident.id}`;
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}

function titleCase(word: string): string {
  return word.slice(0, 1) + word.slice(1).toLowerCase();
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
