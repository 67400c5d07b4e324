import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess, type BackgroundProcess } from './background-process.ts';
import { freePort } from './free-port.ts';
import { whenReady } from './when-ready.ts';

export interface PrometheusProcessOptions {
  /** The text of prometheus.yml for the port that was chosen; what else it needs goes into the folder. */
  readonly configFor: (port: number, folder: string) => string;
  /** Any free port unless given. */
  readonly port?: number | undefined;
  /** More flags, such as --enable-feature=exemplar-storage. */
  readonly flags?: readonly string[] | undefined;
}

export interface PrometheusProcess {
  /** Base URL without a trailing slash. */
  readonly url: string;
  /** prometheus.yml and, beside it, the data. Gone after `process.stop()`. */
  readonly folder: string;
  readonly process: BackgroundProcess;
}

const ATTEMPTS = 3;

/**
 * Starts Prometheus on a loopback port, with its data in a temporary folder, and waits until it is ready. It is gone,
 * folder included, when it is stopped, and also when the test process is killed.
 */
export async function startPrometheusProcess(options: PrometheusProcessOptions): Promise<PrometheusProcess> {
  for (let attempt = 1; ; attempt += 1) {
    const started = await startOn(options.port ?? (await freePort()), options);
    try {
      await whenReady('Prometheus', started.url, started.process);
      return started;
    } catch (error) {
      await started.process.stop({ signal: 'SIGKILL' });
      // Somebody took the port between our look and Prometheus's.
      const retry = attempt < ATTEMPTS && options.port === undefined;
      if (retry && started.process.output().includes('address already in use')) continue;
      throw error;
    }
  }
}

async function startOn(
  port: number,
  { configFor, flags = [] }: PrometheusProcessOptions,
): Promise<PrometheusProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'fal-observability-prometheus-'));
  const config = join(folder, 'prometheus.yml');
  writeFileSync(config, configFor(port, folder));
  const process = await startProcess({
    name: 'prometheus',
    command: 'prometheus',
    args: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      ...flags,
    ],
    env: { PATH: globalThis.process.env.PATH },
    cwd: folder,
    folders: [folder],
  });
  return { url: `http://127.0.0.1:${port}`, folder, process };
}
