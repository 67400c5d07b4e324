import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

/**
 * A UUID of version 7: 48 bits of milliseconds, then random bits. fal's own ids have this layout in the examples
 * of its Platform API.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc9562#section-5.7.
 */
export function newRequestId(clock: Clock, random: Random): string {
  const time = Math.floor(clock.now()).toString(16).padStart(12, '0').slice(-12);
  const hex = (digits: number): string =>
    random
      .integer(16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  const variant = (8 + random.integer(4)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-${variant}${hex(3)}-${hex(6)}${hex(6)}`;
}
