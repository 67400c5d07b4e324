import { createHmac, randomBytes } from 'node:crypto';

/** Compares a password with a bcrypt hash, without blocking the event loop. */
export type ComparePassword = (password: string, hash: string) => Promise<boolean>;

export type AuthVerdict = 'open' | 'granted' | 'refused' | 'too_busy';

const CACHED_VERDICTS = 100;
/** Waiting comparisons beyond this are turned away: each costs tenths of a second of CPU. */
const MOST_WAITING = 20;

/** A valid salt and digest that no password is known for; only the cost in front of it varies. */
const NOBODYS_HASH = 'wZ3tyAFPBcarePy85DMzRukaLl7b3wKF2ju/hmBFfVWuAXmJpQYuG';

/**
 * HTTP basic authentication with the costs under control: an unknown user takes as much work as a known one,
 * one bcrypt runs at a time, and verdicts are remembered under a key that cannot collide.
 * Source of the last point: https://nvd.nist.gov/vuln/detail/CVE-2022-46146 (a cache key glued together from
 * user, hash and password let one pair pass for another).
 */
export class BasicAuth {
  readonly #compare: ComparePassword;
  readonly #secret = randomBytes(32);
  readonly #verdicts = new Map<string, boolean>();
  #queue: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(compare: ComparePassword) {
    this.#compare = compare;
  }

  /** `header`: the Authorization header as it came. */
  async check(users: ReadonlyMap<string, string>, header: string | undefined): Promise<AuthVerdict> {
    if (users.size === 0) return 'open';
    const credentials = readCredentials(header);
    if (credentials === undefined) return 'refused';
    const { user, password } = credentials;
    const known = users.get(user);
    const hash = known ?? nobodysHash(users);
    const key = this.#cacheKey(user, hash, password);
    const cached = this.#verdicts.get(key);
    if (cached !== undefined) return cached ? 'granted' : 'refused';
    if (this.#waiting >= MOST_WAITING) return 'too_busy';
    const isMatch = (await this.#oneAtATime(() => this.#compare(password, hash))) && known !== undefined;
    this.#remember(key, isMatch);
    return isMatch ? 'granted' : 'refused';
  }

  /** JSON keeps the parts apart, the keyed hash keeps the password out of memory. */
  #cacheKey(user: string, hash: string, password: string): string {
    return createHmac('sha256', this.#secret)
      .update(JSON.stringify([user, hash, password]))
      .digest('base64');
  }

  #remember(key: string, isMatch: boolean): void {
    const oldest = this.#verdicts.keys().next();
    if (this.#verdicts.size >= CACHED_VERDICTS && oldest.done !== true) this.#verdicts.delete(oldest.value);
    this.#verdicts.set(key, isMatch);
  }

  async #oneAtATime(work: () => Promise<boolean>): Promise<boolean> {
    this.#waiting += 1;
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => false);
    try {
      return await result;
    } finally {
      this.#waiting -= 1;
    }
  }
}

/** As expensive as the most expensive user, so that time does not tell who exists. */
function nobodysHash(users: ReadonlyMap<string, string>): string {
  const costs = [...users.values()].map((hash) => hash.slice(4, 6));
  return `$2b$${costs.sort().at(-1) ?? '10'}$${NOBODYS_HASH}`;
}

function readCredentials(header: string | undefined): { user: string; password: string } | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2})\s*$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
