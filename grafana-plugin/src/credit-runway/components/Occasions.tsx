import { useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { t } from '../../language/translate.ts';
import type { Grant } from '../account/account-reading.ts';
import type { Sample } from '../account/balance-line.ts';
import type { TopUp } from '../account/top-ups.ts';
import { placeLabels, type Label } from '../chart/labels.ts';
import type { Layout } from '../chart/layout.ts';
import type { Judged } from '../forecast/standing.ts';
import { topUpMark } from '../words/fact-words.ts';
import type { Speech } from '../words/speech.ts';
import { chartStyles } from './chart-styles.ts';

/** More marks than this are a wall; the words under the balance count them. */
const MOST_MARKS = 40;
const NAME_LENGTH = 18;
/** A range that ends that long ago is not about now. */
const NOW_MS = 5 * 60_000;

interface Props {
  readonly layout: Layout;
  readonly account: Judged;
  readonly end: number;
  readonly speech: Speech;
  readonly topUps: readonly TopUp[];
  readonly grants: readonly Grant[];
}

/** What happens at a moment: now, money paid in, grants that expire. Their names stand in one line over the chart. */
export function Occasions({ layout, account, end, speech, topUps, grants }: Props): ReactElement {
  const styles = useStyles2(chartStyles);
  const { left, right, top, bottom, times, scale } = layout;
  const isShown = (time: number): boolean => time >= times.from && time <= times.to;
  const paid = topUps.filter(({ time }) => isShown(time)).slice(-MOST_MARKS);
  const expiring = grants.filter(({ expiresAt }) => isShown(expiresAt)).slice(0, MOST_MARKS);
  const isLive = layout.ahead !== undefined && Math.abs(Date.now() - end) < NOW_MS;
  const labels = labelsOf({ paid, expiring, end, isLive }, speech, (time) => scale.x(time) - left);
  return (
    <g data-part="occasions">
      {layout.ahead !== undefined && (
        <line className={styles.now} x1={scale.x(end)} x2={scale.x(end)} y1={top} y2={bottom} />
      )}
      {expiring.map(({ name, expiresAt }) => (
        <line
          key={name}
          className={styles.grant}
          x1={scale.x(expiresAt)}
          x2={scale.x(expiresAt)}
          y1={top}
          y2={bottom}
        />
      ))}
      {paid.map(({ time }) => (
        <path
          key={time}
          className={styles.topUp}
          d={`M${scale.x(time)},${scale.y(balanceAt(account.reading.balance.samples, time)) - 10}l5,9h-10z`}
        />
      ))}
      {placeLabels(labels, right - left).map(({ key, text, left: x, kind }) => (
        <text key={key} className={styles.text} data-kind={kind} x={left + x} y={top - 6}>
          {text}
        </text>
      ))}
    </g>
  );
}

interface Shown {
  readonly paid: readonly TopUp[];
  readonly expiring: readonly Grant[];
  readonly end: number;
  readonly isLive: boolean;
}

interface OccasionLabel extends Label {
  readonly kind: 'top-up' | 'grant' | 'now';
}

/** What is most worth its room comes first: what is still to come, then money paid in, then the past. */
function labelsOf(
  { paid, expiring, end, isLive }: Shown,
  speech: Speech,
  at: (time: number) => number,
): OccasionLabel[] {
  const grants = expiring.map(({ name, expiresAt }): OccasionLabel & { readonly isPast: boolean } => {
    const isPast = expiresAt <= end;
    const short = { name: shortened(name) };
    const text = isPast
      ? t('runway.chart.expired', '{{name}} expired', short)
      : t('runway.chart.expires', '{{name}} expires', short);
    return { kind: 'grant', key: `grant ${name}`, text, at: at(expiresAt), isPast };
  });
  const topUps = paid.map((topUp): OccasionLabel => {
    return {
      kind: 'top-up',
      key: `top-up ${topUp.time}`,
      text: topUpMark(topUp, speech),
      at: at(topUp.time),
    };
  });
  const now: OccasionLabel[] = isLive
    ? [{ kind: 'now', key: 'now', text: t('runway.chart.now', 'now'), at: at(end) }]
    : [];
  return [
    ...grants.filter(({ isPast }) => !isPast),
    ...topUps.reverse(),
    ...now,
    ...grants.filter(({ isPast }) => isPast),
  ];
}

function balanceAt(samples: readonly Sample[], time: number): number {
  return samples.findLast((sample) => sample.time <= time)?.value ?? 0;
}

function shortened(name: string): string {
  return name.length <= NAME_LENGTH ? name : `${name.slice(0, NAME_LENGTH - 1)}…`;
}
