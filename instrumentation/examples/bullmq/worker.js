/**
 * Makes the pictures of the queue, and retries what fal fails. Metrics wait for Prometheus on
 * http://127.0.0.1:9464/metrics; those of the family fal_client_attributed_* have the team and the feature of the job.
 *
 *   OTEL_INSTRUMENTATION_FAL_ATTRIBUTES=team,feature \
 *     node --import opentelemetry-instrumentation-fal/register bullmq/worker.js
 */
import { UnrecoverableError, Worker } from 'bullmq';
import { withFalAttributes } from 'opentelemetry-instrumentation-fal';
import { fal, MODEL } from '../lib/fal.js';
import { connect, QUEUE } from './queue.js';

async function makePicture({ prompt }) {
  try {
    const { data } = await fal.subscribe(MODEL, { input: { prompt } });
    return data.images[0].url;
  } catch (error) {
    // The same prompt would be refused again.
    if (error.status === 422) throw new UnrecoverableError('fal refused the input');
    throw error;
  }
}

const connection = connect();
const worker = new Worker(
  QUEUE,
  ({ data }) => withFalAttributes({ team: data.team, feature: data.feature }, () => makePicture(data)),
  { connection, concurrency: 5 },
);
worker.on('completed', (job, url) => console.log(`job ${job.id} is done: ${url}`));
worker.on('failed', (job, error) => console.log(`job ${job?.id} failed: ${error.message}`));
worker.on('ready', () => console.log('waiting for jobs'));

// Jobs that are under way are finished first.
process.once('SIGTERM', async () => {
  await worker.close();
  await connection.quit();
});
