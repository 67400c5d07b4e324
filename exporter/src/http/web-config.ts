import { dirname, resolve } from 'node:path';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { constants } from 'node:crypto';
import { parseDocument } from 'yaml';
import type { FileSystem } from './file-system.ts';
import { type HeaderConfig, type TlsServerConfig, webConfigSchema } from './web-config-schema.ts';

/** A web configuration that was read, checked, and can be used. */
export interface WebConfig {
  readonly tls?: TlsSettings | undefined;
  readonly headers: HeaderConfig;
  /** User name to bcrypt hash; empty when nobody needs to log in. */
  readonly users: ReadonlyMap<string, string>;
  readonly rateLimit?: { readonly intervalMs: number; readonly burst: number } | undefined;
}

export interface TlsSettings {
  readonly context: SecureContextOptions;
  readonly clientAuth: TlsServerConfig['client_auth_type'];
  readonly allowedSans?: readonly string[] | undefined;
}

/** The web configuration cannot be used. The message lists every problem with its path, and no secrets. */
export class WebConfigError extends Error {
  override readonly name = 'WebConfigError';
  readonly problems: readonly string[];

  constructor(path: string, problems: readonly string[]) {
    super(
      `cannot use the web configuration ${path}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

/**
 * Reads the file again only when it, or a file that it names, has changed. A broken file throws at each read
 * until it is mended: the caller must refuse the request, never serve it openly.
 */
export class WebConfigFile {
  readonly #path: string;
  readonly #files: FileSystem;
  #last: { readonly fingerprint: string; readonly result: WebConfig | WebConfigError } | undefined;
  #named: readonly string[] = [];

  constructor(path: string, files: FileSystem) {
    this.#path = resolve(path);
    this.#files = files;
  }

  /** Throws a WebConfigError with all problems at once. */
  current(): WebConfig {
    const before = this.#fingerprint();
    if (this.#last === undefined || before === undefined || this.#last.fingerprint !== before) {
      const result = this.#load();
      this.#last = { fingerprint: before === this.#fingerprint() ? (before ?? '') : '', result };
    }
    const { result } = this.#last;
    if (result instanceof WebConfigError) throw result;
    return result;
  }

  #fingerprint(): string | undefined {
    try {
      return [this.#path, ...this.#named].map((path) => this.#files.fingerprint(path)).join('|');
    } catch {
      return undefined;
    }
  }

  #load(): WebConfig | WebConfigError {
    this.#named = [];
    try {
      return this.#use(parseWebConfig(this.#files.read(this.#path)));
    } catch (error) {
      return new WebConfigError(this.#path, error instanceof Problems ? error.list : [reasonOf(error)]);
    }
  }

  #use(parsed: ReturnType<typeof parseWebConfig>): WebConfig {
    const tls = parsed.tls_server_config ?? undefined;
    const fullPath = (path: string): string => resolve(dirname(this.#path), path);
    if (tls !== undefined) {
      this.#named = [tls.cert_file, tls.key_file, tls.client_ca_file ?? []].flat().map(fullPath);
    }
    const { interval = 0, burst = 0 } = parsed.rate_limit ?? {};
    return {
      tls: tls && this.#tlsSettings(tls, fullPath),
      headers: parsed.http_server_config?.headers ?? {},
      users: new Map(Object.entries(parsed.basic_auth_users ?? {})),
      rateLimit: interval > 0 ? { intervalMs: interval, burst } : undefined,
    };
  }

  #tlsSettings(tls: TlsServerConfig, fullPath: (path: string) => string): TlsSettings {
    const problems: string[] = [];
    const read = (key: 'cert_file' | 'key_file' | 'client_ca_file'): string | undefined => {
      const path = tls[key];
      if (path === undefined) return undefined;
      try {
        return this.#files.read(fullPath(path));
      } catch (error) {
        problems.push(`tls_server_config.${key}: cannot read ${fullPath(path)}: ${reasonOf(error)}`);
        return undefined;
      }
    };
    const context: SecureContextOptions = {
      cert: read('cert_file'),
      key: read('key_file'),
      ca: read('client_ca_file'),
      minVersion: NODE_TLS_VERSION[tls.min_version],
      maxVersion: NODE_TLS_VERSION[tls.max_version],
      // A resumed session would skip the check of a client certificate under new rules.
      ...(tls.client_auth_type === 'NoClientCert' ? {} : { secureOptions: constants.SSL_OP_NO_TICKET }),
    };
    if (problems.length === 0) {
      try {
        createSecureContext(context);
      } catch (error) {
        problems.push(`tls_server_config: certificate and key cannot be used: ${reasonOf(error)}`);
      }
    }
    if (problems.length > 0) throw new Problems(problems);
    return { context, clientAuth: tls.client_auth_type, allowedSans: tls.client_allowed_sans };
  }
}

const NODE_TLS_VERSION = { TLS10: 'TLSv1', TLS11: 'TLSv1.1', TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const;

class Problems extends Error {
  readonly list: readonly string[];

  constructor(list: readonly string[]) {
    super(list.join('; '));
    this.list = list;
  }
}

function parseWebConfig(text: string): ReturnType<typeof webConfigSchema.parse> {
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) {
    throw new Problems(document.errors.map((error) => `not YAML: ${error.message.split('\n')[0] ?? ''}`));
  }
  // An empty file is a valid one that asks for nothing.
  const raw: unknown = document.toJS({ maxAliasCount: 10 }) ?? {};
  const result = webConfigSchema.safeParse(raw);
  if (result.success) {
    // A user that got lost on the way would leave the door open.
    const written = (raw as { basic_auth_users?: object | null }).basic_auth_users ?? {};
    if (Object.keys(written).length === Object.keys(result.data.basic_auth_users ?? {}).length)
      return result.data;
    throw new Problems(['basic_auth_users: holds a user name that cannot be used']);
  }
  throw new Problems(
    result.error.issues.map(({ path, message }) => {
      // In the place of a user name stands a secret's owner, but never the secret.
      const where = path.map(String).join('.');
      return where === '' ? message : `${where}: ${message}`;
    }),
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason';
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'no such file' : (error.message.split('\n')[0] ?? '');
}
