import { z } from 'zod';
import type { StatusComponent, StatusIncident } from '../../domain/status-page.ts';
import { pastTime, plainText, plainUrl } from './plain-text.ts';
import {
  LONGEST_NAME,
  LONGEST_TITLE,
  MOST_INCIDENTS,
  type StatusPageReading,
  boundedComponents,
} from './reading.ts';
import { impactOf, overallOf, progressOf, stateOf } from './vocabulary.ts';

const list = z.array(z.unknown()).nullish();

/** Instatus keeps the state of the page in `page.status`, Statuspage in `status.indicator`. */
const summaryShape = z
  .object({
    page: z.object({ status: z.string().min(1).optional() }),
    status: z.object({ indicator: z.string().min(1) }).optional(),
    activeIncidents: list,
    incidents: list,
    components: list,
  })
  .refine(({ page, status }) => page.status !== undefined || status !== undefined);

const text = z.string().nullish().catch(undefined);

const incidentShape = z.object({
  name: z.string(),
  status: text,
  impact: text,
  started: text,
  started_at: text,
  created_at: text,
  url: text,
  shortlink: text,
});

const componentShape = z.object({
  name: z.string(),
  status: text,
  /** True for a heading of Statuspage, which only sums up its parts; an object where Instatus names the heading. */
  group: z.unknown().optional(),
});

const componentsShape = z.union([z.array(z.unknown()), z.object({ components: z.array(z.unknown()) })]);

/**
 * The summary of a status page as JSON, in the form of Instatus or of Statuspage. Unknown fields are ignored,
 * an entry without a name is left out. Undefined when the text is no such summary.
 */
export function readSummary(body: string, now: number): StatusPageReading | undefined {
  const parsed = summaryShape.safeParse(parseJson(body));
  if (!parsed.success) return undefined;
  const { page, status, activeIncidents, incidents, components } = parsed.data;
  const open = [...(activeIncidents ?? []), ...(incidents ?? [])].flatMap((entry) => incidentOf(entry, now));
  return {
    overall: overallOf(page.status ?? status?.indicator),
    components: components ? componentsOf(components) : undefined,
    incidents: open.slice(0, MOST_INCIDENTS),
  };
}

/** A list of components as JSON. Undefined when the text is no such list. */
export function readComponents(body: string): readonly StatusComponent[] | undefined {
  const parsed = componentsShape.safeParse(parseJson(body));
  if (!parsed.success) return undefined;
  return componentsOf(Array.isArray(parsed.data) ? parsed.data : parsed.data.components);
}

function incidentOf(entry: unknown, now: number): StatusIncident[] {
  const parsed = incidentShape.safeParse(entry);
  if (!parsed.success) return [];
  const { name, status, impact, started, started_at, created_at, url, shortlink } = parsed.data;
  const title = plainText(name, LONGEST_TITLE);
  if (title === '' || progressOf(status) === 'closed') return [];
  const since = pastTime(started ?? started_at ?? created_at, now);
  return [{ title, impact: impactOf(impact), since, url: plainUrl(url ?? shortlink) }];
}

/** Undefined when no entry tells anything: an empty list would say that there are no components. */
function componentsOf(entries: readonly unknown[]): readonly StatusComponent[] | undefined {
  const told = entries.flatMap((entry) => {
    const parsed = componentShape.safeParse(entry);
    if (!parsed.success || parsed.data.group === true) return [];
    const name = plainText(parsed.data.name, LONGEST_NAME);
    return name === '' ? [] : [{ name, state: stateOf(parsed.data.status) }];
  });
  return told.length === 0 ? undefined : boundedComponents(told);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
