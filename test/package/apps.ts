/** Models that the apps use, one for each way to call, so that no count can stand in for another. */
export const RUN_MODEL = 'fal-ai/flux/schnell';
export const SUBSCRIBE_MODEL = 'fal-ai/fast-sdxl';

type Format = 'cjs' | 'mjs';

function load(format: Format, names: string, from: string): string {
  return format === 'cjs'
    ? `const { ${names} } = require('${from}');`
    : `import { ${names} } from '${from}';`;
}

const MAKE_CALLS = `
  await fal.run('${RUN_MODEL}', { input: { prompt: 'a lighthouse' } });
  await fal.subscribe('${SUBSCRIBE_MODEL}', { input: { prompt: 'a lighthouse' }, pollInterval: 50 });`;

/** Prints every sample of our metrics as JSON; buckets say nothing that the counts do not. */
const PRINT_SCRAPE = `
  const scrape = await fetch(\`http://localhost:\${process.env.OTEL_EXPORTER_PROMETHEUS_PORT}/metrics\`);
  const lines = (await scrape.text()).split('\\n').filter((line) => /^fal_client_(?!.*_bucket)/.test(line));
  const samples = lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]);
  console.log(JSON.stringify(Object.fromEntries(samples)));`;

const SIMULATOR_FETCH = `(input, init) => {
    const { host, pathname, search } = new URL(String(input));
    return fetch(\`\${process.env.SIMULATOR_URL}/\${host}\${pathname}\${search}\`, init);
  }`;

/** An app that knows nothing of telemetry: the singleton of the client, and the key from the environment. */
function app(format: Format): string {
  return `
${load(format, 'fal', '@fal-ai/client')}
fal.config({
  fetch: ${SIMULATOR_FETCH},
});
async function main() {${MAKE_CALLS}${PRINT_SCRAPE}
}
void main();
`;
}

const START_METRICS = `
const exporter = new PrometheusExporter({ port: Number(process.env.OTEL_EXPORTER_PROMETHEUS_PORT) });
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [exporter] }));`;

/** What a team writes that sets OpenTelemetry up by itself and loads it before the app. */
function telemetry(format: Format): string {
  const hook = `
import { register } from 'node:module';
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);`;
  return `
${load(format, 'metrics', '@opentelemetry/api')}
${load(format, 'PrometheusExporter', '@opentelemetry/exporter-prometheus')}
${load(format, 'registerInstrumentations', '@opentelemetry/instrumentation')}
${load(format, 'MeterProvider', '@opentelemetry/sdk-metrics')}
${load(format, 'FalInstrumentation', 'opentelemetry-instrumentation-fal')}
${format === 'mjs' ? hook : ''}
${START_METRICS}
registerInstrumentations({ instrumentations: [new FalInstrumentation()] });
`;
}

/** No hook: the client is handed over, so it also works when everything is in one file. */
const TYPED_APP = `
import { createFalClient } from '@fal-ai/client';
import { metrics } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { type FalTelemetryConfig, instrumentFal } from 'opentelemetry-instrumentation-fal';
${START_METRICS}
const config: FalTelemetryConfig = { prices: { '${RUN_MODEL}': 0.004 } };
const fal = instrumentFal(createFalClient({
  fetch: ${SIMULATOR_FETCH},
}), config);
async function main(): Promise<void> {${MAKE_CALLS}${PRINT_SCRAPE}
}
void main();
`;

/** The part of an app that is deployed to an edge runtime: nothing of Node, no process, no environment. */
const EDGE_APP = `
import { createFalClient } from '@fal-ai/client';
import { instrumentFal } from 'opentelemetry-instrumentation-fal/client';

export async function answer(simulator: string, credentials: string): Promise<void> {
  const fal = instrumentFal(createFalClient({
    credentials,
    fetch: (input, init) => {
      const { host, pathname, search } = new URL(String(input));
      return fetch(\`\${simulator}/\${host}\${pathname}\${search}\`, init);
    },
  }));${MAKE_CALLS}
}
`;

