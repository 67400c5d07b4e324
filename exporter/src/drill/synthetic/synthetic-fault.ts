import { type Address, formatAddress } from '../../config/address.ts';
import { type Clock, sleep } from '../../domain/clock.ts';
import { span } from '../../domain/words.ts';
import { DrillError, type SyntheticDrill } from '../drill.ts';
import type { Fault } from '../fault.ts';
import { type MetricsServer, serveMetrics } from './metrics-server.ts';
import { SyntheticNumbers } from './numbers.ts';
import { DRILL_JOB, jobSnippet, removeTargetFile, writeTargetFile } from './target-file.ts';

export interface SyntheticFaultOptions {
  readonly drill: SyntheticDrill;
  readonly listen: Address;
  /** `host:port` under which Prometheus reaches the drill; where it listens unless given. */
  readonly advertise?: string | undefined;
  /** A file of a file_sd_configs of the job, written at the start and removed at the end. */
  readonly targetFile?: string | undefined;
  readonly clock: Clock;
  /** Says something to the person at the terminal. */
  readonly say: (text: string) => void;
}

/** Prometheus reads a target file at once and applies it within 5 s; after that come 15 s until it scrapes. */
const SCRAPE_WITHIN_MS = 90_000;
/** Somebody has to edit a file and reload Prometheus. */
const SCRAPE_BY_HAND_WITHIN_MS = 600_000;
const LOOK_EVERY_MS = 500;
const SCRAPES_STOPPED_AFTER_MS = 60_000;

/** Numbers that say that fal is broken, under a job and an account that nobody can take for real ones. */
export function syntheticFault(options: SyntheticFaultOptions): Fault {
  return new SyntheticFault(options);
}

class SyntheticFault implements Fault {
  readonly #options: SyntheticFaultOptions;
  readonly #numbers: SyntheticNumbers;
  #server: MetricsServer | undefined;

  constructor(options: SyntheticFaultOptions) {
    this.#options = options;
    this.#numbers = new SyntheticNumbers(options.drill, options.clock);
  }

  /** The fault begins with the first scrape: before it, nobody knows of it. */
  async start(signal: AbortSignal): Promise<void> {
    const { listen, advertise, targetFile, clock, say } = this.#options;
    signal.throwIfAborted();
    const server = await serveMetrics(this.#numbers.store, listen, clock);
    this.#server = server;
    const target = advertise ?? formatAddress(server.address);
    if (targetFile === undefined)
      say(
        `add this to the configuration of Prometheus and reload it:\n\n${jobSnippet(target)}\nwaiting for the first scrape`,
      );
    else {
      await writeTargetFile(targetFile, target);
      say(`${targetFile} tells Prometheus to scrape ${target}; waiting for the first scrape`);
    }
    await this.#firstScrape(server, target, signal);
  }

  async #firstScrape(server: MetricsServer, target: string, signal: AbortSignal): Promise<void> {
    const { clock, targetFile } = this.#options;
    const patience = targetFile === undefined ? SCRAPE_BY_HAND_WITHIN_MS : SCRAPE_WITHIN_MS;
    const deadline = clock.monotonic() + patience;
    while (server.scrapedAt() === undefined) {
      if (clock.monotonic() >= deadline) {
        throw new DrillError(notScraped(target, patience, targetFile), { isBrokenChain: true });
      }
      await sleep(clock, LOOK_EVERY_MS, signal);
    }
  }

  heal(): Promise<void> {
    this.#numbers.heal();
    return Promise.resolve();
  }

  async close(): Promise<void> {
    const { targetFile } = this.#options;
    if (targetFile !== undefined) await removeTargetFile(targetFile);
    await this.#server?.close();
  }

  trouble(): string | undefined {
    const ageMs = this.#options.clock.monotonic() - (this.#server?.scrapedAt() ?? 0);
    if (ageMs <= SCRAPES_STOPPED_AFTER_MS) return undefined;
    return `nobody has scraped the drill for ${span(ageMs / 1000)}: does Prometheus still run, and still have the job ${DRILL_JOB}?`;
  }
}

function notScraped(target: string, patienceMs: number, targetFile: string | undefined): string {
  const what = `nobody scraped ${target} within ${span(patienceMs / 1000)}. Check`;
  const reach = `that Prometheus reaches that address (in a container, say --listen 0.0.0.0:10466 --advertise host:10466)`;
  return targetFile === undefined
    ? `${what} that the job ${DRILL_JOB} is in its configuration and that it was reloaded, and ${reach}.`
    : `${what} that the job ${DRILL_JOB} has a file_sd_configs entry that matches ${targetFile}, and ${reach}.`;
}
