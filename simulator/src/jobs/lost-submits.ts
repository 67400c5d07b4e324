import { createHash } from 'node:crypto';

/** A repeat that comes later than this is taken for a new wish; clients back off for 1, 2 and 4 s. */
const WINDOW_MS = 30_000;

interface Submit {
  readonly requestId: string;
  readonly at: number;
  isLost: boolean;
}

/**
 * Remembers submits whose answer never arrived, to tell a repeated POST from a new one: fal knows no idempotency
 * key, so the repeat is a second job.
 */
export class LostSubmits {
  /** Oldest first, by fingerprint. */
  readonly #recent = new Map<string, Submit>();

  /** Notes a submit. @returns the request id of the earlier one that it repeats. */
  note(fingerprint: string, requestId: string, now: number): string | undefined {
    this.#forgetOld(now);
    const earlier = this.#recent.get(fingerprint);
    this.#recent.delete(fingerprint);
    this.#recent.set(fingerprint, { requestId, at: now, isLost: false });
    return earlier?.isLost === true ? earlier.requestId : undefined;
  }

  /** The answer to this submit was lost on the wire. */
  markLost(requestId: string): void {
    for (const submit of this.#recent.values()) {
      if (submit.requestId === requestId) submit.isLost = true;
    }
  }

  #forgetOld(now: number): void {
    for (const [fingerprint, submit] of this.#recent) {
      if (now - submit.at <= WINDOW_MS) return;
      this.#recent.delete(fingerprint);
    }
  }
}

/** Same key, endpoint and body give the same text; the body itself is not kept. */
export function submitFingerprint(keyId: string, endpointId: string, body: Uint8Array): string {
  return createHash('sha256').update(`${keyId} ${endpointId} `).update(body).digest('base64');
}
