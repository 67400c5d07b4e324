import type * as OpenTelemetryApi from '@opentelemetry/api';
import type * as InstrumentationPackage from '@opentelemetry/instrumentation';
import { register } from 'node:module';
import { processWide } from '../process-wide.ts';
import type * as OwnPackage from '../index.ts';
import { PACKAGE_NAME } from '../version.ts';
import { type Environment, isTrue, valueOf } from './environment.ts';
import { readFalSettings } from './fal-settings.ts';
import type { EndingProcess } from './flush-on-exit.ts';
import { hookImports } from './import-hook.ts';
import { isPackageManager } from './package-manager.ts';
import { type PackageLoader, installCommand, loaderOf, missingOf } from './packages.ts';
import { startSdk } from './sdk.ts';
import { readSdkSettings } from './sdk-settings.ts';

/** What surrounds the preset. */
export interface Host {
  readonly env: Record<string, string | undefined>;
  readonly isMainThread: boolean;
  /** Path of the script that Node runs, if it runs one. */
  readonly program: string | undefined;
  /** Address of the entry that was loaded. */
  readonly url: string;
  /** The main entry of this package, as its neighbour names it. */
  readonly ownEntry: string;
  readonly load: PackageLoader;
  readonly readFile: (path: string) => string;
  readonly process: EndingProcess;
  /** A line on standard error, for what OpenTelemetry cannot tell because it is not there. */
  readonly say: (line: string) => void;
}

const API = '@opentelemetry/api';
const INSTRUMENTATION = '@opentelemetry/instrumentation';
const SDK = '@opentelemetry/sdk-node';

/**
 * Measures an app that knows nothing of it, once per process. Whatever is wrong, the app starts: without
 * OpenTelemetry, or when nothing works, it runs as it would have, and one line says why it is not measured.
 */
export function startPreset(host: Host): void {
  if (!host.isMainThread || isTrue(host.env, 'OTEL_SDK_DISABLED') || isPackageManager(host.program)) return;
  const once = processWide('register-1', () => ({ hasStarted: false }));
  if (once.hasStarted) return;
  once.hasStarted = true;
  try {
    start(host);
  } catch (error) {
    const cause = error instanceof Error ? (error.stack ?? error.message) : `a ${typeof error} was thrown`;
    host.say(`${PACKAGE_NAME}: could not start, so this process is not measured. The app runs on. ${cause}`);
  }
}

function start(host: Host): void {
  const { env, load } = host;
  const taken = registeredGlobals();
  // Without a MeterProvider the app has no SDK of its own for metrics, so that we need one.
  const hasOwnSdk = taken.has('metrics');
  const missing = missingOf(load, hasOwnSdk ? [API, INSTRUMENTATION] : [API, INSTRUMENTATION, SDK]);
  if (missing.length > 0) return sayMissing(host, missing);

  const api = load(API) as typeof OpenTelemetryApi;
  if (!taken.has('diag')) api.diag.setLogger(new api.DiagConsoleLogger(), { logLevel: logLevelOf(api, env) });
  const fal = readFalSettings(env, host.readFile);
  const sdk = readSdkSettings(env);
  sayProblems(api, [...fal.problems, ...(hasOwnSdk ? [] : sdk.problems)]);

  hookImports({ load: loaderOf(load, INSTRUMENTATION), parentUrl: host.url, register });
  const { FalInstrumentation } = load(host.ownEntry) as typeof OwnPackage;
  const instrumentation = new FalInstrumentation(fal.config);
  if (hasOwnSdk) {
    const { registerInstrumentations } = load(INSTRUMENTATION) as typeof InstrumentationPackage;
    registerInstrumentations({ instrumentations: [instrumentation] });
  } else {
    startSdk({ instrumentation, settings: sdk, taken, api, env, load, process: host.process });
  }
}

/** What somebody has registered with the OpenTelemetry API; this register is how its copies find each other. */
function registeredGlobals(): ReadonlySet<string> {
  const registered = (globalThis as unknown as Record<symbol, object | undefined>)[
    Symbol.for('opentelemetry.js.api.1')
  ];
  return new Set(Object.keys(registered ?? {}));
}

function logLevelOf(api: typeof OpenTelemetryApi, env: Environment): OpenTelemetryApi.DiagLogLevel {
  const wanted = valueOf(env, 'OTEL_LOG_LEVEL')?.toUpperCase() ?? 'WARN';
  const level: unknown = (api.DiagLogLevel as Readonly<Record<string, unknown>>)[wanted];
  return typeof level === 'number' ? level : api.DiagLogLevel.WARN;
}

function sayMissing({ say, load, readFile }: Host, missing: readonly string[]): void {
  const command = installCommand(load, missing, readFile);
  say(
    `${PACKAGE_NAME}: /register needs ${missing.join(' and ')}, which the app has not installed. The app runs, and is not measured. Install it: ${command}`,
  );
}

function sayProblems({ diag }: typeof OpenTelemetryApi, problems: readonly string[]): void {
  if (problems.length > 0)
    diag.warn(`${PACKAGE_NAME}: left out of the environment: ${problems.join('; ')}. The rest holds.`);
}
