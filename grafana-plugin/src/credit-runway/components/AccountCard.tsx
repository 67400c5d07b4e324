import type { DataFrame, Field, TimeZone } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { useId, useMemo, type ReactElement } from 'react';
import { t } from '../../language/translate.ts';
import { roomIn } from '../chart/room.ts';
import type { Span } from '../chart/ticks.ts';
import type { Judged } from '../forecast/standing.ts';
import type { RunwayOptions } from '../options.ts';
import { BalanceChart } from './BalanceChart.tsx';
import { Burns } from './Burns.tsx';
import { cardStyles } from './card-styles.ts';
import { FactLine } from './FactLine.tsx';
import { FactsTable } from './FactsTable.tsx';
import { LockBanner } from './LockBanner.tsx';
import { balanceField, speechOf } from './speech-of.ts';
import { tellAccount, type Told } from './tell-account.ts';

interface Props {
  readonly account: Judged;
  readonly frames: readonly DataFrame[];
  readonly range: Span;
  readonly end: number;
  readonly timeZone: TimeZone;
  readonly options: RunwayOptions;
  /** In pixels. */
  readonly cardWidth: number;
  readonly cardHeight: number;
}

/** One account: whether it is locked, what it has, how long that lasts, and how it came to that. */
export function AccountCard(props: Props): ReactElement {
  const { account, frames, range, end, timeZone, options, cardWidth, cardHeight } = props;
  const styles = useStyles2(cardStyles);
  const tableId = useId();
  const { name, balance } = account.reading;
  const field = useMemo(() => balanceField(frames, name), [frames, name]);
  const speech = useMemo(() => speechOf(field, timeZone, end), [field, timeZone, end]);
  const told = useMemo(() => tellAccount(account, options, speech), [account, options, speech]);
  const isLocked = told.lock !== undefined;
  const { isCompact, hasFacts, hasChart } = roomIn({ width: cardWidth, height: cardHeight, isLocked });
  const chart = {
    account,
    range,
    end,
    timeZone,
    speech,
    horizon: options.horizon,
    topUps: told.topUps,
    grants: told.grants,
  };
  return (
    <section
      className={styles.card}
      data-compact={isCompact}
      aria-label={t('runway.card.label', 'Credit of {{account}}', { account: name })}
    >
      {told.lock !== undefined && <LockBanner saying={told.lock} isCompact={isCompact} />}
      <div className={styles.head}>
        <Balance account={account} told={told} field={field} />
        {!isCompact && <Burns burns={account.reading.burns} speech={speech} />}
      </div>
      {!(isCompact && isLocked) && <OutlookLine account={account} told={told} />}
      {hasFacts && <FactLine facts={told.facts} />}
      {hasChart && balance.samples.length > 0 && <BalanceChart {...chart} describedBy={tableId} />}
      <FactsTable id={tableId} account={account} told={told} speech={speech} />
    </section>
  );
}

interface PartProps {
  readonly account: Judged;
  readonly told: Told;
}

function Balance({ account, told, field }: PartProps & { readonly field: Field | undefined }): ReactElement {
  const styles = useStyles2(cardStyles);
  const { reading, outlook, standing } = account;
  return (
    <div className={styles.money}>
      <div className={styles.name} title={reading.name}>
        {reading.name}
        {(field?.getLinks?.({}) ?? []).map(({ href, title, target, onClick }) => (
          <a key={href} className={styles.link} onClick={onClick} href={href} target={target}>
            {title}
          </a>
        ))}
      </div>
      <div className={styles.balance} data-standing={standing} data-stale={outlook.isStale}>
        {told.balance}
      </div>
    </div>
  );
}

function OutlookLine({ account, told }: PartProps): ReactElement {
  const styles = useStyles2(cardStyles);
  const { outlook, standing } = account;
  const isForetold = outlook.forecast !== undefined || standing === 'used_up';
  return (
    <div className={styles.outlook}>
      <strong data-standing={isForetold ? standing : 'well'}>{told.outlook.headline}</strong>{' '}
      <span className={styles.detail}>{told.outlook.detail}</span>
    </div>
  );
}
