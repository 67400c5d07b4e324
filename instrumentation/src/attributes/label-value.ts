/** Longest value of a label. A longer one is a text, and texts do not repeat. */
const LONGEST_VALUE = 64;

/** A value as a label: text of 1–64 characters. Undefined for what is unknown, empty, or no plain value. */
export function labelValueOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return undefined;
  // Half of a pair, left by the cut or sent by the app, is no valid text in any exposition format.
  const text = value
    .trim()
    .slice(0, LONGEST_VALUE)
    .trimEnd()
    .replaceAll(/\p{Surrogate}/gu, '\ufffd');
  return text === '' ? undefined : text;
}
