import type { PackageLoader } from './packages.ts';

/** Of import-in-the-middle, in the versions that have it. */
interface SyncHooks {
  readonly supportsSyncHooks: () => boolean;
  readonly register: (options: { readonly include: readonly string[] }) => void;
}

/** No other module of the app is touched. */
const INCLUDE = ['@fal-ai/client', '@fal-ai/serverless-client'];

/** Where the hook comes from, and how it is registered with Node. */
export interface HookSource {
  /** As seen from @opentelemetry/instrumentation, which brings the hook. */
  readonly load: PackageLoader;
  /** From where OpenTelemetry is found, for the thread of the loader. */
  readonly parentUrl: string;
  /** Of `node:module`. */
  readonly register: (specifier: string, parentUrl: string, options: { readonly data: unknown }) => void;
}

/**
 * Lets the instrumentation see modules that are loaded by `import`; what `require` loads it sees anyway.
 *
 * On the thread of the app where Node and OpenTelemetry can, because a thread for loader hooks costs some tenths of
 * a second at every start: Node 22.22.3 and 24.11.1, import-in-the-middle 3.3.
 */
export function hookImports({ load, parentUrl, register }: HookSource): void {
  const sync = syncHooksOf(load);
  if (sync?.supportsSyncHooks() === true) sync.register({ include: [...INCLUDE] });
  else register('@opentelemetry/instrumentation/hook.mjs', parentUrl, { data: { include: [...INCLUDE] } });
}

function syncHooksOf(load: PackageLoader): SyncHooks | undefined {
  try {
    return load('import-in-the-middle/register-hooks.mjs') as SyncHooks;
  } catch {
    return undefined;
  }
}
