/**
 * Puts a picture into the queue. It makes no fal calls, so there is nothing to measure here.
 *
 *   node bullmq/producer.js "a lighthouse"
 */
import { Queue } from 'bullmq';
import { connect, QUEUE } from './queue.js';

const [prompt = 'a lighthouse at dusk'] = process.argv.slice(2);

const connection = connect();
const queue = new Queue(QUEUE, { connection });
const job = await queue.add(
  'picture',
  { prompt, team: 'growth', feature: 'onboarding' },
  // A second attempt of the job is a second request to fal, with its own price: it is counted as one.
  { attempts: 3, backoff: { type: 'exponential', delay: 500 } },
);
console.log(`job ${job.id} is queued`);
await queue.close();
await connection.quit();
