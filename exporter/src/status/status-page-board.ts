import type { Config } from '../config/config.ts';
import { statusPageUrl } from '../config/status-page.ts';
import type { CollectorRan, DomainEvent, StatusPageObserved } from '../domain/events.ts';
import { STALE_AFTER_INTERVALS } from '../domain/staleness.ts';
import { STATUS_PAGE_COLLECTOR } from '../domain/status-page.ts';
import { clip } from './run-history.ts';
import type { Seen } from './seen.ts';
import type { StatusComponentView, StatusPageView } from './view.ts';

const MOST_COMPONENTS = 50;
const MOST_INCIDENTS = 20;

interface Told<T> {
  readonly seen: Seen;
  readonly value: T;
}

/** What fal says about itself, and how old its words are. */
export class StatusPageBoard {
  #config: Config;
  #components: Told<readonly StatusComponentView[]> | undefined;
  #reading: Told<Pick<StatusPageObserved, 'overall' | 'incidents'>> | undefined;
  #lastTry: Pick<CollectorRan, 'ok' | 'problem'> | undefined;

  constructor(config: Config) {
    this.#config = config;
  }

  configure(config: Config): void {
    const isSamePage = statusPageUrl(config) === statusPageUrl(this.#config) && config.statusPage.enabled;
    this.#config = config;
    if (isSamePage) return;
    this.#components = undefined;
    this.#reading = undefined;
    this.#lastTry = undefined;
  }

  /** True when the event was about the status page alone: a run of its collector is of interest to others, too. */
  take(event: DomainEvent, seen: Seen): boolean {
    if (event.kind === 'status_page_observed') {
      this.#observed(event, seen);
      return true;
    }
    if (event.kind === 'collector_ran' && event.collector === STATUS_PAGE_COLLECTOR) {
      this.#lastTry = {
        ok: event.ok,
        problem: event.problem === undefined ? undefined : clip(event.problem),
      };
    }
    return false;
  }

  #observed({ overall, components, incidents }: StatusPageObserved, seen: Seen): void {
    const kept = incidents.slice(0, MOST_INCIDENTS).map((one) => ({ ...one, title: clip(one.title) }));
    this.#reading = { seen, value: { overall, incidents: kept } };
    if (components === undefined) return;
    const before = new Map(this.#components?.value.map((component) => [component.name, component]));
    const value = components.slice(0, MOST_COMPONENTS).map(({ name, state }): StatusComponentView => {
      const known = before.get(name);
      if (known === undefined) return { name, state };
      return known.state === state ? known : { name, state, since: seen.at };
    });
    this.#components = { seen, value };
  }

  view(now: Seen): StatusPageView | undefined {
    const isAsked = this.#reading !== undefined || this.#lastTry !== undefined;
    if (!this.#config.statusPage.enabled || !isAsked) return undefined;
    const reading = this.#fresh(this.#reading, now);
    return {
      host: new URL(statusPageUrl(this.#config)).host,
      at: this.#reading?.seen.at,
      isStale: reading === undefined,
      overall: reading?.overall,
      components: this.#fresh(this.#components, now) ?? [],
      incidents: reading?.incidents ?? [],
      problem: this.#problem,
    };
  }

  get #problem(): string | undefined {
    return this.#lastTry?.ok === false ? (this.#lastTry.problem ?? 'no reason given') : undefined;
  }

  #fresh<T>(told: Told<T> | undefined, now: Seen): T | undefined {
    const mostMs = STALE_AFTER_INTERVALS * this.#config.collectors['status-page'].intervalMs;
    return told !== undefined && now.monotonic - told.seen.monotonic <= mostMs ? told.value : undefined;
  }
}
