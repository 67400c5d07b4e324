import { systemClock } from '../domain/clock.ts';
import { messageOf } from '../domain/message-of.ts';
import { type Exporter, startExporter } from '../exporter.ts';
import { statFile } from '../config/files.ts';
import { problemLines } from '../config/problem.ts';
import { watchConfig } from '../config/reload.ts';
import { version } from '../version.ts';
import { type CommandIo, EXIT, type ExitCode } from './io.ts';
import { type Road, onRoad } from './road.ts';
import type { Settings, SettingsOptions } from './settings.ts';
import { welcome } from './welcome.ts';

/** Probes and serves until stopped; returns when everything is closed. */
export function serve(options: SettingsOptions, io: CommandIo): Promise<ExitCode> {
  return onRoad(options, io, (settings, road) => {
    const { log } = settings;
    io.onDefect((error) => log.error('a defect of the exporter; it goes on', { reason: messageOf(error) }));
    for (const warning of settings.warnings) log.warn(warning);
    return serveOn(road, settings, io);
  });
}

async function serveOn(road: Road, settings: Settings, io: CommandIo): Promise<ExitCode> {
  const { log, holder } = settings;
  const { redact } = holder;
  let exporter: Exporter;
  try {
    exporter = await startExporter({
      ...{ config: road.config, falKey: road.falKey, falAdminKey: road.falAdminKey, isDemo: road.isDemo },
      ...{ clock: systemClock, random: Math.random, randomUuid: io.randomUuid, fetch: globalThis.fetch },
      ...{ log, redact, env: io.env, version },
    });
  } catch (error) {
    io.stderr(redact(`fal-exporter cannot start: ${messageOf(error)}\n`));
    return EXIT.unusable;
  }
  io.stdout(welcome({ url: exporter.url, version, isDemo: road.isDemo, config: road.config }));
  const stopWatching = watchSettings(settings, road, exporter, io);
  await aborted(io.signal);
  log.info('stopping');
  stopWatching();
  await exporter.stop();
  return EXIT.ok;
}

/** Reloads on SIGHUP and when a file changes; a broken file leaves the old configuration in force. */
function watchSettings(
  { holder, log, files }: Settings,
  road: Road,
  exporter: Exporter,
  io: CommandIo,
): () => void {
  const tell = (problems: readonly string[]): void => {
    exporter.emit({ kind: 'config_loaded', at: systemClock.now(), ok: problems.length === 0, problems });
  };
  const onChange = async (): Promise<void> => {
    const reload = await holder.reload();
    const problems = problemLines(reload.problems);
    tell(problems);
    if (!reload.ok)
      log.error('the configuration is broken, so the old one stays in force', { problems: problems.length });
    for (const problem of problems) log.error(problem);
    for (const warning of reload.warnings) log.warn(warning);
    if (!reload.ok) return;
    exporter.reconfigure(road.adapt(holder.current));
    log.info('configuration reloaded', { probes: holder.current.probes.length });
  };
  tell([]);
  const onTrouble = (error: unknown): void => log.error('reloading failed', { reason: messageOf(error) });
  const watch = watchConfig({ paths: files, onChange, onTrouble, stat: statFile, clock: systemClock });
  io.onReload(() => watch.trigger());
  return () => watch.stop();
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
