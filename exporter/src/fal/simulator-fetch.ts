import type { Fetch } from 'opentelemetry-instrumentation-fal/core';

/**
 * Sends every call for a fal host to a fal-simulator instead: `https://queue.fal.run/x` becomes
 * `<simulatorUrl>/queue.fal.run/x`. The client has no base-URL option, so this is done under it.
 */
export function simulatorFetch(simulatorUrl: string, inner: Fetch): Fetch {
  const base = simulatorUrl.replace(/\/+$/, '');
  const { origin } = new URL(base);
  return function fetchFromSimulator(input, init) {
    const isRequest = typeof input === 'object' && 'method' in input;
    const url = new URL(isRequest ? input.url : String(input));
    // The simulator hands out upload addresses that are its own already.
    if (url.origin === origin) return inner(input, init);
    const local = `${base}/${url.host}${url.pathname}${url.search}`;
    return isRequest ? inner(new Request(local, input), init) : inner(local, init);
  };
}
