import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Engine } from '../engine.ts';

/** What a short-lived token is good for. */
export interface TokenClaims {
  readonly purpose: 'apps' | 'cdn';
  readonly account: string;
  /** The key that the token was made with. */
  readonly keyId: string;
  /** Apps that may be called with it, for example `fal-ai/flux`. */
  readonly apps?: readonly string[] | undefined;
}

interface Payload extends TokenClaims {
  /** Seconds since the epoch. */
  readonly exp: number;
}

/** Issues and reads short-lived tokens: JSON web tokens, signed with HMAC-SHA-256 (RFC 7519, RFC 7515). */
export class TokenMint {
  readonly #engine: Engine;
  readonly #secret: string;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#secret = Array.from({ length: 64 }, () => engine.random.integer(16).toString(16)).join('');
  }

  /** A token and when it ends, ms since the epoch. */
  issue(claims: TokenClaims, lifetimeSeconds: number): { token: string; expiresAt: number } {
    const exp = Math.floor(this.#engine.clock.now() / 1000) + lifetimeSeconds;
    const content = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ ...claims, exp })}`;
    return { token: `${content}.${this.#sign(content)}`, expiresAt: exp * 1000 };
  }

  /** The claims of a token that is ours, has this purpose and is not past its time. */
  read(token: string, purpose: TokenClaims['purpose']): TokenClaims | undefined {
    const [header = '', body = '', signature = ''] = token.split('.');
    const given = Buffer.from(signature);
    const right = Buffer.from(this.#sign(`${header}.${body}`));
    if (given.byteLength !== right.byteLength || !timingSafeEqual(given, right)) return undefined;
    const payload = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Payload;
    const isFresh = this.#engine.clock.now() < payload.exp * 1000;
    return isFresh && payload.purpose === purpose ? payload : undefined;
  }

  #sign(content: string): string {
    return createHmac('sha256', this.#secret).update(content).digest('base64url');
  }
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
}
