/** Longest endpoint id that becomes a label, in characters. */
const LONGEST = 200;

/**
 * The endpoint id of a call as a label: owner/app/path. A full URL loses its host and its query (which may hold a
 * token); the legacy form `110602490-lora` becomes `110602490/lora`, as the client itself rewrites it; what is no
 * text is `_OTHER`.
 */
export function endpointIdOf(given: unknown): string {
  if (typeof given !== 'string') return '_OTHER';
  const path = given.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[?#].*$/s, '');
  const id = path.replace(/^\/+|\/+$/g, '').replace(/^(\d+)-([a-zA-Z0-9-]+)$/, '$1/$2');
  return id === '' ? '_OTHER' : id.slice(0, LONGEST);
}
