import { ERROR_TYPES, faultOf, type ErrorType } from 'opentelemetry-instrumentation-fal/core';
import { fixedColor, type Override } from '../grafana/index.ts';
import { FAULT_COLOR } from './fault-colors.ts';

/** Shades of one colour that are told apart in light and dark. */
const SHADES = ['', 'light-', 'dark-', 'super-light-', 'semi-dark-'] as const;

/** Each error type in a shade of the colour of whose fault it is, so that blue is the app’s in every panel. */
export const ERROR_TYPE_COLORS: readonly Override[] = [...typesByColor()].map(([color, types]) => ({
  match: { regexp: `/(^|: )(${types.join('|')})$/` },
  set: { color: fixedColor(color) },
}));

function typesByColor(): Map<string, string[]> {
  const byColor = new Map<string, string[]>();
  const seen = new Map<string, number>();
  for (const type of Object.keys(ERROR_TYPES) as ErrorType[]) {
    const color = FAULT_COLOR[faultOf(type)];
    const nth = seen.get(color) ?? 0;
    seen.set(color, nth + 1);
    const shade = color === 'text' ? '' : (SHADES[nth % SHADES.length] ?? '');
    byColor.set(`${shade}${color}`, [...(byColor.get(`${shade}${color}`) ?? []), type]);
  }
  return byColor;
}
