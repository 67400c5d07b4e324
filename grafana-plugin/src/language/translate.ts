import { t as translate } from '@grafana/i18n';

/** Values that take the place of `{{name}}` in a text. */
export type TextValues = Readonly<Record<string, string | number>>;

/**
 * A text that a person reads: the translation of `key`, or `english` where there is none (yet). Both must be plain
 * string literals, because locales/en-US is generated from the calls. React escapes what it renders, so the
 * translation must not escape as well: i18next would show fal-ai/flux as "fal-ai&#x2F;flux".
 */
export function t(key: string, english: string, values: TextValues = {}): string {
  return translate(key, english, { ...values, interpolation: { escapeValue: false } });
}
