import { span } from '../../domain/words.ts';
import type { Told } from '../timeline.ts';

/** One line of the time line: time of day, seconds since the fault or the healing, what happened. */
export function tellMoment(told: Told): string {
  const since = 'since' in told ? clockSpan(told.since) : '';
  const head = `${timeOfDay(told.at)}  ${since.padStart(6)}  `;
  // What has several lines stands under itself.
  return `${head}${words(told).replaceAll('\n', `\n${' '.repeat(head.length)}`)}\n`;
}

function words(told: Told): string {
  switch (told.kind) {
    case 'note':
      return told.text;
    case 'starting':
      return 'switching the fault on …';
    case 'fault_on':
      return 'fault on';
    case 'pending':
      return `${told.alert} is pending`;
    case 'firing':
      return `${told.alert} fires`;
    case 'routed':
      return routed(told);
    case 'waiting':
      return waiting(told);
    case 'look_at_phone':
      return `look at your phone: ${told.alerts.join(', ')} should be there`;
    case 'healed':
      return 'healed; now everything should end by itself';
    case 'over':
      return `${told.alert} is over`;
  }
}

/** To a quarter of a minute: nobody looks at a second there. */
function waiting({ forAlerts, goal, atMostSeconds }: Extract<Told, { kind: 'waiting' }>): string {
  const left = span(Math.max(1, Math.ceil(atMostSeconds / 15)) * 15);
  const what = forAlerts.length === 0 ? '' : ` for ${forAlerts.join(', ')}${goal === 'end' ? ' to end' : ''}`;
  return `waiting${what}, ${left} at most`;
}

function routed({ alert, receivers, inhibitedBy, silencedBy }: Extract<Told, { kind: 'routed' }>): string {
  const what = `Alertmanager has ${alert}`;
  if (silencedBy.length > 0) return `${what}, silenced (${silencedBy.join(', ')})`;
  if (inhibitedBy.length > 0) return `${what}, held back by ${inhibitedBy.join(', ')}`;
  return `${what}, for ${receivers.join(', ') || 'no receiver'}`;
}

/** In the time zone of the terminal. */
export function timeOfDay(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

/** `2:10` */
function clockSpan(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
