import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Page, type Place, newerFirst, pageByPlace, pageWindowOf } from './paging.ts';

/** Every page from the first to the last; none may be longer than the limit. */
function walk(
  list: readonly Place[],
  limit: number,
  isRepeated: (item: Place) => boolean,
): { readonly pages: Place[][]; readonly windows: ReturnType<typeof pageWindowOf>[] } {
  const pages: Place[][] = [];
  const windows: ReturnType<typeof pageWindowOf>[] = [];
  let cursor: string | null = null;
  do {
    const query: URLSearchParams = new URLSearchParams(cursor === null ? {} : { cursor });
    const page: Page<Place> = pageByPlace(list, query, { limit, placeOf: (item) => item, isRepeated });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    expect(page.has_more).toBe(page.next_cursor !== null);
    pages.push([...page.items]);
    windows.push(pageWindowOf(query));
    cursor = page.next_cursor;
    expect(pages.length).toBeLessThan(200);
  } while (cursor !== null);
  return { pages, windows };
}

const lists = fc
  .uniqueArray(
    fc.record({ at: fc.integer({ min: 0, max: 20 }), id: fc.constantFrom('a', 'b', 'c', 'd/twin', 'e') }),
    { maxLength: 60, selector: ({ at, id }) => `${at} ${id}` },
  )
  .map((places) => places.toSorted(newerFirst));

test('a page begins with those of the page before that are to come again, and then goes on where that one ended', () => {
  fc.assert(
    fc.property(
      lists,
      fc.integer({ min: 1, max: 15 }),
      fc.constantFrom('', 'a', 'abc'),
      (list, limit, ids) => {
        const isRepeated = ({ id }: Place): boolean => ids.includes(id);
        const { pages, windows } = walk(list, limit, isRepeated);
        let fresh: Place[] = [];
        const seen: Place[] = [];
        for (const [index, page] of pages.entries()) {
          const again = fresh.filter(isRepeated).slice(0, limit - 1);
          expect(page.slice(0, again.length)).toEqual(again);
          fresh = page.slice(again.length);
          const window = windows[index];
          for (const { at } of page) expect(at).toBeLessThanOrEqual(window?.newest ?? NaN);
          for (const { at } of fresh) expect(at).toBeLessThanOrEqual(window?.freshBelow ?? NaN);
          seen.push(...fresh);
        }
        expect(seen).toEqual(list);
      },
    ),
  );
});
