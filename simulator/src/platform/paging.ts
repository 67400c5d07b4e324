import { invalid } from './envelope.ts';

/** One page and the way to the next, with fal's names. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
  readonly has_more: boolean;
}

/** Pages by number; the cursor holds the number of the next page. */
export function numberedPage<T>(all: readonly T[], query: URLSearchParams, limit: number): Page<T> {
  const page = pageNumberOf(query);
  const items = all.slice((page - 1) * limit, page * limit);
  const hasMore = all.length > page * limit;
  return { items, has_more: hasMore, next_cursor: hasMore ? encode(String(page + 1)) : null };
}

/** The page that a cursor of `numberedPage` asks for, from 1. */
export function pageNumberOf(query: URLSearchParams): number {
  const cursor = query.get('cursor');
  if (cursor === null) return 1;
  const text = decode(cursor);
  const page = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (page < 1) throw invalid('cursor', 'the next_cursor of the page before');
  return page;
}

/** Where an item stands in a list that is sorted newest first. */
export interface Place {
  readonly at: number;
  readonly id: string;
}

/**
 * Pages by place; the cursor holds time and id of the last item, so that items which arrive during the walk
 * neither repeat nor hide any other.
 */
export function pageByPlace<T>(
  newestFirst: readonly T[],
  query: URLSearchParams,
  { limit, placeOf }: { readonly limit: number; readonly placeOf: (item: T) => Place },
): Page<T> {
  const after = placeFrom(query);
  const rest =
    after === undefined ? newestFirst : newestFirst.filter((item) => newerFirst(after, placeOf(item)) < 0);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const hasMore = rest.length > limit && last !== undefined;
  return { items, has_more: hasMore, next_cursor: hasMore ? cursorOf(placeOf(last)) : null };
}

/** Order of a list that is sorted newest first; the id decides between equal times. */
export function newerFirst(a: Place, b: Place): number {
  return b.at - a.at || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

function cursorOf(place: Place): string {
  return encode(`${new Date(place.at).toISOString()} ${place.id}`);
}

function placeFrom(query: URLSearchParams): Place | undefined {
  const cursor = query.get('cursor');
  if (cursor === null) return undefined;
  const [time = '', id] = decode(cursor).split(' ');
  const at = Date.parse(time);
  if (Number.isNaN(at) || id === undefined) throw invalid('cursor', 'the next_cursor of the page before');
  return { at, id };
}

function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function decode(cursor: string): string {
  return Buffer.from(cursor, 'base64').toString('utf8');
}
