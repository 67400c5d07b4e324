import { type GrafanaTheme2, colorManipulator } from '@grafana/data';
import type { CSSProperties } from 'react';
import type { SegmentName } from '../anatomy/part.ts';

/** Colour and pattern of a part: either alone tells it from the others. */
export function partLook(theme: GrafanaTheme2, name: SegmentName): CSSProperties {
  const ink = colorManipulator.alpha(theme.colors.background.primary, 0.55);
  switch (name) {
    case 'queue':
      return {
        backgroundColor: theme.visualization.getColorByName('orange'),
        backgroundImage: `repeating-linear-gradient(135deg, transparent 0 4px, ${ink} 4px 6px)`,
      };
    case 'inference':
      return { backgroundColor: theme.visualization.getColorByName('blue') };
    case 'upload':
      return {
        backgroundColor: theme.visualization.getColorByName('purple'),
        backgroundImage: `radial-gradient(${ink} 1.4px, transparent 1.6px)`,
        backgroundSize: '6px 6px',
      };
    case 'fetch':
      return {
        backgroundColor: theme.visualization.getColorByName('green'),
        backgroundImage: `repeating-linear-gradient(90deg, transparent 0 3px, ${ink} 3px 5px)`,
      };
    case 'rest':
      return {
        backgroundColor: theme.colors.text.disabled,
        backgroundImage: `repeating-linear-gradient(0deg, transparent 0 2px, ${ink} 2px 4px)`,
      };
  }
}
