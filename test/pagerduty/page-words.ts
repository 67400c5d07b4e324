import { isUrl, type Link } from './attachments.ts';

export function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A link that leads where it says; anything but http and https is shown as text. */
export function link({ href, text }: Link): string {
  const label = escape(text === undefined || text === '' ? href : text);
  if (!isUrl(href, ['http:', 'https:'])) return `<span>${label}</span>`;
  return `<a href="${escape(href)}" rel="noreferrer">${label}</a>`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Time between two moments in milliseconds, in words, rounded down: "42 s", "3 min 5 s", "2 h 10 min". */
export function ago(from: number, to: number): string {
  const seconds = Math.max(0, Math.floor((to - from) / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return minutes < 10 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Time of day in UTC of a moment in milliseconds since the epoch: "08:42:58". */
export function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}
