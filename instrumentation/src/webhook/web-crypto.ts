type Bytes = Uint8Array<ArrayBuffer>;

/**
 * The part of the Web Crypto API that is needed; `globalThis.crypto` has it. Written out, because neither the types
 * of the DOM nor those of Node can be counted on everywhere.
 */
export interface WebCrypto {
  readonly subtle: {
    digest(algorithm: 'SHA-256', data: Bytes): Promise<ArrayBuffer>;
    importKey(
      format: 'raw',
      key: Bytes,
      algorithm: { readonly name: 'Ed25519' },
      extractable: boolean,
      usages: 'verify'[],
    ): Promise<object>;
    verify(
      algorithm: { readonly name: 'Ed25519' },
      key: object,
      signature: Bytes,
      data: Bytes,
    ): Promise<boolean>;
  };
}
