import { type Field, formattedValueToString, getValueFormat } from '@grafana/data';
import { t } from '../../language/translate.ts';
import type { ErrorRatio, Latency } from '../rows/row.ts';
import { isRatioUnit, secondsOf } from '../rows/units.ts';
import { secondsWords } from './time-words.ts';

/** A number in the unit of its field, otherwise in one that suits what it is. */
export function latencyWords({ p95 }: Latency): string {
  return written(p95.field, p95.value) ?? secondsWords(p95.value);
}

/** The limit in the unit of what is compared with it. */
export function limitWords({ p95, limitSeconds }: Latency): string {
  const { unit } = p95.field.config;
  const unitSeconds = secondsOf(1, unit);
  if (unitSeconds === undefined) return secondsWords(limitSeconds);
  return written(p95.field, limitSeconds / unitSeconds) ?? secondsWords(limitSeconds);
}

export function errorWords({ reading }: ErrorRatio): string {
  // The unit of the panel as a whole is that of P95; only a unit of ratios can be meant for this number.
  const own = isRatioUnit(reading.field.config.unit) ? written(reading.field, reading.value) : undefined;
  if (own !== undefined) return own;
  const decimals = reading.field.config.decimals ?? (reading.value === 0 ? 0 : 1);
  return formattedValueToString(getValueFormat('percentunit')(reading.value, decimals));
}

/** P95 and limit as a sentence. */
export function latencySentence(latency: Latency): string {
  const values = { p95: latencyWords(latency), limit: limitWords(latency) };
  if (latency.seconds === undefined) {
    return t('model-status.p95.incomparable', '{{p95}}: not a time, so not compared with the limit.', values);
  }
  const told = latency.isOver
    ? t('model-status.p95.over', 'P95 of {{p95}} is above the limit of {{limit}}.', values)
    : t('model-status.p95.within', 'P95 of {{p95}} is within the limit of {{limit}}.', values);
  return latency.isDefaultLimit
    ? `${told} ${t('model-status.p95.default', 'No limit is configured for this model; this is the default of the alert.')}`
    : told;
}

/** The error ratio in a sentence. */
export function errorSentence(errors: ErrorRatio): string {
  const values = { errors: errorWords(errors) };
  return errors.level > 0
    ? t('model-status.errors.over', '{{errors}} of the requests fail: at or above a threshold.', values)
    : t('model-status.errors.within', '{{errors}} of the requests fail: below the thresholds.', values);
}

function written(field: Field, value: number): string | undefined {
  const { unit } = field.config;
  // Grafana turns 75 s into 1.25 mins, and people know their limits in seconds.
  if (field.display === undefined || unit === undefined || unit === '' || unit === 's') return undefined;
  return formattedValueToString(field.display(value));
}
