/**
 * A route handler of Next.js. Copy this folder's three files into your app; metrics wait for Prometheus on
 * http://127.0.0.1:9464/metrics.
 *
 *   npm install opentelemetry-instrumentation-fal @opentelemetry/api @opentelemetry/instrumentation @opentelemetry/sdk-node
 *   npx next build && npx next start
 *   curl -d '{"prompt":"a lighthouse"}' http://127.0.0.1:3000/api/generate
 */
import { instrumentFal } from 'opentelemetry-instrumentation-fal/client';
import { fal, MODEL } from '../../../../lib/fal.js';

// Hooks do not reach a client that the bundler renames or puts into the app, this does. A client that is measured
// already stays as it is.
instrumentFal(fal);

export async function POST(request) {
  const { prompt } = await request.json();
  const { data, requestId } = await fal.subscribe(MODEL, { input: { prompt } });
  return Response.json({ requestId, url: data.images[0].url });
}
