/**
 * A web server whose pictures come from fal. Metrics wait for Prometheus on http://127.0.0.1:9464/metrics; those of
 * the family fal_client_attributed_* say which team asked.
 *
 *   OTEL_INSTRUMENTATION_FAL_ATTRIBUTES=team \
 *     node --import opentelemetry-instrumentation-fal/register express/server.js
 *   curl -H 'content-type: application/json' -H 'x-team: growth' -d '{"prompt":"a lighthouse"}' http://127.0.0.1:3000/images
 */
import express from 'express';
import { withFalAttributes } from 'opentelemetry-instrumentation-fal';
import { fal, MODEL } from '../lib/fal.js';

const app = express();
app.use(express.json());

// Holds for every fal call that this request leads to. Callers can send what they like: after twenty teams the
// others are `_OTHER`.
app.use((request, _response, next) => withFalAttributes({ team: request.get('x-team') }, next));

app.post('/images', async (request, response) => {
  const { data } = await fal.subscribe(MODEL, { input: { prompt: request.body.prompt } });
  response.json({ url: data.images[0].url });
});

// Measured already: the client's error went through the instrumentation, unchanged.
app.use((error, _request, response, _next) => {
  response.status(error.status === 422 ? 422 : 502).json({ error: 'the picture could not be made' });
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
