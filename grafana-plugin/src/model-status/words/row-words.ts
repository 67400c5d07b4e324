import { t } from '../../language/translate.ts';
import type { Row } from '../rows/row.ts';
import type { Bucket } from '../timeline/buckets.ts';
import type { Incident, State } from '../timeline/incidents.ts';
import type { Period } from '../timeline/segments.ts';
import type { Uptime } from '../timeline/uptime.ts';
import { kindOf } from '../timeline/verdict-rank.ts';
import { type Clock, roughSpanWords, shareWords, spanWords } from './time-words.ts';
import { failingWords, verdictWords } from './verdict-words.ts';

/** When it is, and how times are written. */
export interface Time {
  /** End of what the data covers, Unix milliseconds. */
  readonly now: number;
  readonly clock: Clock;
}

/** The state in one sentence: `fal: this model failing since 14:03 (12 min)`. */
export function stateSentence(state: State, { now, clock }: Time): string {
  const { verdict, since, isSinceSeen, before } = state;
  if (verdict === undefined && since === undefined)
    return t('model-status.state.none', 'No data in this range');
  if (verdict === 'ok' || since === undefined) return verdictWords(verdict);
  const values = {
    what: failingWords(verdict),
    time: clock(since),
    span: roughSpanWords(now - since),
    before: verdictWords(before),
  };
  if (verdict === undefined) {
    return t('model-status.state.lost', '{{what}} since {{time}} ({{span}}), before: {{before}}', values);
  }
  return isSinceSeen
    ? t('model-status.state.since', '{{what}} since {{time}} ({{span}})', values)
    : t('model-status.state.at-least', '{{what}} at least since {{time}} ({{span}})', values);
}

/** The state and how long it has been so: `fal: this model 12 min`. */
export function stateSpan({ verdict, since, isSinceSeen }: State, { now }: Time): string {
  if (verdict === 'ok' || since === undefined) return verdictWords(verdict);
  const values = { what: verdictWords(verdict), span: roughSpanWords(now - since) };
  return isSinceSeen
    ? t('model-status.state.span', '{{what}}, {{span}}', values)
    : t('model-status.state.span-at-least', '{{what}}, {{span}} or more', values);
}

/** Whose it is in a word or two: what requests tell before what probes tell. */
export function rowWord({ state, isFailingUnseen, onAndOff }: Row): string {
  if (onAndOff !== undefined) return verdictWords(onAndOff);
  return isFailingUnseen ? t('model-status.state.unseen-word', 'Requests fail') : verdictWords(state.verdict);
}

/** The state of a row in one sentence, and what contradicts it. */
export function rowSentence(row: Row, time: Time): string {
  if (row.onAndOff !== undefined)
    return t('model-status.state.on-and-off', '{{what}} on and off', { what: failingWords(row.onAndOff) });
  const sentence = stateSentence(row.state, time);
  return row.isFailingUnseen
    ? t('model-status.state.unseen', '{{state}} for probes, but requests fail', { state: sentence })
    : sentence;
}

/** The same as short as it goes. */
export function rowSpan(row: Row, time: Time): string {
  if (row.onAndOff !== undefined) return rowSentence(row, time);
  return row.isFailingUnseen
    ? t('model-status.state.unseen-short', '{{state}}, requests fail', {
        state: verdictWords(row.state.verdict),
      })
    : stateSpan(row.state, time);
}

/** The last incident; of several also how many, since when. */
export function incidentsWords({ incident, incidents: { count, from } }: Row, time: Time): string {
  const last = incidentWords(incident, time);
  if (count < 2 || from === undefined) return last;
  return t('model-status.incident.several', '{{times}} times since {{from}}; last: {{last}}', {
    times: count,
    from: time.clock(from),
    last,
  });
}

