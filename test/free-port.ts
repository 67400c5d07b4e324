import { createServer, type AddressInfo } from 'node:net';

/**
 * A loopback port that is free now. Somebody else may take it before it is used, so whoever starts a server on
 * it tries again with another one. Prefer port 0 where the server can say which one it got.
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
