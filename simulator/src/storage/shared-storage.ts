import type { Engine } from '../engine.ts';
import { FileStore } from './file-store.ts';
import { TokenMint } from './token-mint.ts';

/** What the REST host and the CDN of one simulator have in common. */
export interface SharedStorage {
  readonly files: FileStore;
  readonly mint: TokenMint;
}

/** Keyed by the engine, so that two simulators in one process share nothing and a forgotten one is freed. */
const byEngine = new WeakMap<Engine, SharedStorage>();

export function sharedStorageOf(engine: Engine): SharedStorage {
  const known = byEngine.get(engine);
  if (known !== undefined) return known;
  const fresh = { files: new FileStore(engine), mint: new TokenMint(engine) };
  byEngine.set(engine, fresh);
  return fresh;
}
