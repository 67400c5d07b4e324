import { useTheme2 } from '@grafana/ui';
import type { ReactElement } from 'react';

/** Ids of the patterns in the page. */
export interface PatternIds {
  /** Lines across an empty cell: no data. */
  readonly hatch: string;
  /** Cuts stripes out of a bar: yours to mend. */
  readonly stripes: string;
  /** Cuts dots out of a bar: unclear. */
  readonly dots: string;
}

/** Ids that no other panel of the page has; `unique` may hold characters that an address inside SVG may not. */
export function patternIds(unique: string): PatternIds {
  const id = unique.replaceAll(/[^A-Za-z0-9]/g, '');
  return { hatch: `falobs-hatch-${id}`, stripes: `falobs-stripes-${id}`, dots: `falobs-dots-${id}` };
}

/** The patterns that the bars of a panel refer to; once per panel. Not `display: none`: that would empty them. */
export function BarPatterns({ ids }: { readonly ids: PatternIds }): ReactElement {
  const { colors } = useTheme2();
  const ground = colors.background.primary;
  return (
    <svg width="0" height="0" style={{ position: 'absolute' }} aria-hidden="true" focusable="false">
      <defs>
        <pattern
          id={ids.hatch}
          width="4"
          height="4"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="1" height="4" fill={colors.text.disabled} />
        </pattern>
        <pattern id={ids.stripes} width="4" height="4" patternUnits="userSpaceOnUse">
          <rect y="2.5" width="4" height="1.5" fill={ground} />
        </pattern>
        <pattern id={ids.dots} width="3" height="4" patternUnits="userSpaceOnUse">
          <rect x="1" y="1" width="1.5" height="1.5" fill={ground} />
        </pattern>
      </defs>
    </svg>
  );
}
