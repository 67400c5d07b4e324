import { span } from '../../domain/words.ts';
import type { BrokenLink } from '../chain/link.ts';
import type { AlertOutcome, DrillResult, Verdict } from '../timeline.ts';

const LAST_LINES: Readonly<Record<Verdict, string>> = {
  passed: 'Everything that should arrive did, and ended.',
  failed: 'Not everything arrived as it should; see above.',
  unproven:
    'Prometheus could not be asked, so nothing is proven from here: what your phone showed is all there is.',
  interrupted: 'Interrupted. The fault is healed; alerts that fired end by themselves.',
};

/** How it went: a line for each alert, what is broken and what to look at, and one last sentence. */
export function tellResult({ verdict, alerts, broken }: DrillResult): string {
  const isTold = verdict === 'passed' || verdict === 'failed';
  const width = Math.max(0, ...alerts.map(({ alert }) => alert.length));
  const shown = isTold && broken.every(({ link }) => !isBeforehand(link)) ? alerts : [];
  const parts = [
    shown.flatMap((each) => alertLines(each, width)),
    ...broken.map(linkLines),
    [LAST_LINES[verdict]],
  ];
  const told = parts.filter((lines) => lines.length > 0).map((lines) => `${lines.join('\n')}\n`);
  return `\n${told.join('\n')}`;
}

/** Found before anything was broken, so no alert has a story. */
function isBeforehand(link: BrokenLink['link']): boolean {
  return link === 'rules' || link === 'scrape' || link === 'alertmanager_missing';
}

function alertLines(outcome: AlertOutcome, width: number): string[] {
  const { alert, broken } = outcome;
  const mark = broken === undefined ? '✓' : '✗';
  const line = `${mark} ${alert.padEnd(width)}  ${story(outcome)}`;
  return broken === undefined ? [line] : [line, ...linkLines(broken)];
}

function story(outcome: AlertOutcome): string {
  const { firedAfterSeconds, overAfterSeconds } = outcome;
  if (firedAfterSeconds === undefined) return 'did not fire';
  const end = overAfterSeconds === undefined ? '' : `; over ${whole(overAfterSeconds)} after the healing`;
  return `fired after ${whole(firedAfterSeconds)}${where(outcome)}${end}`;
}

function where({ receivers, heldBackBy, inhibitedBy }: AlertOutcome): string {
  if (receivers.length === 0) return '';
  if (inhibitedBy.length > 0) return `, held back by ${inhibitedBy.join(', ')}`;
  const to = `, to ${receivers.join(', ')}`;
  // Not a broken link: it rings once too often, and somebody may want that.
  return heldBackBy.length === 0
    ? to
    : `${to}, although ${heldBackBy.join(' or ')} should hold it back (inhibit_rules)`;
}

function linkLines({ text, check }: BrokenLink): string[] {
  return [`    ${text}`, `    → check ${check}`];
}

function whole(seconds: number): string {
  return span(Math.max(1, Math.round(seconds)));
}

/** The same for a program. */
export function resultAsJson({ verdict, alerts, broken }: DrillResult): Record<string, unknown> {
  return {
    verdict,
    alerts: alerts.map((each) => ({
      alert: each.alert,
      severity: each.severity,
      held_back_by: each.heldBackBy,
      pending_after_seconds: each.pendingAfterSeconds,
      fired_after_seconds: each.firedAfterSeconds,
      routed_after_seconds: each.routedAfterSeconds,
      over_after_seconds: each.overAfterSeconds,
      receivers: each.receivers,
      inhibited_by: each.inhibitedBy,
      broken: each.broken,
    })),
    broken,
  };
}
