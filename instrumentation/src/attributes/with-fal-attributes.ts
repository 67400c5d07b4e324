import { type AsyncSlot, createAsyncSlot } from '../async-context.ts';
import { processWide } from '../process-wide.ts';
import type { FalAttributes } from './attribute-filter.ts';

/**
 * Runs `fn`, and says of every fal call inside it what only the app knows: its team, its feature. Only keys of the
 * option `attributes` are recorded. Inside of each other the sets are merged, and the inner value wins;
 * `undefined` takes one away. Returns and throws exactly what `fn` does.
 *
 * Calls after an await, in a timer or in a callback are inside as well, where the runtime has `AsyncLocalStorage`
 * (Node.js, Bun, Deno, Cloudflare with its compatibility flag, Vercel). Elsewhere, as in browsers, only the calls
 * that begin before the first await of `fn` are.
 *
 * ```ts
 * await withFalAttributes({ team: 'growth' }, () => fal.subscribe('fal-ai/flux/dev', { input }));
 * ```
 */
export function withFalAttributes<R>(attributes: FalAttributes, fn: () => R): R {
  const slot = attributeSlot();
  const merged = merge(slot.get(), attributes);
  return merged === undefined ? fn() : slot.run(merged, fn);
}

/** What the app says of the call that begins here: one frozen object for all of one `withFalAttributes`. */
export function currentFalAttributes(): FalAttributes | undefined {
  return attributeSlot().get();
}

/** Looked up once: it is asked for at every call. */
let slotOfProcess: AsyncSlot<FalAttributes> | undefined;

function attributeSlot(): AsyncSlot<FalAttributes> {
  return (slotOfProcess ??= processWide('attributes-1', () => createAsyncSlot<FalAttributes>()));
}

/** A copy, so that what the app does to its object later changes no call. Undefined when nothing can be read from it. */
function merge(outer: FalAttributes | undefined, inner: FalAttributes): FalAttributes | undefined {
  try {
    return Object.freeze({ ...outer, ...inner });
  } catch {
    return undefined;
  }
}
