import type { Credentials } from '../config/config.ts';
import { ADMIN_COLLECTORS, type CollectorName } from '../domain/collector-name.ts';

/** Those that need no key at all. */
const PUBLIC_COLLECTORS: ReadonlySet<CollectorName> = new Set(['models', 'status-page']);

/** Which key a collector reads with. An ADMIN key could do everything; each is used for what only it can do. */
export function keyFor(collector: CollectorName): keyof Credentials | undefined {
  if (PUBLIC_COLLECTORS.has(collector)) return undefined;
  return ADMIN_COLLECTORS.has(collector) ? 'falAdminKey' : 'falKey';
}

/** Whether a collector has the key that it reads with. */
export function hasKeyFor(collector: CollectorName, keys: Credentials): boolean {
  const name = keyFor(collector);
  return name === undefined || keys[name] !== undefined;
}

interface KeyWords {
  readonly name: string;
  readonly remedy: string;
}

const KEY_WORDS: Readonly<Record<keyof Credentials, KeyWords>> = {
  falAdminKey: {
    name: 'an ADMIN key',
    remedy: 'set FAL_ADMIN_KEY or FAL_ADMIN_KEY_FILE to a key with ADMIN scope',
  },
  falKey: { name: 'an API key', remedy: 'set FAL_KEY or FAL_KEY_FILE to a key with API scope' },
};

export interface KeyNotesOptions {
  readonly warn: (message: string) => void;
  readonly info: (message: string) => void;
}

/** Says what is off for want of a key and how to mend it: once, and again only after a key came or went. */
export class KeyNotes {
  readonly #options: KeyNotesOptions;
  readonly #told = new Map<keyof Credentials, boolean>();

  constructor(options: KeyNotesOptions) {
    this.#options = options;
  }

  /** `wanted` are the collectors that the configuration wants to read. */
  tell(wanted: readonly CollectorName[], keys: Credentials): void {
    for (const key of ['falKey', 'falAdminKey'] as const) {
      const names = wanted.filter((collector) => keyFor(collector) === key);
      if (names.length > 0) this.#tellOf(key, names, keys[key] !== undefined);
    }
  }

  #tellOf(key: keyof Credentials, names: readonly CollectorName[], isThere: boolean): void {
    const wasThere = this.#told.get(key) ?? true;
    this.#told.set(key, isThere);
    if (isThere === wasThere) return;
    const { name, remedy } = KEY_WORDS[key];
    const list = new Intl.ListFormat('en-GB').format(names);
    if (isThere) this.#options.info(`read from now on, with ${name}: ${list}`);
    else this.#options.warn(`not read, because there is no ${name.replace(/^an /, '')}: ${list}; ${remedy}`);
  }
}
