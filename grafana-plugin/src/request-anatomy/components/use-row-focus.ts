import { type FocusEvent, type KeyboardEvent, type RefObject, useLayoutEffect } from 'react';

interface RowFocus {
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
}

/**
 * One stop of the Tab key for the whole table; arrows, Home and End go from row to row. Rows are the elements with
 * `data-row`. `content` changes when rows may have come or gone.
 */
export function useRowFocus(table: RefObject<HTMLElement | null>, content: unknown): RowFocus {
  useLayoutEffect(() => {
    const rows = rowsIn(table.current);
    if (rows.length > 0 && rows.every((row) => row.tabIndex !== 0)) makeStop(rows, rows[0]);
  }, [table, content]);
  return {
    onFocus: ({ target }) => {
      const row = target.closest<HTMLElement>('[data-row]');
      if (row !== null) makeStop(rowsIn(table.current), row);
    },
    onKeyDown: (event) => {
      const rows = rowsIn(table.current);
      const from = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null;
      const next = from === null ? undefined : rows[indexAfter(event.key, rows.indexOf(from), rows.length)];
      if (next === undefined) return;
      event.preventDefault();
      next.focus();
    },
  };
}

function rowsIn(table: HTMLElement | null): HTMLElement[] {
  return [...(table?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
}

function makeStop(rows: readonly HTMLElement[], stop: HTMLElement | undefined): void {
  for (const row of rows) row.tabIndex = row === stop ? 0 : -1;
}

/** -1 for a key that moves nothing. */
function indexAfter(key: string, index: number, length: number): number {
  switch (key) {
    case 'ArrowDown':
      return Math.min(index + 1, length - 1);
    case 'ArrowUp':
      return Math.max(index - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return -1;
  }
}
