import { css } from '@emotion/css';
import { useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { t } from '../../language/translate.ts';
import { UNSEEN } from '../../message/unseen.ts';
import type { Judged } from '../forecast/standing.ts';
import { fullMoment, windowWords, type Speech } from '../words/speech.ts';
import type { Told } from './tell-account.ts';

interface Props {
  readonly id: string;
  readonly account: Judged;
  readonly told: Told;
  readonly speech: Speech;
}

/** What the card and its chart show, for those who listen. */
export function FactsTable({ id, account, told, speech }: Props): ReactElement {
  const styles = useStyles2(stylesOf);
  const { reading, outlook } = account;
  const { balance, outlook: saying, lock, facts } = told;
  const read = outlook.last === undefined ? '' : `, ${fullMoment(outlook.last.time, speech)}`;
  const rows: (readonly [key: string, name: string, value: string])[] = [
    ['balance', t('runway.table.balance', 'Balance'), `${balance}${read}`],
    ...reading.burns.map(({ window, perHour }) => {
      const name = t('runway.burn.window', 'Burn, last {{window}}', { window: windowWords(window) });
      return [
        `burn ${window}`,
        name,
        `${speech.money(perHour)} ${t('runway.burn.per-hour', 'per hour')}`,
      ] as const;
    }),
    ['outlook', t('runway.table.outlook', 'Outlook'), `${saying.headline} ${saying.detail}`],
    [
      'lock',
      t('runway.table.lock', 'Lock'),
      lock === undefined ? openWords(account) : `${lock.headline}. ${lock.detail}`,
    ],
    ...facts.map(({ key, text }) => [key, t('runway.table.fact', 'Fact'), text] as const),
  ];
  return (
    <div className={styles.hidden}>
      <table id={id}>
        <caption>{t('runway.table.caption', 'Credit of {{account}}', { account: reading.name })}</caption>
        <tbody>
          {rows.map(([key, name, value]) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function openWords({ reading }: Judged): string {
  return reading.lock.state === 'open'
    ? t('runway.table.open', 'not locked')
    : t('runway.table.lock-unknown', 'unknown: no probe has shown it yet');
}

function stylesOf(): Record<'hidden', string> {
  return { hidden: css(UNSEEN) };
}
