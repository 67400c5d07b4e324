/** The row with this key: rows have it in `data-row`. */
export function rowElement(grid: HTMLElement | null, key: string): HTMLElement | undefined {
  const rows = grid?.querySelectorAll<HTMLElement>('[data-row]') ?? [];
  return [...rows].find((row) => row.dataset.row === key);
}

/** The row that something is in; undefined outside of all rows. */
export function rowAround(target: EventTarget): HTMLElement | undefined {
  return target instanceof Element ? (target.closest<HTMLElement>('[data-row]') ?? undefined) : undefined;
}

/** Follows the link of a row as a click would, so that Grafana opens it without loading the page anew. */
export function followLink(row: HTMLElement): void {
  const link = row.querySelector<HTMLElement>('[data-link]');
  if (link === null) return;
  // A menu of several links opens where the click is.
  const { left, bottom } = link.getBoundingClientRect();
  link.dispatchEvent(
    new MouseEvent('click', {
      bubbles: true,
      cancelable: true,
      view: window,
      clientX: left,
      clientY: bottom,
    }),
  );
}

/** Where in the window, in pixels, the middle of a bar has its foot; without a bar, the row. */
export function placeOf(
  row: HTMLElement,
  bucket: number | undefined,
  pitch: number,
): { x: number; y: number } {
  const bars = bucket === undefined ? null : row.querySelector('[data-bars]');
  const { left, bottom } = (bars ?? row).getBoundingClientRect();
  return { x: left + ((bucket ?? 0) + 0.5) * pitch, y: bottom };
}
