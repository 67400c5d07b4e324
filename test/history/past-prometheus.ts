import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { startProcess, type BackgroundProcess } from '../background-process.ts';
import { freePort } from '../free-port.ts';
import { type PrometheusApi, prometheusApi } from '../prometheus-api.ts';
import { waitUntil } from '../wait-until.ts';
import type { Past } from './past.ts';
import { REMOTE_WRITE_HEADERS, remoteWriteBody } from './remote-write.ts';
import { writeRuleHistory } from './rule-history.ts';

export interface PastPrometheusOptions {
  /** Any free port unless given. */
  readonly port?: number;
  /**
   * The shipped rules: `history` (the default) knows what they would have recorded and which alerts were pending or
   * firing, up to the end of the past; `live` evaluates them from now on.
   */
  readonly rules?: 'history' | 'live' | 'none';
}

/** A real Prometheus that knows a past. */
export interface PastPrometheus extends PrometheusApi {
  /** Base URL without a trailing slash. */
  readonly url: string;
  /** Ends it and removes its data; the past stays. */
  stop(): Promise<void>;
}

const RULES = join(dirname(dirname(import.meta.dirname)), 'alert-rules', 'prometheus');
const EVALUATION_SECONDS = 30;
const READY_WITHIN_MS = 60_000;

/** Starts a Prometheus, lets it have everything that was scraped in the past, and gives it the shipped rules. */
export async function startPastPrometheus(
  past: Past,
  { port, rules = 'history' }: PastPrometheusOptions = {},
): Promise<PastPrometheus> {
  const listenPort = port ?? (await freePort());
  const url = `http://127.0.0.1:${listenPort}`;
  const folder = mkdtempSync(join(tmpdir(), 'fal-observability-past-prometheus-'));
  const configFile = join(folder, 'prometheus.yml');
  writeFileSync(configFile, configOf([]));
  const process = await startBinary(folder, listenPort);
  try {
    await whenReady(url, process);
    for (const file of past.requestFiles) await send(url, readFileSync(file));
    if (rules === 'history') await writeRules(url, past);
    if (rules === 'live') {
      writeFileSync(configFile, configOf([join(RULES, '*.yml')]));
      await posted(`${url}/-/reload`, {});
    }
  } catch (error) {
    await process.stop({ signal: 'SIGKILL' });
    throw error;
  }
  return { ...prometheusApi(url), url, stop: async () => void (await process.stop()) };
}

function configOf(ruleFiles: readonly string[]): string {
  return stringify({
    global: { scrape_interval: '15s', evaluation_interval: '15s' },
    rule_files: ruleFiles,
    // For what rules would have recorded, which is written after everything else.
    storage: { tsdb: { out_of_order_time_window: '8d' } },
  });
}

function writeRules(url: string, { start, end }: Past): Promise<void> {
  return writeRuleHistory({
    api: prometheusApi(url),
    write: async (series) => {
      if (series.length > 0) await send(url, remoteWriteBody(series));
    },
    rulesFolder: RULES,
    range: { start, end, stepSeconds: EVALUATION_SECONDS },
  });
}

function startBinary(folder: string, port: number): Promise<BackgroundProcess> {
  return startProcess({
    name: 'prometheus',
    command: 'prometheus',
    args: [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-lifecycle',
      '--web.enable-remote-write-receiver',
      '--web.cors.origin=.*',
    ],
    env: { PATH: process.env.PATH },
    cwd: folder,
    folders: [folder],
  });
}

async function whenReady(url: string, process: BackgroundProcess): Promise<void> {
  const readiness = await waitUntil(
    `Prometheus is ready at ${url}`,
    async () => {
      if (process.exit() !== undefined) return 'ended';
      const { ok } = await fetch(`${url}/-/ready`);
      return ok ? 'ready' : undefined;
    },
    { withinMs: READY_WITHIN_MS, everyMs: 50, evidence: () => process.output() },
  );
  if (readiness === 'ended')
    throw new Error(`Prometheus ended before it was ready; it said:\n${process.output()}`);
}

function send(url: string, body: Buffer): Promise<void> {
  return posted(`${url}/api/v1/write`, { headers: REMOTE_WRITE_HEADERS, body });
}

async function posted(url: string, init: RequestInit): Promise<void> {
  const response = await fetch(url, { method: 'POST', ...init });
  if (!response.ok) throw new Error(`POST ${url}: HTTP ${response.status}: ${await response.text()}`);
}
