import {
  type FieldConfig,
  FieldType,
  type GrafanaTheme2,
  formattedValueToString,
  getDisplayProcessor,
} from '@grafana/data';
import { SECONDS, type Writing } from '../words/seconds-text.ts';

/** Seconds in our own words, unless the panel asks for another unit or for a number of decimals. */
export function writingOf(config: FieldConfig, theme: GrafanaTheme2): Writing {
  const { unit = 's', decimals } = config;
  if (unit === 's' && (decimals === undefined || decimals === null)) return SECONDS;
  const display = getDisplayProcessor({
    field: { type: FieldType.number, config: { ...config, unit, mappings: [] } },
    theme,
  });
  const one = (value: number): string => formattedValueToString(display(value));
  return {
    one,
    range: (low, high) => {
      if (high === Infinity) return `≥ ${one(low)}`;
      return low === high ? one(low) : `${one(low)}–${one(high)}`;
    },
  };
}
