import { createHash } from 'node:crypto';
import type { Engine } from '../engine.ts';

export interface StoreLimits {
  readonly files: number;
  /** All stored bytes together, unfinished uploads included. */
  readonly bytes: number;
}

/** Plenty for tests and demos, and flat for ever: the oldest files go first. */
export const DEFAULT_STORE_LIMITS: StoreLimits = { files: 1000, bytes: 256 * 1024 * 1024 };

const LONGEST_NAME = 100;

/** A file that can be read. */
export interface StoredFile {
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** Ms since the epoch; `undefined`: never. */
  readonly expiresAt: number | undefined;
}

/** What the caller said about a file before sending its bytes. */
export interface Announcement {
  readonly fileName: string;
  readonly contentType: string;
  /** From `X-Fal-Object-Lifecycle`; counted from the end of the upload. */
  readonly lifetimeSeconds: number | undefined;
}

/** An upload that was initiated and waits for its bytes. */
export interface PendingUpload extends Announcement {
  readonly isMultipart: boolean;
  /** The secret in the upload URL: whoever has it may write, without any key. */
  readonly signature: string;
  readonly parts: Map<number, { readonly bytes: Uint8Array; readonly etag: string }>;
}

/** The files of the simulated CDN, by path. Bounded in number and bytes. */
export class FileStore {
  readonly #engine: Engine;
  readonly #limits: StoreLimits;
  /** Insertion order is age. */
  readonly #files = new Map<string, StoredFile>();
  readonly #pending = new Map<string, PendingUpload>();
  #bytes = 0;

  constructor(engine: Engine, limits: StoreLimits = DEFAULT_STORE_LIMITS) {
    this.#engine = engine;
    this.#limits = limits;
  }

  /** Bytes held now, unfinished uploads included. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Makes room for an upload and gives the path that the file will have. */
  announce(file: Announcement, isMultipart: boolean): { path: string; signature: string } {
    const path = `/files/${this.#hexText(8)}/${this.#hexText(16)}_${safeName(file.fileName)}`;
    const signature = this.#hexText(32);
    this.#pending.set(path, { ...file, isMultipart, signature, parts: new Map() });
    this.#trim();
    return { path, signature };
  }

  pending(path: string): PendingUpload | undefined {
    return this.#pending.get(path);
  }

  /** Stores the bytes of an announced file; a repeated upload replaces them, as the client's retries need. */
  finish(path: string, file: Announcement, bytes: Uint8Array): void {
    this.#drop(path);
    const { lifetimeSeconds } = file;
    const expiresAt =
      lifetimeSeconds === undefined ? undefined : this.#engine.clock.now() + lifetimeSeconds * 1000;
    this.#files.set(path, { contentType: file.contentType, bytes, expiresAt });
    this.#bytes += bytes.byteLength;
    this.#trim();
  }

  /** Keeps one part of a multipart upload and gives its etag. */
  addPart(upload: PendingUpload, partNumber: number, bytes: Uint8Array): string {
    const etag = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
    this.#bytes += bytes.byteLength - (upload.parts.get(partNumber)?.bytes.byteLength ?? 0);
    upload.parts.set(partNumber, { bytes, etag });
    this.#trim();
    return etag;
  }

  /** Puts the parts together in their order and forgets them. */
  join(path: string, upload: PendingUpload): void {
    const parts = [...upload.parts].sort(([a], [b]) => a - b).map(([, { bytes }]) => bytes);
    this.#forgetUpload(path, upload);
    this.finish(path, upload, Buffer.concat(parts));
  }

  read(path: string): StoredFile | undefined {
    const file = this.#files.get(path);
    if (file?.expiresAt === undefined || this.#engine.clock.now() < file.expiresAt) return file;
    this.#drop(path);
    return undefined;
  }

  #trim(): void {
    while (this.#isTooBig(this.#files.size)) {
      const oldest = this.#files.keys().next();
      if (oldest.done === true) break;
      this.#drop(oldest.value);
    }
    while (this.#isTooBig(this.#pending.size)) {
      const oldest = this.#pending.entries().next();
      if (oldest.done === true) break;
      this.#forgetUpload(...oldest.value);
    }
  }

  #isTooBig(count: number): boolean {
    return count > this.#limits.files || this.#bytes > this.#limits.bytes;
  }

  #drop(path: string): void {
    this.#bytes -= this.#files.get(path)?.bytes.byteLength ?? 0;
    this.#files.delete(path);
  }

  #forgetUpload(path: string, upload: PendingUpload): void {
    for (const { bytes } of upload.parts.values()) this.#bytes -= bytes.byteLength;
    upload.parts.clear();
    this.#pending.delete(path);
  }

  #hexText(digits: number): string {
    return Array.from({ length: digits }, () => this.#engine.random.integer(16).toString(16)).join('');
  }
}

/** A file name that fits into a path segment: what is not a letter, digit, dot, dash or underscore becomes one. */
function safeName(fileName: string): string {
  return fileName.replace(/[^A-Za-z0-9._-]/g, '_').slice(-LONGEST_NAME) || 'file';
}
