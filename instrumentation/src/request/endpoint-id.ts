/** Longest endpoint id that becomes a label, in characters. */
const LONGEST = 200;

/** Ids that have been read already; apps use a handful, and each is read at every call. */
const known = new Map<string, string>();
const MOST_KNOWN = 500;

/**
 * The endpoint id of a call as a label: owner/app/path. A full URL loses its host and its query (which may hold a
 * token); the legacy form `110602490-lora` becomes `110602490/lora`, as the client itself rewrites it; what is no
 * text is `_OTHER`.
 */
export function endpointIdOf(given: unknown): string {
  if (typeof given !== 'string') return '_OTHER';
  const before = known.get(given);
  if (before !== undefined) return before;
  const id = read(given);
  if (known.size < MOST_KNOWN) known.set(given, id);
  return id;
}

function read(given: string): string {
  const path = given.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[?#].*$/s, '');
  const id = path.replace(/^\/+|\/+$/g, '').replace(/^(\d+)-([a-zA-Z0-9-]+)$/, '$1/$2');
  return id === '' ? '_OTHER' : id.slice(0, LONGEST);
}
