import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { alertmanagerApi, type AlertmanagerApi } from './alertmanager-api.ts';
import {
  PAGERDUTY_URL,
  SHIPPED_ALERTMANAGER_CONFIG,
  substitutedAlertmanagerConfig,
} from './alertmanager-config.ts';
import { startProcess, type BackgroundProcess } from './background-process.ts';
import { freePort } from './free-port.ts';
import { waitUntil } from './wait-until.ts';
import { whenReady } from './when-ready.ts';

export interface AlertmanagerOptions {
  /** Where events for PagerDuty go: `enqueueUrl` of its stand-in. */
  readonly pagerDutyUrl: string;
  /** The shipped file unless given; for one with receivers of an example, or one that a user changed. */
  readonly config?: string;
  /** Stand-ins for the other addresses in `config`. */
  readonly addresses?: Readonly<Record<string, string>>;
  /** Files of /etc/alertmanager/secrets: contents by name. None unless given. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Divides the times of all routes; 60 unless given: minutes become seconds. */
  readonly speedUp?: number;
  /** A free one unless given. */
  readonly port?: number;
  /** More flags, such as --log.level=debug. */
  readonly flags?: readonly string[];
  /** More environment, such as SSL_CERT_FILE. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A real Alertmanager that runs the shipped configuration. */
export interface Alertmanager extends AlertmanagerApi {
  /** Base URL without a trailing slash. */
  readonly url: string;
  /** `host:port`, for the `alerting` section of a Prometheus configuration. */
  readonly target: string;
  /** The configuration in force and, beside it, secrets and data. Gone after `stop`. */
  readonly folder: string;
  /** Writes or replaces a file of the secrets folder, which is read anew for each notification. */
  writeSecret(name: string, content: string): void;
  /**
   * Ends it, and starts it again on the same port with the data that it left behind. Before a SIGTERM it may bring
   * what it is sending to an end: a page that is cut off after PagerDuty took it, and before Alertmanager noted that,
   * is sent again by the next one.
   */
  restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** What it wrote since its first start, restarts included. */
  log(): string;
  stop(): Promise<void>;
}

const SHIPPED = join(dirname(import.meta.dirname), SHIPPED_ALERTMANAGER_CONFIG);
const NOTED_WITHIN_MS = 20_000;
const ATTEMPTS = 3;

/** The text of alert-rules/alertmanager/alertmanager.yml. */
export function shippedAlertmanagerConfig(): string {
  return readFileSync(SHIPPED, 'utf8');
}

/**
 * Starts Alertmanager on a loopback port and waits until it is ready. It is gone, folder included, after `stop`,
 * and also when the test process is killed.
 */
export async function startAlertmanager(options: AlertmanagerOptions): Promise<Alertmanager> {
  for (let attempt = 1; ; attempt += 1) {
    const place = await prepare(options);
    const first = await startBinary(place);
    try {
      await whenReady('Alertmanager', place.url, first);
      return running(first, place);
    } catch (error) {
      await first.stop({ signal: 'SIGKILL' });
      // Somebody took the port between our look and Alertmanager's.
      const retry = attempt < ATTEMPTS && options.port === undefined;
      if (retry && first.output().includes('address already in use')) continue;
      throw error;
    }
  }
}

interface Place {
  readonly url: string;
  readonly target: string;
  readonly folder: string;
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

async function prepare(options: AlertmanagerOptions): Promise<Place> {
  const target = `127.0.0.1:${options.port ?? (await freePort())}`;
  const folder = mkdtempSync(join(tmpdir(), 'fal-observability-alertmanager-'));
  mkdirSync(join(folder, 'secrets'), { mode: 0o700 });
  for (const [name, content] of Object.entries(options.secrets ?? {})) writeSecret(folder, name, content);
  const config = substitutedAlertmanagerConfig(options.config ?? shippedAlertmanagerConfig(), {
    addresses: { [PAGERDUTY_URL]: options.pagerDutyUrl, ...options.addresses },
    secretsFolder: join(folder, 'secrets'),
    templatesBase: dirname(SHIPPED),
    speedUp: options.speedUp ?? 60,
  });
  writeFileSync(join(folder, 'alertmanager.yml'), config);
  return { url: `http://${target}`, target, folder, flags: options.flags ?? [], env: options.env ?? {} };
}

function writeSecret(folder: string, name: string, content: string): void {
  writeFileSync(join(folder, 'secrets', name), content, { mode: 0o600 });
}

function startBinary({ target, folder, flags, env }: Place): Promise<BackgroundProcess> {
  return startProcess({
    name: 'alertmanager',
    // What the Debian package calls it; elsewhere it is plain alertmanager.
    command: 'prometheus-alertmanager',
    args: [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=${target}`,
      // Otherwise the links in its messages name this machine, which does not listen under its name.
      `--web.external-url=http://${target}`,
      // No cluster: it would listen on all addresses, and wait for peers before the first notification.
      '--cluster.listen-address=',
      ...flags,
    ],
    env: { PATH: process.env.PATH, ...env },
    cwd: folder,
    folders: [folder],
  });
}

function running(first: BackgroundProcess, place: Place): Alertmanager {
  const processes = [first];
  const api = alertmanagerApi(place.url);
  return {
    ...api,
    url: place.url,
    target: place.target,
    folder: place.folder,
    writeSecret: (name, content) => writeSecret(place.folder, name, content),
    restart: async (signal) => {
      const current = processes.at(-1) ?? first;
      if (signal === 'SIGTERM') await whenNothingIsOnItsWay(api, current);
      // Not stop(): that would take the data away with the process.
      process.kill(current.pid, signal);
      await current.exited;
      const next = await startBinary(place);
      processes.push(next);
      await whenReady('Alertmanager', place.url, next);
    },
    log: () => processes.map((each) => each.output()).join(''),
    stop: async () => {
      for (const each of processes.toReversed()) await each.stop();
    },
  };
}

async function whenNothingIsOnItsWay(api: AlertmanagerApi, process: BackgroundProcess): Promise<void> {
  await waitUntil(
    'Alertmanager has noted what became of every notification that it began',
    async () => ((await api.notificationsOnTheirWay()) === 0 ? true : undefined),
    { withinMs: NOTED_WITHIN_MS, everyMs: 20, evidence: () => process.output() },
  );
}
