/** Longest text of an input or output that is put on a span, in characters. */
const LONGEST = 4096;

const DATA_URI = /^data:[^;,]*/i;
/** A URL of any kind up to its query, and the query. */
const QUERY = /\b([a-z][a-z0-9+.-]*:\/\/[^\s?#"'<>]+)[?#][^\s"'<>]*/gi;
/** The user and password before a host. */
const USER = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@"'<>]+@/gi;

/**
 * What a caller sent or got, as text for a span: JSON, cut to 4,096 characters, without the queries of URLs (they
 * carry signatures) and without the bytes of files and data URIs. Undefined when there is nothing. Never throws.
 */
export function contentOf(read: (() => unknown) | undefined): string | undefined {
  try {
    const text = JSON.stringify(read?.(), withoutSecrets) as string | undefined;
    return text !== undefined && text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  } catch {
    return '(cannot be shown)';
  }
}

function withoutSecrets(this: unknown, key: string, part: unknown): unknown {
  // As it was before its own `toJSON`, which lists the bytes of a Buffer.
  const original = (this as Readonly<Record<string, unknown>>)[key];
  if (typeof Blob !== 'undefined' && original instanceof Blob) return `(file of ${original.size} bytes)`;
  if (ArrayBuffer.isView(original) || original instanceof ArrayBuffer)
    return `(${original.byteLength} bytes)`;
  if (typeof part !== 'string') return part;
  const [dataUri] = DATA_URI.exec(part) ?? [];
  if (dataUri !== undefined) return `${dataUri};(${part.length} characters)`;
  return part.replaceAll(QUERY, '$1').replaceAll(USER, '$1');
}
