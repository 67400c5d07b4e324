import { rmSync } from 'node:fs';
import { startAlertmanager, type Alertmanager } from '../alertmanager.ts';
import { startExporter, type ExporterOptions, type ExporterProcess } from '../exporter-process.ts';
import { startPagerDuty, type PagerDuty, type PagerDutyOptions } from '../pagerduty/pagerduty.ts';
import { startPrometheus, type Prometheus } from '../prometheus.ts';
import { ruleFolder } from './rules.ts';

export interface StackOptions {
  /**
   * Divides every duration of rules and routes. Scrapes and evaluations come every 15 s at 1, every second above.
   */
  readonly speedUp: number;
  /** Free ones unless given. */
  readonly ports?: Partial<
    Readonly<Record<'exporter' | 'prometheus' | 'alertmanager' | 'pagerDuty', number>>
  >;
  readonly exporter?: ExporterOptions;
  /** Exporters that run already, the first of them in place of one of the stack's own; whoever started them stops them. */
  readonly running?: readonly [ExporterProcess, ...ExporterProcess[]];
  /** `host:port` of measured apps. */
  readonly apps?: readonly string[];
  readonly pagerDuty?: PagerDutyOptions;
  /** Told what comes next, for somebody who waits. */
  readonly onStep?: (step: string) => void;
}

/** Everything between a fault of fal and a page: real but for fal and PagerDuty, on loopback. */
export interface Stack {
  readonly exporter: ExporterProcess;
  readonly prometheus: Prometheus;
  readonly alertmanager: Alertmanager;
  readonly pagerDuty: PagerDuty;
  stop(): Promise<void>;
}

/** Integration key of the stand-in, as long as a real one. */
const ROUTING_KEY = '0123456789abcdef0123456789abcdef';

/**
 * Starts all of it from the configuration files that docker-compose.yml mounts. When one part does not start, the
 * others are stopped.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const started: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of started.splice(0).reverse()) await each();
  };
  try {
    return { ...(await startParts(options, started)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(
  options: StackOptions,
  started: (() => Promise<unknown>)[],
): Promise<Omit<Stack, 'stop'>> {
  const { speedUp, ports = {}, apps = [], pagerDuty: of, onStep } = options;
  const step = onStep ?? (() => undefined);
  step('the stand-in for PagerDuty');
  const pagerDuty = await startPagerDuty({ routingKeys: [ROUTING_KEY], ...portOf(ports.pagerDuty), ...of });
  started.push(() => pagerDuty.stop());
  step('Alertmanager');
  const alertmanager = await startAlertmanager({
    pagerDutyUrl: pagerDuty.enqueueUrl,
    secrets: { pagerduty_routing_key: ROUTING_KEY },
    speedUp,
    ...portOf(ports.alertmanager),
  });
  started.push(() => alertmanager.stop());
  const exporters = options.running ?? [await startOwn(options, started)];
  step('Prometheus');
  const prometheus = await startWatching(
    { speedUp, port: ports.prometheus, alertmanager, exporters, apps },
    started,
  );
  return { exporter: exporters[0], prometheus, alertmanager, pagerDuty };
}

async function startOwn(
  { exporter: options, ports, onStep }: StackOptions,
  started: (() => Promise<unknown>)[],
): Promise<ExporterProcess> {
  onStep?.('the exporter');
  const exporter = await startExporter(onPort(options, ports?.exporter));
  started.push(() => exporter.stop());
  return exporter;
}

interface Watching {
  readonly speedUp: number;
  readonly port: number | undefined;
  readonly alertmanager: Alertmanager;
  readonly exporters: readonly ExporterProcess[];
  readonly apps: readonly string[];
}

async function startWatching(
  { speedUp, port, alertmanager, exporters, apps }: Watching,
  started: (() => Promise<unknown>)[],
): Promise<Prometheus> {
  const rules = ruleFolder(speedUp);
  const { folder } = rules;
  if (folder !== undefined) {
    started.push(() => Promise.resolve(rmSync(folder, { recursive: true, force: true })));
  }
  const interval = speedUp === 1 ? '15s' : '1s';
  const prometheus = await startPrometheus({
    targets: { 'fal-exporter': exporters.map(({ target }) => target) },
    apps,
    alertmanagers: [alertmanager.target],
    ruleFiles: [rules.pattern],
    scrapeInterval: interval,
    evaluationInterval: interval,
    // How long Alertmanager believes in an alert that it hears no more of is four times this.
    flags: speedUp === 1 ? [] : ['--rules.alert.resend-delay=1s', '--rules.alert.for-grace-period=1s'],
    ...portOf(port),
  });
  started.push(() => prometheus.stop());
  return prometheus;
}

function portOf(port: number | undefined): { readonly port?: number } {
  return port === undefined ? {} : { port };
}

function onPort(options: ExporterOptions = {}, port: number | undefined): ExporterOptions {
  if (port === undefined) return options;
  return { ...options, args: [...(options.args ?? []), '--listen', `127.0.0.1:${port}`] };
}
