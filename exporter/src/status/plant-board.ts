import type { CollectorRan, DomainEvent, HostChecked } from '../domain/events.ts';
import { clip, seconds } from './run-history.ts';
import type { Seen } from './seen.ts';
import type { CollectorView, ConfigView, HostView, StatusView } from './view.ts';

const MOST_HOSTS = 32;
const MOST_COLLECTORS = 32;
const MOST_PROBLEMS = 50;

/** The machinery around the probes: hosts of fal, our collectors, our configuration. */
export class PlantBoard {
  readonly #hosts = new Map<string, HostView>();
  readonly #collectors = new Map<string, CollectorView>();
  #config: ConfigView = { ok: true, problems: [] };

  /** True when the event was about one of them. */
  take(event: DomainEvent, seen: Seen): boolean {
    switch (event.kind) {
      case 'host_checked':
        this.#hostChecked(event, seen);
        return true;
      case 'collector_ran':
        this.#collectorRan(event, seen);
        return true;
      case 'config_loaded':
        this.#config = {
          loadedAt: event.ok ? seen.at : this.#config.loadedAt,
          ok: event.ok,
          problems: event.problems.slice(0, MOST_PROBLEMS).map(clip),
        };
        return true;
      default:
        return false;
    }
  }

  #hostChecked(event: HostChecked, { at }: Seen): void {
    const host = clip(event.host);
    const known = this.#hosts.get(host);
    if (known === undefined && this.#hosts.size >= MOST_HOSTS) return;
    this.#hosts.set(host, {
      host,
      at,
      up: event.up,
      durationSeconds: seconds(event.durationSeconds),
      error: event.error && { ...event.error, text: clip(event.error.text) },
      since: known?.up === event.up ? known.since : at,
      hasChanged: known !== undefined && (known.hasChanged || known.up !== event.up),
    });
  }

  #collectorRan(event: CollectorRan, { at }: Seen): void {
    const name = clip(event.collector);
    const known = this.#collectors.get(name);
    if (known === undefined && this.#collectors.size >= MOST_COLLECTORS) return;
    this.#collectors.set(name, {
      name,
      at,
      ok: event.ok,
      durationSeconds: seconds(event.durationSeconds),
      problem: event.problem === undefined ? undefined : clip(event.problem),
      lastSuccessAt: event.ok ? at : known?.lastSuccessAt,
    });
  }

  view(): Pick<StatusView, 'hosts' | 'collectors' | 'config'> {
    return {
      hosts: [...this.#hosts.values()],
      collectors: [...this.#collectors.values()],
      config: this.#config,
    };
  }
}
