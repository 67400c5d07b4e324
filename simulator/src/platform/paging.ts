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
 *
 * @param how `isRepeated` names items with which the page after begins again, as a fault of the list: the cursor then
 * holds the first item of its page too. A page always has one new item at least, so every walk comes to its end.
 */
export function pageByPlace<T>(
  newestFirst: readonly T[],
  query: URLSearchParams,
  how: {
    readonly limit: number;
    readonly placeOf: (item: T) => Place;
    readonly isRepeated?: (item: T) => boolean;
  },
): Page<T> {
  const { limit, placeOf, isRepeated = () => false } = how;
  const cursor = cursorIn(query);
  const isAfter = (place: Place, item: T): boolean => newerFirst(place, placeOf(item)) < 0;
  const rest = cursor === undefined ? newestFirst : newestFirst.filter((item) => isAfter(cursor.last, item));
  const again = repeatedFrom(newestFirst, cursor, { placeOf, isRepeated }).slice(0, limit - 1);
  const fresh = rest.slice(0, limit - again.length);
  const [first, last] = [fresh[0], fresh.at(-1)];
  const hasMore = rest.length > fresh.length && first !== undefined && last !== undefined;
  const firstToRepeat = fresh.some(isRepeated) ? first : undefined;
  return {
    items: [...again, ...fresh],
    has_more: hasMore,
    next_cursor: hasMore ? cursorOf(placeOf(last), firstToRepeat && placeOf(firstToRepeat)) : null,
  };
}

/** Which part of a list the page that is asked for can show; times of places, ms since the epoch. */
export interface PageWindow {
  /** Nothing newer than this. */
  readonly newest: number;
  /** What is older than this stood on no page before. */
  readonly freshBelow: number;
}

/** For lists that are too long to be made whole for each of their pages by place. */
export function pageWindowOf(query: URLSearchParams): PageWindow {
  const cursor = cursorIn(query);
  const freshBelow = cursor?.last.at ?? Infinity;
  return { newest: cursor?.first?.at ?? freshBelow, freshBelow };
}

/** Those items of the page before with which this one begins. */
function repeatedFrom<T>(
  newestFirst: readonly T[],
  cursor: Cursor | undefined,
  how: { readonly placeOf: (item: T) => Place; readonly isRepeated: (item: T) => boolean },
): readonly T[] {
  if (cursor?.first === undefined) return [];
  const { first, last } = cursor;
  return newestFirst.filter((item) => {
    if (!how.isRepeated(item)) return false;
    const place = how.placeOf(item);
    return newerFirst(first, place) <= 0 && newerFirst(place, last) <= 0;
  });
}

/** Order of a list that is sorted newest first; the id decides between equal times. */
export function newerFirst(a: Place, b: Place): number {
  return b.at - a.at || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

/** Where the page before ended, and where it began when some of it is to come again. */
interface Cursor {
  readonly last: Place;
  readonly first: Place | undefined;
}

function cursorOf(last: Place, first: Place | undefined): string {
  const text = ({ at, id }: Place): string => `${new Date(at).toISOString()} ${id}`;
  return encode(first === undefined ? text(last) : `${text(last)} ${text(first)}`);
}

function cursorIn(query: URLSearchParams): Cursor | undefined {
  const cursor = query.get('cursor');
  if (cursor === null) return undefined;
  const [lastTime, lastId, firstTime, firstId] = decode(cursor).split(' ');
  return {
    last: placeFrom(lastTime, lastId),
    first: firstTime === undefined ? undefined : placeFrom(firstTime, firstId),
  };
}

function placeFrom(time = '', id: string | undefined): Place {
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
