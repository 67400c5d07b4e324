/** Longest text of an input or output that is put on a span, in characters. */
const LONGEST = 4096;

/**
 * What a caller sent or got, as text for a span: JSON, cut to 4,096 characters, without the queries of URLs (they
 * carry signatures) and without the bytes of files and data URIs. Never throws.
 */
export function contentOf(value: unknown): string {
  try {
    const text = JSON.stringify(value, (_, part: unknown) => withoutSecrets(part)) ?? '';
    return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  } catch {
    return '(cannot be shown)';
  }
}

function withoutSecrets(part: unknown): unknown {
  if (typeof Blob !== 'undefined' && part instanceof Blob) return `(file of ${part.size} bytes)`;
  if (part instanceof Uint8Array || part instanceof ArrayBuffer) return `(${part.byteLength} bytes)`;
  if (typeof part !== 'string') return part;
  if (part.startsWith('data:')) return `${part.slice(0, part.search(/[;,]|$/))};(${part.length} characters)`;
  return part.replaceAll(/(https?:\/\/[^\s?#"']+)[?#][^\s"']*/g, '$1');
}
