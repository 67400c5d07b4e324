/** What every list of the Platform API has besides its rows. Source: https://api.fal.ai/v1/openapi.json */
export interface ListPage {
  readonly next_cursor?: string | null | undefined;
  readonly has_more?: boolean | null | undefined;
}

/**
 * Asks for page after page, `mostPages` of them at most, and hands each to `take`. Gives whether that was all that
 * fal has.
 */
export async function readPages<P extends ListPage>(
  ask: (cursor: string | undefined) => Promise<P>,
  take: (page: P) => void,
  mostPages: number,
): Promise<boolean> {
  let cursor: string | undefined;
  for (let pages = 0; pages < mostPages; pages++) {
    const page = await ask(cursor);
    take(page);
    const next = page.next_cursor ?? undefined;
    if (next === undefined || page.has_more === false) return page.has_more !== true;
    // A cursor that leads back to the page it came with would be followed for ever.
    if (next === cursor) return false;
    cursor = next;
  }
  return false;
}
