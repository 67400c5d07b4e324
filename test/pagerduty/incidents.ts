import type { AcceptedEvent, Payload, Severity } from './event.ts';
import type { Link } from './attachments.ts';

/** High rings the phone; low waits for somebody to look. */
export type Urgency = 'high' | 'low';

/** What somebody on call would see. Times in milliseconds since the epoch. */
export interface Incident {
  /** In the order of their opening, from 1. */
  readonly number: number;
  readonly dedupKey: string;
  readonly state: 'open' | 'acknowledged' | 'resolved';
  /** Of the last trigger. */
  readonly severity: Severity;
  /** Of the first trigger: later ones notify nobody, whatever they say. */
  readonly urgency: Urgency;
  readonly payload: Payload;
  readonly links: readonly Link[];
  readonly triggers: number;
  readonly openedAt: number;
  readonly lastTriggerAt: number;
  readonly resolvedAt?: number;
}

/** What an accepted event did. */
export type Effect = 'opened' | 'updated' | 'acknowledged' | 'resolved' | 'dropped';

/**
 * A service's dynamic notifications take the urgency from the severity:
 * https://support.pagerduty.com/main/docs/dynamic-notifications
 */
export function urgencyOf(severity: Severity): Urgency {
  return severity === 'critical' || severity === 'error' ? 'high' : 'low';
}

/**
 * Events to incidents, one alert each, as
 * https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ describes under "Alert De-Duplication":
 * same routing key and same dedup key mean the same open alert; after a resolve a trigger opens a new one;
 * acknowledge and resolve without an open alert are dropped.
 */
export class IncidentBook {
  readonly #incidents: Incident[] = [];
  /** Index of the unresolved incident, by routing key and dedup key. */
  readonly #unresolved = new Map<string, number>();

  /** In the order of their opening. */
  all(): readonly Incident[] {
    return [...this.#incidents];
  }

  take(event: AcceptedEvent & { readonly dedup_key: string }, routingKey: string, at: number): Effect {
    const key = `${routingKey} ${event.dedup_key}`;
    const index = this.#unresolved.get(key);
    const incident = index === undefined ? undefined : this.#incidents[index];
    if (index === undefined || incident === undefined) return this.#open(event, key, at);
    switch (event.event_action) {
      case 'trigger':
        this.#incidents[index] = { ...incident, ...seenIn(event), ...retriggered(incident, at) };
        return 'updated';
      case 'acknowledge':
        this.#incidents[index] = { ...incident, state: 'acknowledged' };
        return 'acknowledged';
      case 'resolve':
        this.#incidents[index] = { ...incident, state: 'resolved', resolvedAt: at };
        this.#unresolved.delete(key);
        return 'resolved';
    }
  }

  #open(event: AcceptedEvent & { readonly dedup_key: string }, key: string, at: number): Effect {
    if (event.event_action !== 'trigger' || event.payload === undefined) return 'dropped';
    this.#unresolved.set(key, this.#incidents.length);
    this.#incidents.push({
      number: this.#incidents.length + 1,
      dedupKey: event.dedup_key,
      state: 'open',
      urgency: urgencyOf(event.payload.severity),
      severity: event.payload.severity,
      payload: event.payload,
      links: event.links ?? [],
      triggers: 1,
      openedAt: at,
      lastTriggerAt: at,
    });
    return 'opened';
  }
}

function seenIn({ payload, links }: AcceptedEvent): Partial<Incident> {
  return payload === undefined ? {} : { severity: payload.severity, payload, links: links ?? [] };
}

function retriggered({ triggers }: Incident, at: number): Pick<Incident, 'triggers' | 'lastTriggerAt'> {
  return { triggers: triggers + 1, lastTriggerAt: at };
}
