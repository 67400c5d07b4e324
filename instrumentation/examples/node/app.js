/**
 * A script that knows nothing of its measurement. It is over before anybody could scrape it, so it pushes what was
 * measured when it ends: here to the console, with OTEL_METRICS_EXPORTER=otlp to a collector.
 *
 *   OTEL_METRICS_EXPORTER=console node --import opentelemetry-instrumentation-fal/register node/app.js "a lighthouse"
 */
import { fal, MODEL } from '../lib/fal.js';

const [prompt = 'a lighthouse at dusk'] = process.argv.slice(2);

const { data, requestId } = await fal.subscribe(MODEL, { input: { prompt } });

console.log(`${requestId}: ${data.images[0].url}`);
