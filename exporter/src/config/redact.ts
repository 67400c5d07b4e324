const REDACTED = '[redacted]';

/** fal's own form of a key, `<key_id>:<key_secret>` with a UUID and hexadecimal digits, wherever it stands. */
const KEY_SHAPE = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?::|%3a)[0-9a-f]{16,}/gi;

/** Shorter parts are words of the language as often as secrets; replacing them would garble every line. */
const SHORTEST_SECRET = 6;
const SHORTEST_ID = 16;

export type Redact = (text: string) => string;

/**
 * A function that takes every given key out of any text: the whole key, its id (16 characters or more) and
 * its secret (6 or more; so does a text without a colon), as they stand, URL-encoded, in JSON, and in base64 at any alignment (an
 * `Authorization: Basic` header, a token with the key inside). What has the form of a fal key goes too, known
 * or not. Empty and absent secrets are ignored.
 */
export function createRedactor(secrets: readonly (string | undefined)[]): Redact {
  const forms = new Set(secrets.flatMap((secret) => (secret === undefined ? [] : formsOf(secret.trim()))));
  const known = [...forms].sort((a, b) => b.length - a.length).map(escapeRegExp);
  const pattern = known.length === 0 ? undefined : new RegExp(known.join('|'), 'g');
  return (text) => {
    const withoutKnown = pattern === undefined ? text : text.replace(pattern, REDACTED);
    return withoutKnown.replace(KEY_SHAPE, REDACTED);
  };
}

/** Where texts that have the form of a fal key stand in a text, as offsets. */
export function findKeyShapes(text: string): readonly { readonly start: number; readonly end: number }[] {
  return [...text.matchAll(KEY_SHAPE)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}

function formsOf(secret: string): string[] {
  if (secret === '') return [];
  const colon = secret.indexOf(':');
  const id = colon < 0 ? '' : secret.slice(0, colon);
  const rest = colon < 0 ? '' : secret.slice(colon + 1);
  const parts = [
    ...(colon > 0 || secret.length >= SHORTEST_SECRET ? [secret] : []),
    ...(id.length >= SHORTEST_ID ? [id] : []),
    ...(rest.length >= SHORTEST_SECRET ? [rest] : []),
  ];
  return parts.flatMap((part) => [part, ...encodingsOf(part)]);
}

function encodingsOf(part: string): string[] {
  const url = encodeURIComponent(part.toWellFormed());
  const json = JSON.stringify(part).slice(1, -1);
  return [url, url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()), json, ...base64Forms(part)];
}

/**
 * Base64 packs three bytes into four characters, so a secret inside a longer text looks different for each of
 * three alignments. The characters that also depend on the neighbours are left off at both ends.
 */
function base64Forms(part: string): string[] {
  const bytes = Buffer.from(part, 'utf8');
  if (bytes.length < SHORTEST_SECRET) return [];
  return [0, 1, 2].flatMap((offset) => {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
    const first = Math.ceil((offset * 8) / 6);
    const end = Math.floor((shifted.length * 8) / 6);
    const standard = shifted.toString('base64').slice(first, end);
    return [standard, standard.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
