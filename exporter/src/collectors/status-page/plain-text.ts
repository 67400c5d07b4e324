/** Control and formatting characters, line separators: a foreign name must not rewrite what is around it. */
const DISTURBING = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;

/** One line of a foreign text: no control characters, single blanks, at most `limit` characters. */
export function plainText(text: string, limit: number): string {
  // Cut before the work: a name may be as long as the whole body.
  const line = text
    .slice(0, limit * 8)
    .toWellFormed()
    .replace(DISTURBING, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  if (line.length <= limit) return line;
  const characters = Array.from(line);
  return characters.length <= limit ? line : `${characters.slice(0, limit - 1).join('')}…`;
}

const LONGEST_URL = 300;

/** An address for people: https, without user, query and fragment. Undefined for anything else. */
export function plainUrl(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > LONGEST_URL || !URL.canParse(text)) return undefined;
  const { protocol, username, password, origin, pathname } = new URL(text);
  return protocol === 'https:' && username === '' && password === '' ? `${origin}${pathname}` : undefined;
}

const LONGEST_TIME = 64;
/** Clocks differ; what lies further ahead is no start of something that is going on. */
const MOST_AHEAD_MS = 3_600_000;

/** When something began, ms since the epoch; undefined for what is no time, or one still to come. */
export function pastTime(text: unknown, now: number): number | undefined {
  if (typeof text !== 'string' || text.length > LONGEST_TIME) return undefined;
  const at = Date.parse(text.trim());
  return at > 0 && at <= now + MOST_AHEAD_MS ? at : undefined;
}
