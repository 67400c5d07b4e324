import { Redis } from 'ioredis';

export const QUEUE = 'pictures';

/** BullMQ waits for Redis itself, so the driver must not give up on a command. */
export function connect() {
  return new Redis(process.env.REDIS_URL ?? 'redis://127.0.0.1:6379', { maxRetriesPerRequest: null });
}
