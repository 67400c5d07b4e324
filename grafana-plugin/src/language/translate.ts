import { t as translate } from '@grafana/i18n';

/** Values that take the place of `{{name}}` in a text. */
export type TextValues = Readonly<Record<string, string | number>>;

/**
 * A text that a person reads: the translation of `key`, or `english` where there is none (yet). Both must be plain
 * string literals, because locales/en-US is generated from the calls. The values are put in here and
 * not by i18next, which escapes them (React does that as well: fal-ai/flux would read "fal-ai&#x2F;flux"), takes a
 * value called count for a plural, and sets its interpolation up anew for each call that asks it not to escape.
 */
export function t(key: string, english: string, values: TextValues = {}): string {
  const text = translate(key, english, { skipInterpolation: true });
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (placeholder, name: string) => {
    const value = values[name];
    return value === undefined ? placeholder : String(value);
  });
}
