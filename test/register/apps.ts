/** A client whose answers need no server; one call has been made when it is loaded. */
const ONE_CALL = `
import { fal } from '@fal-ai/client';
const headers = { 'content-type': 'application/json', 'x-fal-request-id': 'r', 'x-fal-billable-units': '2' };
fal.config({ credentials: 'id:secret', fetch: async () => new Response('{"images":[]}', { headers }) });
await fal.run('fal-ai/flux/schnell', { input: {} });
`;

/** Prints its own metrics. */
const SCRAPE = `
const { OTEL_EXPORTER_PROMETHEUS_HOST: host = '127.0.0.1', OTEL_EXPORTER_PROMETHEUS_PORT: port } = process.env;
console.log(await fetch(\`http://\${host}:\${port}/metrics\`).then((answer) => answer.text(), () => 'no metrics'));
`;

const WAIT = `
setInterval(() => undefined, 1000);
console.log('ready');
`;

/** Ends by the signal when nobody else listens, as the listeners of the package signal-exit do. */
const LEAVES_LAST = `
process.on('SIGTERM', function leave() {
  if (process.listenerCount('SIGTERM') > 1) return;
  process.removeListener('SIGTERM', leave);
  process.kill(process.pid, 'SIGTERM');
});
`;

/** Sources by file name. */
export const APPS = {
  'ends.mjs': `${ONE_CALL} console.log('done');`,
  'exit-code.mjs': `${ONE_CALL} process.exitCode = 3;`,
  'exits.mjs': `${ONE_CALL} process.exit(4);`,
  'throws.mjs': `${ONE_CALL} throw new Error('from the app');`,
  'rejects.mjs': `${ONE_CALL} void Promise.reject(new Error('from the app'));`,
  'waits.mjs': `${ONE_CALL} ${WAIT}`,
  'leaves.mjs': `${ONE_CALL} process.on('SIGTERM', () => process.exit(5)); ${WAIT}`,
  'leaves-last.mjs': `${ONE_CALL} ${LEAVES_LAST} ${WAIT}`,
  'scrapes.mjs': `${ONE_CALL} ${SCRAPE}`,
  // Two processes of one app: the first has the port as long as it lives.
  'parent.mjs': `${ONE_CALL}
import { spawnSync } from 'node:child_process';
await fetch(\`http://127.0.0.1:\${process.env.OTEL_EXPORTER_PROMETHEUS_PORT}/metrics\`);
const { status, stderr } = spawnSync(process.execPath, ['ends.mjs'], { encoding: 'utf8' });
console.log('child', status, stderr.trim());`,
  // What npm is to an app: it starts it, waits for it, and hands its environment on.
  'npm-cli.mjs': `
import { spawnSync } from 'node:child_process';
spawnSync(process.execPath, ['scrapes.mjs'], { stdio: 'inherit' });`,
  'worker.mjs': `
import { Worker } from 'node:worker_threads';
new Worker(new URL('./ends.mjs', import.meta.url)).on('exit', (code) => console.log('worker', code));`,
  // An SDK of the app's own, preloaded; it shows what it got when the process ends.
  'own-sdk.mjs': `
import { metrics } from '@opentelemetry/api';
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter });
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
process.once('beforeExit', async () => {
  await reader.forceFlush();
  const all = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  const { dataPoints } = all.find(({ descriptor }) => descriptor.name === 'fal.client.requests');
  console.log('own SDK:', dataPoints.reduce((sum, { value }) => sum + value, 0));
});`,
  // Tracing of the app's own that starts later, as that of Sentry does.
  'own-traces.mjs': `${ONE_CALL}
import { context, propagation, trace } from '@opentelemetry/api';
console.log(context.setGlobalContextManager({}), propagation.setGlobalPropagator({}), trace.setGlobalTracerProvider({}));`,
} as const;

export type App = keyof typeof APPS;
