import { span } from '../../domain/words.ts';
import type { PlannedAlert } from '../plan.ts';
import type { Track } from '../track.ts';
import type { BrokenLink } from './link.ts';
import type { FailedDeliveries, Inspection } from './sighting.ts';

/** What makes it pointless to break anything: found out beforehand, said at once. */
export function brokenBefore(
  inspection: Inspection,
  alerts: readonly PlannedAlert[],
): BrokenLink | undefined {
  if (!inspection.prometheus.ok) return undefined;
  const { rules, alertmanagers, isScraped } = inspection.prometheus.value;
  if (!alerts.some(({ alert }) => rules.has(alert))) {
    const names = alerts.map(({ alert }) => alert).join(', ');
    return {
      link: 'rules',
      text: `Prometheus has no rule for ${names}.`,
      check:
        'rule_files of its configuration, and the page Status > Rules: are the files of alert-rules/prometheus there?',
    };
  }
  if (isScraped === false) {
    return {
      link: 'scrape',
      text: 'Prometheus has no sample of this demo.',
      check: 'the page Status > Targets: is the exporter among the targets of the job fal-exporter, and up?',
    };
  }
  if (alertmanagers.length > 0) return undefined;
  return {
    link: 'alertmanager_missing',
    text: 'Prometheus sends its alerts to nobody: it knows no Alertmanager.',
    check: 'the section alerting.alertmanagers of its configuration, and whether it was reloaded since',
  };
}

export interface Evidence {
  readonly inspection: Inspection;
  /** What keeps the numbers from Prometheus, if anything does. */
  readonly trouble: string | undefined;
}

/** Why this alert did not arrive as it should; undefined when it did, as far as that can be asked. */
export function brokenFor(track: Track, { inspection, trouble }: Evidence): BrokenLink | undefined {
  if (!inspection.prometheus.ok) return undefined;
  if (track.firedAfter === undefined) return notFiring(track, inspection.prometheus.value.rules, trouble);
  if (!inspection.alertmanager.ok || track.planned.heldBackBy.length > 0) return undefined;
  return track.routedAfter === undefined
    ? notRouted(track)
    : badlyRouted(track, inspection.alertmanager.value.receivers);
}

function notFiring(
  { planned, pendingAfter }: Track,
  rules: ReadonlyMap<string, unknown>,
  trouble: string | undefined,
): BrokenLink {
  const { alert } = planned;
  if (!rules.has(alert)) {
    return {
      link: 'rules',
      text: `Prometheus has no rule for ${alert}.`,
      check: 'the page Status > Rules. If you switched this alert off, all is as you want it.',
    };
  }
  if (trouble !== undefined)
    return { link: 'scrape', text: `${alert} did not fire: ${trouble}`, check: 'Status > Targets' };
  if (pendingAfter !== undefined) {
    return {
      link: 'rule_pending',
      text: `${alert} was pending and did not fire in time.`,
      check: '`for` of the rule, and --minutes: was the drill too short?',
    };
  }
  return {
    link: 'rule_quiet',
    text: `${alert} did not even become pending.`,
    check: `its expression in the page Graph of Prometheus, and your own thresholds: ${span(planned.firesWithinSeconds)} should be enough`,
  };
}

function notRouted({ planned }: Track): BrokenLink {
  return {
    link: 'alertmanager_silent',
    text: `${planned.alert} fires, and Alertmanager does not have it.`,
    check:
      'whether Prometheus sends to the Alertmanager that was asked here (--alertmanager), and the log of Prometheus',
  };
}

function badlyRouted(
  { planned, inhibitedBy, silencedBy, receivers }: Track,
  integrations: ReadonlyMap<string, readonly string[]>,
): BrokenLink | undefined {
  const { alert, severity } = planned;
  if (silencedBy.length > 0) {
    return {
      link: 'silenced',
      text: `${alert} is silenced in Alertmanager (${silencedBy.join(', ')}).`,
      check: 'the page Silences: end it, or wait until it ends',
    };
  }
  if (inhibitedBy.length > 0) {
    return {
      link: 'inhibited',
      text: `${alert} is held back by ${inhibitedBy.join(', ')}.`,
      check: 'inhibit_rules of Alertmanager; if that alert is real, wait until it is over',
    };
  }
  if (severity === 'info' || reachesSomebody(receivers, integrations)) return undefined;
  return {
    link: 'route',
    text: `${alert} goes to ${receivers.join(', ') || 'no receiver'}, which tells nobody.`,
    check: 'the routes and receivers of alertmanager.yml: a receiver without integrations sends nothing',
  };
}

/** A receiver that the configuration does not show may send for all we know. */
export function reachesSomebody(
  receivers: readonly string[],
  integrations: ReadonlyMap<string, readonly string[]>,
): boolean {
  return receivers.some((name) => (integrations.get(name) ?? ['unknown']).length > 0);
}

/** Alertmanager tried to tell somebody during the drill, and could not. */
export function failedDelivery(before: FailedDeliveries, after: FailedDeliveries): BrokenLink | undefined {
  const failing = Object.keys(after).filter((name) => (after[name] ?? 0) > (before[name] ?? 0));
  if (failing.length === 0) return undefined;
  return {
    link: 'delivery',
    text: `Alertmanager failed to deliver through ${failing.join(', ')}.`,
    check: 'the log of Alertmanager; most often a key file that is missing, empty or of another service',
  };
}

/** It fired, and goes on although all is well again. */
export function notOver({ planned }: Track): BrokenLink {
  return {
    link: 'end',
    text: `${planned.alert} did not end in time.`,
    check: 'keep_firing_for of the rule, and --minutes; if it goes on, somebody else breaks the same thing',
  };
}
