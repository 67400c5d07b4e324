import { CONFIDENT } from '../verdict/verdict.ts';
import { judgedRuns } from './condition.ts';
import { accusedOf, evidenceOf, namesOf, sinceOf } from './headline-words.ts';
import type { Headline, Judged, JudgedEndpoint } from './judged.ts';
import { plural } from './words.ts';

const EVIDENCE_FOR_FAL = 'the request ids below are the evidence for fal’s support';

/** Nothing of fal can be reached from here; the verdict says whose network is the likelier cause. */
export function unreachableHeadline(judged: Judged): Headline {
  const text = {
    app: 'No way from here to fal, most likely your own network',
    platform: 'fal: none of its hosts can be reached',
    unknown: 'No way from here to fal',
  };
  const { verdict } = judged.verdict;
  const words = verdict === 'app' || verdict === 'platform' ? text[verdict] : text.unknown;
  return {
    level: 'broken',
    text: `${words} ${sinceOf(judged)}`,
    evidence: evidenceOf(judged),
    next: 'From this machine try: curl -I https://queue.fal.run. If that works elsewhere, mend the network here; if not, look at status.fal.ai.',
  };
}

/** A host of fal is down: with it every model, or only what goes through it. */
export function hostHeadline(judged: Judged): Headline {
  const accused = accusedOf(judged);
  const down = judged.view.hosts.filter((host) => !host.up).map(({ host }) => host);
  if (accused.length > 0) {
    const subject = isEveryModel(accused, judged) ? 'every model' : namesOf(accused);
    return {
      level: 'broken',
      text: `fal: ${subject} ${verbOf(accused)} and ${hostsDown(down, judged)} down ${sinceOf(judged)}`,
      evidence: evidenceOf(judged),
      next: `Nothing to mend on your side. Pause jobs or switch to your fallback provider, watch status.fal.ai; ${EVIDENCE_FOR_FAL}.`,
    };
  }
  return {
    level: 'warning',
    text: `fal: ${down.join(', ')} not answering ${sinceOf(judged)}`,
    evidence: evidenceOf(judged),
    next: 'Look at status.fal.ai; what your app does through these hosts may fail.',
  };
}

/** A single one by name; several would read like models. */
function hostsDown(down: readonly string[], { view }: Judged): string {
  return down.length === 1 ? down.join('') : `${down.length} of ${view.hosts.length} hosts`;
}

/** Models fail: one, several, or every one. */
export function modelsHeadline(judged: Judged): Headline {
  const accused = accusedOf(judged);
  const told = toldOf(judged);
  const names = namesOf(accused);
  const isEvery = isEveryModel(accused, judged);
  const several = `${accused.length} of ${plural(told, 'model')} ${verbOf(accused)} (${names})`;
  const some = accused.length === 1 ? `${names} ${verbOf(accused)}` : several;
  return {
    level: 'broken',
    text: `fal: ${isEvery ? `every model ${verbOf(accused)}` : some} ${sinceOf(judged)}`,
    evidence: `${evidenceOf(judged)}${isEvery && isSure(judged) ? ' Your key and account are not the reason.' : ''}`,
    next: nextFor(judged, accused, isEvery),
  };
}

function isSure({ verdict }: Judged): boolean {
  return verdict.confidence >= CONFIDENT;
}

function nextFor(judged: Judged, accused: readonly JudgedEndpoint[], isEvery: boolean): string {
  if (isEvery && isSure(judged)) {
    return `Nothing to mend on your side. Pause jobs or switch to your fallback provider, watch status.fal.ai; ${EVIDENCE_FOR_FAL}.`;
  }
  if (toldOf(judged) === 1) {
    return `Switch to your fallback, watch status.fal.ai, and probe a second model to tell model and platform apart; ${EVIDENCE_FOR_FAL}.`;
  }
  if (judged.verdict.verdict === 'platform') {
    return `Pause jobs or switch to your fallback provider and watch status.fal.ai; this is not proven yet, so look at the evidence, too; ${EVIDENCE_FOR_FAL}.`;
  }
  return `Move traffic from ${namesOf(accused)} to another model or provider; ${EVIDENCE_FOR_FAL}.`;
}

export function slowHeadline(judged: Judged): Headline {
  const accused = accusedOf(judged);
  return {
    level: 'warning',
    text: `fal: ${isEveryModel(accused, judged) ? 'every model' : namesOf(accused)} slow ${sinceOf(judged)}`,
    evidence: evidenceOf(judged),
    next: 'See queue and inference below: a long queue is fal’s capacity or a cold start. If the model always takes this long, raise its latency_limit in fal-exporter.yml.',
  };
}

/** Something fails, and nobody may be blamed yet. */
export function undecidedHeadline(judged: Judged): Headline {
  const accused = accusedOf(judged);
  return {
    level: accused.some(({ health }) => health.kind === 'failing') ? 'broken' : 'warning',
    text: `${namesOf(accused)} ${verbOf(accused)} ${sinceOf(judged)}; whose fault cannot be told`,
    evidence: evidenceOf(judged),
    next: 'Look at the last runs below and at status.fal.ai; probe a second model to tell model and platform apart.',
  };
}

function toldOf({ endpoints }: Judged): number {
  return endpoints.filter(({ verdict }) => verdict.cause !== 'no_data' && verdict.cause !== 'stale').length;
}

function isEveryModel(accused: readonly JudgedEndpoint[], judged: Judged): boolean {
  return accused.length >= 2 && accused.length === toldOf(judged);
}

function verbOf(accused: readonly JudgedEndpoint[]): string {
  const failures = accused.flatMap(({ endpoint }) =>
    judgedRuns(endpoint.runs).filter((run) => run.verdict === 'failure'),
  );
  const isTimeouts = failures.length > 0 && failures.every((run) => run.outcome === 'timeout');
  return isTimeouts ? 'timing out' : 'failing';
}
