/**
 * Dollars as people write them, as on the exporter's status page: cents from a dollar on, more digits below, and
 * never 0 for what is not quite 0. All of them, because $1.2K could hide the last hundred.
 *
 * @param decimals digits after the point; chosen by size when undefined.
 */
export function dollars(value: number, decimals?: number): string {
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : '';
  if (decimals !== undefined) return `${sign}$${grouped(size, decimals)}`;
  if (size === 0) return '$0';
  if (size < 0.00005) return `${sign}<$0.0001`;
  const digits = size >= 0.995 ? 2 : size >= 0.1 ? 3 : 4;
  return `${sign}$${grouped(size, digits).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
}

function grouped(size: number, decimals: number): string {
  const digits = Math.min(Math.max(0, Math.round(decimals)), 20);
  return size.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
