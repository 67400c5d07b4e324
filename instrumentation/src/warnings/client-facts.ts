/** What a user of the client should know although nothing fails. Each is told once per process. */
export type WarningKind = 'deprecated_package' | 'proxy_ignored' | 'key_visible';

/** What the client asks to decide whether it runs in a browser, told by shape. */
export interface Environment {
  readonly isBrowser: boolean;
}

/** The client's own test for a browser: a window with a document. Source: @fal-ai/client, src/runtime.ts. */
export function environmentOf(globals: object = globalThis): Environment {
  const { window } = globals as { window?: { document?: unknown } };
  return { isBrowser: window?.document !== undefined };
}

/** What to say about a package that was loaded. */
export function warningsForPackage(packageName: string): readonly WarningKind[] {
  return packageName === '@fal-ai/serverless-client' ? ['deprecated_package'] : [];
}

/**
 * What to say about the argument of `fal.config` or `createFalClient`. Credentials that are a function are left
 * alone: to know what it gives, one would have to call it.
 */
export function warningsForConfig(config: unknown, { isBrowser }: Environment): readonly WarningKind[] {
  if (typeof config !== 'object' || config === null) return [];
  const { proxyUrl, credentials, suppressLocalCredentialsWarning }: ClientConfig = config;
  const isProxyIgnored = !isBrowser && appliesInBrowserOnly(proxyUrl);
  const isKeyVisible =
    isBrowser &&
    typeof credentials === 'string' &&
    credentials !== '' &&
    suppressLocalCredentialsWarning !== true;
  return [
    ...(isProxyIgnored ? (['proxy_ignored'] as const) : []),
    ...(isKeyVisible ? (['key_visible'] as const) : []),
  ];
}

interface ClientConfig {
  readonly proxyUrl?: unknown;
  readonly credentials?: unknown;
  /** The app says that it knows; true where showing the key is meant. */
  readonly suppressLocalCredentialsWarning?: unknown;
}

/** A text, or an object that does not say when: both mean browsers only, and nothing tells so. */
function appliesInBrowserOnly(proxyUrl: unknown): boolean {
  if (typeof proxyUrl === 'string') return proxyUrl !== '';
  return (
    typeof proxyUrl === 'object' && proxyUrl !== null && !('when' in proxyUrl && proxyUrl.when !== undefined)
  );
}