export function incidentWords(incident: Incident | undefined, time: Time): string {
  if (incident === undefined) return t('model-status.incident.none', 'none in this range');
  const { verdict, from, to, isStartSeen, isEndSeen, isOngoing } = incident;
  const values = { what: verdictWords(verdict), time: time.clock(from), span: spanWords(to - from) };
  if (isOngoing) return t('model-status.incident.ongoing', '{{what}}, {{time}}, goes on', values);
  return isStartSeen && isEndSeen
    ? t('model-status.incident.over', '{{what}}, {{time}}, {{span}}', values)
    : t('model-status.incident.partly', '{{what}}, {{time}}, at least {{span}}', values);
}

/** What was said in an incident, step by step; undefined when it was one thing all along. */
export function courseWords({ course }: Incident, { clock }: Time): string | undefined {
  if (course.length < 2) return undefined;
  return course.map(({ from, verdict }) => `${clock(from)} ${verdictWords(verdict)}`).join(' → ');
}

export function uptimeWords({ share }: Uptime): string {
  return share === undefined ? t('model-status.uptime.none', 'not known') : shareWords(share);
}

/** How much of the range nothing is known of; undefined where that is too little to matter beside the number. */
export function unknownWords({ knownMs, unknownMs }: Uptime): string | undefined {
  const total = knownMs + unknownMs;
  if (knownMs === 0 || unknownMs < total * 0.005) return undefined;
  return t('model-status.uptime.unknown', '{{share}} unknown', { share: wholePercent(unknownMs / total) });
}

/** Every figure behind the uptime. */
export function uptimeSentence({ share, okMs, knownMs, unknownMs }: Uptime): string {
  if (share === undefined) return t('model-status.uptime.sentence-none', 'Nothing is known of this range.');
  const values = {
    share: shareWords(share),
    ok: spanWords(okMs),
    known: spanWords(knownMs),
    unknown: spanWords(unknownMs),
  };
  return unknownMs === 0
    ? t('model-status.uptime.sentence', '{{share}}: OK for {{ok}} of {{known}}.', values)
    : t(
        'model-status.uptime.sentence-unknown',
        '{{share}}: OK for {{ok}} of the {{known}} that are known. {{unknown}} are unknown and count neither way.',
        values,
      );
}

/** From when to when a bar is. */
export function bucketTime({ from, to }: Bucket, { clock }: Time): string {
  return t('model-status.bucket.time', '{{from}} to {{to}}', { from: clock(from), to: clock(to) });
}

/** What a bar stands for, one line for each verdict in it. */
export function bucketLines({ parts }: Bucket): readonly { verdict: string | undefined; text: string }[] {
  return parts.map(({ verdict, share }) => ({
    verdict,
    text: t('model-status.bucket.part', '{{what}}, {{share}} of this bar', {
      what: barWords(verdict),
      share: wholePercent(share),
    }),
  }));
}

/** A bar in one sentence, for those who hear it. */
export function bucketSentence(row: Row, bucket: Bucket, time: Time): string {
  const lines = bucketLines(bucket).map(({ text }) => text);
  const told = lines.length > 0 ? lines.join('; ') : t('model-status.bucket.future', 'has not come yet');
  return `${row.endpointId}, ${bucketTime(bucket, time)}: ${told}`;
}

/** What the bars are, for those who hear the table. */
export function barsLabel({ from, to }: Period, { clock }: Time): string {
  return t(
    'model-status.bars.label',
    'Bars from {{from}} to {{to}}: the left and right arrow keys read them one by one',
    { from: clock(from), to: clock(to) },
  );
}

/** Rounded, but to nothing and to the whole only where it is that. */
function wholePercent(share: number): string {
  const percent = Math.round(share * 100);
  return share > 0 && share < 1 ? `${Math.min(99, Math.max(1, percent))} %` : `${percent} %`;
}

function barWords(verdict: string | undefined): string {
  return verdict !== undefined && kindOf(verdict) === 'trouble'
    ? failingWords(verdict)
    : verdictWords(verdict);
}
