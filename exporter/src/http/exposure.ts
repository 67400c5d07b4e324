import { isIP } from 'node:net';
import { type ListenAddress, hostAndPort } from './listen-error.ts';
import type { WebConfig } from './web-config.ts';

/** True for addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === 'localhost' || host === '::1' || host.toLowerCase().startsWith('::ffff:127.');
}

/** What the operator should know about who can read the pages. */
export function exposureWarnings(address: ListenAddress, config: WebConfig | undefined): string[] {
  if (isLoopback(address.host)) return [];
  const where = hostAndPort(address);
  const hasTls = config?.tls !== undefined;
  const hasAuth = (config?.users.size ?? 0) > 0 || isMutual(config);
  if (!hasTls && !hasAuth) {
    return [
      `listening on ${where} without TLS and without login: everybody who reaches this address can read your balance, spending and models. Listen on 127.0.0.1, or name a web_config_file with basic_auth_users and tls_server_config.`,
    ];
  }
  if (!hasTls) {
    return [
      `listening on ${where} with a login but without TLS: passwords cross the network in clear text. Add tls_server_config to the web_config_file.`,
    ];
  }
  return [];
}

function isMutual(config: WebConfig | undefined): boolean {
  return config?.tls?.clientAuth === 'RequireAndVerifyClientCert';
}
