import {
  dateTimeFormat,
  formattedValueToString,
  getValueFormat,
  type DataFrame,
  type Field,
  type TimeZone,
} from '@grafana/data';
import { dollars } from '../words/dollars.ts';
import type { Speech } from '../words/speech.ts';

/** The field that holds the balance of an account: unit, decimals, links and thresholds are its. */
export function balanceField(frames: readonly DataFrame[], account: string): Field | undefined {
  return frames
    .filter(({ refId }) => refId === 'balance')
    .flatMap(({ fields }) => fields)
    .find(({ labels, type }) => String(type) === 'number' && labels?.account === account);
}

/** How to write the numbers of an account. */
export function speechOf(field: Field | undefined, timeZone: TimeZone, end: number): Speech {
  const unit = field?.config.unit ?? 'currencyUSD';
  const decimals = field?.config.decimals ?? undefined;
  const write = (value: number, digits: number | undefined): string =>
    unit === 'currencyUSD'
      ? dollars(value, digits)
      : formattedValueToString(getValueFormat(unit)(value, digits));
  return {
    money: (value) => write(value, decimals),
    tick: (value, step) => write(value, step >= 1 ? 0 : Math.ceil(-Math.log10(step))),
    date: (time, pattern) => dateTimeFormat(time, { timeZone, format: pattern }),
    end,
  };
}
