/** Where to listen, as configured under `listen`. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** The server could not take its address. `code` is the system's, such as EADDRINUSE. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly code: string;

  constructor(address: ListenAddress, cause: NodeJS.ErrnoException) {
    const code = cause.code ?? 'unknown';
    super(`cannot listen on ${hostAndPort(address)}: ${explain(code, address, cause)}`, { cause });
    this.code = code;
  }
}

const CHANGE_IT =
  'or choose another address with the key `listen` of fal-exporter.yml (for example 127.0.0.1:10465)';

function explain(code: string, { host, port }: ListenAddress, cause: Error): string {
  switch (code) {
    case 'EADDRINUSE':
      return `another process uses this port. See which: \`ss -ltnp 'sport = :${port}'\` (Linux) or \`lsof -nP -iTCP:${port} -sTCP:LISTEN\` (macOS). Stop it, ${CHANGE_IT}.`;
    case 'EACCES':
      return `this user may not use port ${port}. Take a port above 1023, ${CHANGE_IT}.`;
    case 'EADDRNOTAVAIL':
      return `this machine has no address ${host}. Use one of its own, 127.0.0.1 or 0.0.0.0, ${CHANGE_IT}.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name ${host} cannot be resolved. Use an IP address, ${CHANGE_IT}.`;
    default:
      return `${cause.message} (${code}). Look at the address, ${CHANGE_IT}.`;
  }
}

/** `127.0.0.1:10464`, `[::1]:10464`. */
export function hostAndPort({ host, port }: ListenAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
