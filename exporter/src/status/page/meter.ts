import { type Html, html } from './html.ts';

const BAR_WIDTH = 200;

/** How much of a cap is used, as a bar; the words beside it tell the numbers. */
export function meter(used: number, cap: number): Html {
  const share = cap > 0 ? Math.min(1, Math.max(0, used) / cap) : 1;
  return html`<svg
    class="meter ${share >= 1 && 'full'}"
    viewBox="0 0 ${BAR_WIDTH} 8"
    width="${BAR_WIDTH}"
    height="8"
    aria-hidden="true"
    focusable="false"
  >
    <rect class="meter-ground" width="${BAR_WIDTH}" height="8" />
    <rect class="meter-used" width="${Math.round(share * BAR_WIDTH)}" height="8" />
  </svg>`;
}
