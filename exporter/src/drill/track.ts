import type { RoutedAlert, Sighting } from './chain/sighting.ts';
import type { PlannedAlert } from './plan.ts';
import type { DrillEvent } from './timeline.ts';

/** What is known of one expected alert. Seconds from the fault; `overAfter` from the healing. */
export interface Track {
  readonly planned: PlannedAlert;
  pendingAfter?: number;
  firedAfter?: number;
  /** Known to Alertmanager. */
  routedAfter?: number;
  /** The newest. */
  receivers: readonly string[];
  inhibitedBy: readonly string[];
  silencedBy: readonly string[];
  overAfter?: number;
}

export function newTrack(planned: PlannedAlert): Track {
  return { planned, receivers: [], inhibitedBy: [], silencedBy: [] };
}

/** Whether it did all that it can do: fired and, if Alertmanager can be asked, came there, free or held back. */
export function hasArrived(track: Track, isAlertmanagerAsked: boolean): boolean {
  if (track.firedAfter === undefined) return false;
  if (!isAlertmanagerAsked) return true;
  if (track.routedAfter === undefined) return false;
  return track.planned.heldBackBy.length > 0 || track.inhibitedBy.length === 0;
}

/** Whether it is over, or never began. */
export function isOver({ firedAfter, overAfter }: Track): boolean {
  return firedAfter === undefined || overAfter !== undefined;
}

/** Takes a sighting over into a track; gives what is new, `since` in seconds from the fault. */
export function follow(track: Track, sighting: Sighting, since: number): DrillEvent[] {
  const { prometheus, alertmanager } = sighting;
  const events: DrillEvent[] = [];
  const { alert } = track.planned;
  if (prometheus.ok) {
    const states = prometheus.value.filter((each) => each.alert === alert).map(({ state }) => state);
    events.push(...raised(track, states, since));
  }
  if (alertmanager.ok) events.push(...routed(track, alertmanager.value, since));
  return events;
}

function raised(track: Track, states: readonly ('pending' | 'firing')[], since: number): DrillEvent[] {
  const { alert } = track.planned;
  const isFiring = states.includes('firing');
  if (track.firedAfter === undefined && isFiring) {
    track.firedAfter = since;
    return [{ kind: 'firing', alert, since }];
  }
  if (track.firedAfter === undefined && track.pendingAfter === undefined && states.length > 0) {
    track.pendingAfter = since;
    return [{ kind: 'pending', alert, since }];
  }
  return [];
}

function routed(track: Track, alerts: readonly RoutedAlert[], since: number): DrillEvent[] {
  const { alert } = track.planned;
  const ours = alerts.filter((each) => each.alert === alert);
  if (ours.length === 0 || track.firedAfter === undefined) return [];
  // One that is free is enough: that is the one that rings.
  const best =
    ours.find(({ inhibitedBy, silencedBy }) => inhibitedBy.length + silencedBy.length === 0) ?? ours[0];
  if (best === undefined) return [];
  const { receivers, inhibitedBy, silencedBy } = best;
  const isNew = track.routedAfter === undefined || !sameNames(track.inhibitedBy, inhibitedBy);
  Object.assign(track, { routedAfter: track.routedAfter ?? since, receivers, inhibitedBy, silencedBy });
  return isNew ? [{ kind: 'routed', alert, since, receivers, inhibitedBy, silencedBy }] : [];
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return [...some].sort().join() === [...others].sort().join();
}

/** After the healing: notes when it stopped firing in Prometheus and left Alertmanager. */
export function followEnd(track: Track, { prometheus, alertmanager }: Sighting, since: number): DrillEvent[] {
  const { alert } = track.planned;
  if (isOver(track) || !prometheus.ok) return [];
  const lives = (alerts: readonly { readonly alert: string }[]): boolean =>
    alerts.some((each) => each.alert === alert);
  if (lives(prometheus.value.filter(({ state }) => state === 'firing'))) return [];
  if (alertmanager.ok && lives(alertmanager.value)) return [];
  track.overAfter = since;
  return [{ kind: 'over', alert, since }];
}
