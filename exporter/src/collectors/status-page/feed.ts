import type { StatusIncident } from '../../domain/status-page.ts';
import { pastTime, plainText, plainUrl } from './plain-text.ts';
import { LONGEST_TITLE, MOST_INCIDENTS, type StatusPageReading } from './reading.ts';
import { progressOf } from './vocabulary.ts';
import { decodeEntities, elementsOf, withoutCdata, withoutTags } from './xml.ts';

const MOST_ITEMS = 50;
/** A feed is a history, and people forget to close an entry: what is older counts as over. */
const OLDEST_OPEN_MS = 7 * 86_400_000;

/**
 * The open incidents of an RSS or Atom feed. An item counts only when everything about it says so: dated within
 * a week, of type incident or of no type, with updates that we know and none that closes it. A feed tells
 * neither impact nor components. Undefined when the text is no whole feed.
 */
export function readFeed(body: string, now: number): StatusPageReading | undefined {
  const xml = withoutCdata(body).trim();
  const kind = /<(rss|feed)[\s>]/.exec(xml.slice(0, 1000))?.[1];
  if (kind === undefined || !xml.endsWith(`</${kind}>`)) return undefined;
  const items = elementsOf(xml, kind === 'rss' ? 'item' : 'entry').slice(0, MOST_ITEMS);
  return { incidents: items.flatMap((item) => incidentOf(item, now)).slice(0, MOST_INCIDENTS) };
}

function incidentOf(item: string, now: number): StatusIncident[] {
  const title = plainText(withoutTags(decodeEntities(first(item, ['title']))), LONGEST_TITLE);
  const since = pastTime(first(item, ['pubDate', 'published', 'updated']), now);
  if (title === '' || since === undefined || now - since > OLDEST_OPEN_MS) return [];
  const markup = decodeEntities(first(item, ['description', 'content', 'summary']));
  const type = /\bType: ?(\w+)/i.exec(withoutTags(markup))?.[1];
  const isIncident = type === undefined || type.toLowerCase() === 'incident';
  if (!isIncident || !isOpen(markup)) return [];
  return [{ title, impact: 'minor', since, url: plainUrl(linkOf(item)) }];
}

/**
 * Updates stand in bold: `<strong>Investigating</strong>`. Labels end in a colon, emphasis in a message has
 * several words. A single word that we do not know may mean the end, so the item is not taken as open.
 */
function isOpen(markup: string): boolean {
  const bold = boldTexts(markup);
  const tags = markup.match(/<\/?(?:strong|b)\b/gi) ?? [];
  // An update whose tags are damaged may be the one that closes it.
  if (tags.length !== 2 * bold.length || /\b(?:Resolved|Completed)\b/.test(withoutTags(markup))) return false;
  const words = bold.filter((text) => /^\S*$/.test(text) && !text.endsWith(':'));
  return words.length > 0 && words.every((word) => progressOf(word) === 'open');
}

function boldTexts(markup: string): string[] {
  return [...markup.matchAll(/<(strong|b)\b[^<>]*>([^<>]{0,200})<\/\1>/gi)].map(([, , text]) =>
    withoutTags(text ?? ''),
  );
}

/** The text of the first element that is there under one of the names. */
function first(item: string, names: readonly string[]): string {
  for (const name of names) {
    const found = elementsOf(item, name)[0];
    if (found !== undefined) return found;
  }
  return '';
}

/** RSS has the address as text, Atom in an attribute. */
function linkOf(item: string): string {
  const attribute = /<link\b[^<>]*\bhref="([^"<>]{1,300})"/i.exec(item)?.[1];
  return decodeEntities(attribute ?? first(item, ['link'])).trim();
}
