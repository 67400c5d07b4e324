import { span } from '../../domain/words.ts';
import type { Drill, Way } from '../drill.ts';
import { type PlannedAlert, allEndWithin, planAlerts } from '../plan.ts';
import { columns } from './columns.ts';
import { destination } from './destination.ts';

const WAYS: readonly Way[] = ['demo', 'synthetic'];

const WAY_WORDS: Readonly<Record<Way, string>> = { demo: 'demo', synthetic: '--synthetic' };

/** All drills for people: what happens, and on which way which alert arrives where, and by when. */
export function listDrills(drills: readonly Drill[]): string {
  const rows = drills.map(rowsOf);
  // One table for all, so that the eye can run down a column.
  const lines = columns(rows.flat(), '  ').split('\n');
  let next = 0;
  const told = drills.map(({ name, about }, index) => {
    const from = next;
    next += rows[index]?.length ?? 0;
    return [name, `  ${about}`, ...lines.slice(from, next)].join('\n');
  });
  return `${told.join('\n\n')}\n${HOW}`;
}

const HOW = `
demo: fal-exporter drill NAME breaks the simulator of a running demo (npm start).
--synthetic: fal-exporter drill NAME --synthetic shows Prometheus numbers made up for it; your own are not touched.
Times count from the fault, with the rules and routes as shipped. "ends": after the healing.
`;

function rowsOf(drill: Drill): string[][] {
  return WAYS.flatMap((way) => {
    const alerts = planAlerts(drill[way]?.expects ?? []);
    return alerts.map((alert, index) => row(index === 0 ? WAY_WORDS[way] : '', alert));
  });
}

function row(way: string, alert: PlannedAlert): string[] {
  const isHeldBack = alert.heldBackBy.length > 0;
  return [
    way,
    alert.alert,
    alert.severity,
    destination(alert.severity, alert.heldBackBy),
    isHeldBack ? `fires by ${span(alert.firesWithinSeconds)}` : `by ${span(alert.arrivesWithinSeconds)}`,
    `ends ${span(alert.endsWithinSeconds)}`,
  ];
}

/** The same for a program. */
export function drillsAsJson(drills: readonly Drill[]): readonly Record<string, unknown>[] {
  return drills.map((drill) => ({
    name: drill.name,
    about: drill.about,
    ways: Object.fromEntries(
      WAYS.flatMap((way) => {
        const chosen = drill[way];
        if (chosen === undefined) return [];
        const alerts = planAlerts(chosen.expects);
        return [[way, { alerts: alerts.map(alertAsJson), ends_within_seconds: allEndWithin(alerts) }]];
      }),
    ),
  }));
}

/** One expected alert for a program. */
export function alertAsJson(alert: PlannedAlert): Record<string, unknown> {
  return {
    alert: alert.alert,
    severity: alert.severity,
    destination: destination(alert.severity, alert.heldBackBy),
    held_back_by: alert.heldBackBy,
    fires_within_seconds: alert.firesWithinSeconds,
    arrives_within_seconds: alert.heldBackBy.length > 0 ? undefined : alert.arrivesWithinSeconds,
    ends_within_seconds: alert.endsWithinSeconds,
  };
}
