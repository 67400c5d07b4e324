import type { ValueType } from './option.ts';
import { readBy } from './read-value.ts';

/** Where the exporter listens. `host` is a name or an address without brackets. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const HOST_NAME = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;
const IPV6 = /^[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9]{1,16})?$/;

/** Whether a text can be a host: a name, an IPv4 address, or an IPv6 address without brackets. */
export function isHost(text: string): boolean {
  return HOST_NAME.test(text) || (text.includes(':') && IPV6.test(text));
}

/** Writes an address the way it is read: brackets around IPv6. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** `host:port`, with IPv6 in brackets: `127.0.0.1:10464`, `[::1]:10464`. */
export const address: ValueType<Address> = {
  name: 'host:port',
  expects: 'host:port with a port from 0 (any free one) to 65535, such as 127.0.0.1:10464 or "[::1]:10464"',
  schema: readBy((written) => {
    const parsed = typeof written === 'string' ? parseAddress(written) : undefined;
    return parsed === undefined ? { ok: false, hint: addressHint(written) } : { ok: true, value: parsed };
  }),
};

function parseAddress(text: string): Address | undefined {
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2] ?? '';
  const port = Number(match?.[3]);
  const isBracketed = match?.[1] !== undefined;
  if (!isHost(host) || isBracketed !== host.includes(':') || !(port <= 65_535)) return undefined;
  return { host, port };
}

function addressHint(written: unknown): string | undefined {
  const text = typeof written === 'number' ? String(written) : typeof written === 'string' ? written : '';
  const port = /^(?:\*?:)?(\d{1,5})$/.exec(text)?.[1];
  if (port === undefined || Number(port) > 65_535) return undefined;
  return `write 127.0.0.1:${port} for this machine only, or 0.0.0.0:${port} for every network`;
}
