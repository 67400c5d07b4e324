import { Icon, useStyles2, useTheme2 } from '@grafana/ui';
import type { PointerEvent, ReactElement } from 'react';
import { t } from '../../language/translate.ts';
import type { StateForm } from '../layout/columns.ts';
import type { ErrorRatio, Latency, Row } from '../rows/row.ts';
import type { Uptime } from '../timeline/uptime.ts';
import {
  errorSentence,
  errorWords,
  latencySentence,
  latencyWords,
  limitWords,
} from '../words/number-words.ts';
import {
  type Time,
  courseWords,
  incidentsWords,
  rowSentence,
  rowSpan,
  rowWord,
  unknownWords,
  uptimeSentence,
  uptimeWords,
} from '../words/row-words.ts';
import { adviceWords } from '../words/verdict-words.ts';
import { VerdictIcon } from './VerdictIcon.tsx';
import { numberStyles, rowStyles } from './row-styles.ts';

const NONE = '–';

/** Says more of a cell once it is pointed at; to have it ready for every cell would double the time to paint. */
function titled(words: () => string): (event: PointerEvent<HTMLElement>) => void {
  return ({ currentTarget }) => {
    currentTarget.title = words();
  };
}

/** Whose fault it is, by icon and in as many words as there is room for. */
export function StateCell({ row, form, time }: { row: Row; form: StateForm; time: Time }): ReactElement {
  const styles = useStyles2(rowStyles);
  const seen = row.isFailingUnseen ? 'unknown' : row.state.verdict;
  return (
    <div className={styles.state} role="gridcell" onPointerEnter={titled(() => stateTitle(row, time))}>
      <VerdictIcon verdict={row.onAndOff ?? seen} />
      <span className={isQuiet(row) ? styles.quiet : styles.stateText}>{stateWords(row, form, time)}</span>
    </div>
  );
}

function isQuiet({ state, isFailingUnseen }: Row): boolean {
  return !isFailingUnseen && (state.verdict === undefined || state.verdict === 'ok');
}

function stateWords(row: Row, form: StateForm, time: Time): string {
  if (form === 'word') return rowWord(row);
  return form === 'span' ? rowSpan(row, time) : rowSentence(row, time);
}

/** The whole sentence, what was said in it, and what to do. */
function stateTitle(row: Row, time: Time): string {
  const { state, incident } = row;
  const course = incident?.isOngoing === true ? courseWords(incident, time) : undefined;
  const lines = [rowSentence(row, time), course, adviceWords(row.onAndOff ?? state.verdict)];
  return lines.filter((line) => line !== undefined).join('\n');
}

export function UptimeCell({ uptime, isRoomy }: { uptime: Uptime; isRoomy: boolean }): ReactElement {
  const styles = useStyles2(numberStyles);
  const unknown = unknownWords(uptime);
  return (
    <div className={styles.number} role="gridcell" onPointerEnter={titled(() => uptimeSentence(uptime))}>
      {uptimeWords(uptime)}
      {unknown !== undefined && <UnknownPart words={unknown} isRoomy={isRoomy} />}
    </div>
  );
}

/** That a part of the range is not known: in words where a row has two lines, otherwise as a mark. */
function UnknownPart({ words, isRoomy }: { words: string; isRoomy: boolean }): ReactElement {
  const { secondary } = useStyles2(rowStyles);
  if (isRoomy) return <div className={secondary}>{words}</div>;
  return (
    <span className={secondary} role="img" aria-label={words}>
      <Icon name="question-circle" size="xs" aria-hidden />
    </span>
  );
}

export function LatencyCell({ latency }: { latency: Latency | undefined }): ReactElement {
  const styles = useStyles2(numberStyles);
  const { secondary } = useStyles2(rowStyles);
  const theme = useTheme2();
  if (latency === undefined) {
    return <NoNumber title={t('model-status.p95.none', 'No request has come to an end lately.')} />;
  }
  return (
    <div className={styles.number} role="gridcell" onPointerEnter={titled(() => latencySentence(latency))}>
      {latency.isOver && (
        <Icon name="arrow-up" size="sm" style={{ color: theme.colors.warning.text }} aria-hidden />
      )}
      <span className={latency.isOver ? styles.loud : undefined}>{latencyWords(latency)}</span>
      <span className={secondary}>/ {limitWords(latency)}</span>
    </div>
  );
}

export function ErrorCell({ errors }: { errors: ErrorRatio | undefined }): ReactElement {
  const styles = useStyles2(numberStyles);
  const { visualization } = useTheme2();
  if (errors === undefined) {
    return <NoNumber title={t('model-status.errors.none', 'No request has come to an end lately.')} />;
  }
  const isOver = errors.level > 0;
  return (
    <div className={styles.number} role="gridcell" onPointerEnter={titled(() => errorSentence(errors))}>
      {isOver && (
        <Icon
          name="exclamation-circle"
          size="sm"
          style={{ color: visualization.getColorByName(errors.color) }}
          aria-hidden
        />
      )}
      <span className={isOver ? styles.loud : undefined}>{errorWords(errors)}</span>
    </div>
  );
}

export function IncidentCell({ row, time }: { row: Row; time: Time }): ReactElement {
  const styles = useStyles2(rowStyles);
  const { incident, uptime } = row;
  // A range of which nothing is known is no range without incidents.
  const words = incident === undefined && uptime.knownMs === 0 ? NONE : incidentsWords(row, time);
  return (
    <div
      className={incident === undefined ? styles.quiet : styles.cell}
      role="gridcell"
      onPointerEnter={titled(() => (incident && courseWords(incident, time)) ?? words)}
    >
      {words}
    </div>
  );
}

function NoNumber({ title }: { title: string }): ReactElement {
  const styles = useStyles2(numberStyles);
  const { secondary } = useStyles2(rowStyles);
  return (
    <div className={styles.number} role="gridcell" title={title}>
      <span className={secondary} aria-label={title}>
        {NONE}
      </span>
    </div>
  );
}