/** An edge runtime as the app sees it: web APIs, AsyncLocalStorage among the globals, no `process`. */
const EDGE_RUNTIME = `
import { AsyncLocalStorage } from 'node:async_hooks';
import { metrics } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
${START_METRICS}
const node = process;
const { SIMULATOR_URL, FAL_KEY } = node.env;
globalThis.AsyncLocalStorage = AsyncLocalStorage;
Reflect.deleteProperty(globalThis, 'process');
const { answer } = await import('./bundled/edge.mjs');
await answer(SIMULATOR_URL, FAL_KEY);
globalThis.process = node;
{${PRINT_SCRAPE}
}
`;

/** `import` and `require` must give the same things, or each has half of what happened. */
const SAME_BOTH_WAYS = `
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const differing = {};
for (const entry of ['', '/client', '/core']) {
  const imported = await import('opentelemetry-instrumentation-fal' + entry);
  const required = require('opentelemetry-instrumentation-fal' + entry);
  const names = new Set([...Object.keys(imported), ...Object.keys(required)]);
  differing['.' + entry] = [...names].filter((name) => imported[name] !== required[name]);
}
console.log(JSON.stringify(differing));
`;

/** Every entry by name, as a user types it; the wrong use must be an error, or the types say nothing. */
const TYPES = `
import { FalInstrumentation, instrumentFal, type FalTelemetryConfig } from 'opentelemetry-instrumentation-fal';
import * as client from 'opentelemetry-instrumentation-fal/client';
import { faultOf, type Fault } from 'opentelemetry-instrumentation-fal/core';
import 'opentelemetry-instrumentation-fal/register';

export const config: FalTelemetryConfig = { maxEndpoints: 10 };
export const instrumentation = new FalInstrumentation();
export const same: typeof instrumentFal = client.instrumentFal;
export const fault: Fault = faultOf('runner_disconnected');
// @ts-expect-error: a number, not a text
export const wrong: FalTelemetryConfig = { maxEndpoints: 'ten' };
`;

const CLIENT_TYPES = `
import { instrumentFal, type FalTelemetryConfig } from 'opentelemetry-instrumentation-fal/client';

export const config: FalTelemetryConfig = { maxEndpoints: 10 };
export const client: { readonly mine: string } = instrumentFal({ mine: 'still' }, config);
`;

/** Sources by file name. */
export const APP_FILES: Readonly<Record<string, string>> = {
  'app.cjs': app('cjs'),
  'app.mjs': app('mjs'),
  'telemetry.cjs': telemetry('cjs'),
  'telemetry.mjs': telemetry('mjs'),
  'typed.mts': TYPED_APP,
  'types.mts': TYPES,
  'types.cts': TYPES,
  'types-client.mts': CLIENT_TYPES,
  'edge.mts': EDGE_APP,
  'edge-runtime.mjs': EDGE_RUNTIME,
  'same-both-ways.mjs': SAME_BOTH_WAYS,
};

/** A way to put the package to use. */
export interface Use {
  readonly name: string;
  /** Command line after `node`. */
  readonly args: readonly string[];
}

const REGISTER = 'opentelemetry-instrumentation-fal/register';

export const USES: readonly Use[] = [
  { name: 'CommonJS app, own telemetry', args: ['--require', './telemetry.cjs', 'app.cjs'] },
  { name: 'ES module app, own telemetry', args: ['--import', './telemetry.mjs', 'app.mjs'] },
  // The flag is for the oldest Node; newer ones strip types anyway.
  { name: 'TypeScript app, instrumentFal', args: ['--experimental-strip-types', 'typed.mts'] },
  { name: 'bundle of everything, instrumentFal', args: ['bundled/typed.cjs'] },
  { name: 'edge bundle, /client', args: ['edge-runtime.mjs'] },
  { name: 'CommonJS app, --require /register', args: ['--require', REGISTER, 'app.cjs'] },
  { name: 'ES module app, --import /register', args: ['--import', REGISTER, 'app.mjs'] },
  { name: 'CommonJS app, --import /register', args: ['--import', REGISTER, 'app.cjs'] },
];
