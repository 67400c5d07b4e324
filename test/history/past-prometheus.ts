import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { type PrometheusApi, prometheusApi } from '../prometheus-api.ts';
import { startPrometheusProcess } from '../prometheus-process.ts';
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

/** Starts a Prometheus, lets it have everything that was scraped in the past, and gives it the shipped rules. */
export async function startPastPrometheus(
  past: Past,
  { port, rules = 'history' }: PastPrometheusOptions = {},
): Promise<PastPrometheus> {
  const { process, url, folder } = await startPrometheusProcess({
    configFor: () => configOf([]),
    port,
    flags: ['--web.enable-lifecycle', '--web.enable-remote-write-receiver', '--web.cors.origin=.*'],
  });
  try {
    for (const file of past.requestFiles) await send(url, readFileSync(file));
    if (rules === 'history') await writeRules(url, past);
    if (rules === 'live') {
      writeFileSync(join(folder, 'prometheus.yml'), configOf([join(RULES, '*.yml')]));
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

function send(url: string, body: Buffer): Promise<void> {
  return posted(`${url}/api/v1/write`, { headers: REMOTE_WRITE_HEADERS, body });
}

async function posted(url: string, init: RequestInit): Promise<void> {
  const response = await fetch(url, { method: 'POST', ...init });
  if (!response.ok) throw new Error(`POST ${url}: HTTP ${response.status}: ${await response.text()}`);
}
