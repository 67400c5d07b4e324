import type { WebCrypto } from './web-crypto.ts';
import { FalWebhookError } from './webhook-error.ts';

/** Whether the signature over the message was made by the private half. */
export type PublicKey = (signature: Bytes, message: Bytes) => Promise<boolean>;

type Bytes = Uint8Array<ArrayBuffer>;

/** The part of `node:crypto` that is needed, by shape: naming the module would tie every bundle to Node. */
export interface NodeCrypto {
  createHash(algorithm: 'sha256'): { update(data: Bytes): { digest(encoding: 'hex'): string } };
  createPublicKey(key: { key: Readonly<Record<string, string>>; format: 'jwk' }): unknown;
  verify(algorithm: null, data: Bytes, key: never, signature: Bytes): boolean;
}

const ED25519 = { name: 'Ed25519' } as const;

/**
 * SHA-256 and Ed25519 (RFC 8032) by Web Crypto, or by Node where a runtime's Web Crypto has no Ed25519. Only public
 * values are handled here, so nothing needs a comparison in constant time.
 */
export class Ed25519 {
  readonly #web: WebCrypto | undefined;
  readonly #node: () => NodeCrypto | undefined;

  /** @param node looked up only when Web Crypto cannot help: bundles for the edge must not name the module. */
  constructor(web: WebCrypto | undefined, node: () => NodeCrypto | undefined = builtinCrypto) {
    this.#web = web;
    this.#node = node;
  }

  /** Lower-case hexadecimal digits. @throws FalWebhookError `no_keys` in a runtime without any cryptography. */
  async sha256Hex(bytes: Bytes): Promise<string> {
    if (this.#web === undefined) {
      const node = this.#node();
      if (node === undefined) {
        throw new FalWebhookError('no_keys', 'this runtime has neither Web Crypto nor node:crypto');
      }
      return node.createHash('sha256').update(bytes).digest('hex');
    }
    const digest = new Uint8Array(await this.#web.subtle.digest('SHA-256', bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  /** The key with these 32 bytes; `undefined` when they are no key, or nothing here can use it. */
  async publicKey(raw: Bytes): Promise<PublicKey | undefined> {
    return (await this.#webKey(raw)) ?? this.#nodeKey(raw);
  }

  async #webKey(raw: Bytes): Promise<PublicKey | undefined> {
    const subtle = this.#web?.subtle;
    if (subtle === undefined) return undefined;
    try {
      const key = await subtle.importKey('raw', raw, ED25519, false, ['verify']);
      return (signature, message) => subtle.verify(ED25519, key, signature, message);
    } catch {
      return undefined;
    }
  }

  #nodeKey(raw: Bytes): PublicKey | undefined {
    try {
      const node = this.#node();
      if (node === undefined) return undefined;
      const jwk = { kty: 'OKP', crv: 'Ed25519', x: base64Url(raw) };
      const key = node.createPublicKey({ key: jwk, format: 'jwk' });
      return (signature, message) => Promise.resolve(node.verify(null, message, key as never, signature));
    } catch {
      return undefined;
    }
  }
}

function builtinCrypto(): NodeCrypto | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  return process?.getBuiltinModule?.('node:crypto') as NodeCrypto | undefined;
}

/** Bytes of base64url text (RFC 4648), padding optional; `undefined` for anything else. */
export function bytesOfBase64Url(text: string): Bytes | undefined {
  if (!/^[\w-]*={0,2}$/.test(text)) return undefined;
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function base64Url(bytes: Bytes): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
