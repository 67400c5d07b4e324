import { type KeyObject, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { Random } from '../random.ts';

/** What comes before the 32 secret bytes in a PKCS #8 file: https://www.rfc-editor.org/rfc/rfc8410#section-7. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A public half as a JSON web key: https://www.rfc-editor.org/rfc/rfc8037#section-2. */
export type PublishedKey = Readonly<Record<'kty' | 'crv' | 'x' | 'kid' | 'alg' | 'use', string>>;

interface KeyPair {
  readonly secret: KeyObject;
  readonly published: PublishedKey;
}

/**
 * The key pairs that webhooks are signed with. They follow from the seed, so that the same run gives the same
 * signatures; whoever trusts them trusts a simulator. The secret halves stay in here.
 */
export class SigningKeys {
  readonly #random: Random;
  /** The newest one signs. */
  #pairs: readonly KeyPair[];
  #made = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#pairs = [this.#newPair()];
  }

  /** The newest first. */
  get published(): readonly PublishedKey[] {
    return this.#pairs.map(({ published }) => published);
  }

  /** From now on another key signs. The old ones are published on only when they are kept. */
  rotate(keepOld: boolean): void {
    this.#pairs = [this.#newPair(), ...(keepOld ? this.#pairs : [])];
  }

  /** An Ed25519 signature of the UTF-8 text, in hexadecimal digits. */
  sign(message: string): string {
    const [newest] = this.#pairs;
    if (newest === undefined) throw new Error('there is no key to sign webhooks with');
    return sign(null, Buffer.from(message), newest.secret).toString('hex');
  }

  #newPair(): KeyPair {
    const bytes = Uint8Array.from({ length: 32 }, () => this.#random.integer(256));
    const secret = createPrivateKey({
      key: Buffer.concat([PKCS8_HEAD, bytes]),
      format: 'der',
      type: 'pkcs8',
    });
    this.#made += 1;
    const { x = '' } = createPublicKey(secret).export({ format: 'jwk' });
    const kid = `simulated-${this.#made}`;
    return { secret, published: { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' } };
  }
}
