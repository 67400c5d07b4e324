/**
 * The client, set up once for all examples. Your app needs nothing of this: it imports '@fal-ai/client' and has
 * FAL_KEY in its environment. With FAL_SIMULATOR_URL every call goes to a fal-simulator, without a key and for free.
 */
import { fal } from '@fal-ai/client';

const simulator = process.env.FAL_SIMULATOR_URL;

if (simulator) {
  fal.config({
    credentials: process.env.FAL_KEY ?? 'simulated-key-id:simulated-key-secret',
    // The client has no option for another host: https://queue.fal.run/x becomes <simulator>/queue.fal.run/x.
    fetch: (address, init) => {
      const { host, pathname, search } = new URL(address);
      return fetch(`${simulator}/${host}${pathname}${search}`, init);
    },
  });
}

export { fal };

/** A fast and cheap model. */
export const MODEL = 'fal-ai/flux/schnell';
