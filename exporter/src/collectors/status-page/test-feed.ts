/** For tests: when the items are read. */
export const NOW = Date.parse('2026-10-01T12:00:00Z');
const HOUR = 3_600_000;

/** For tests: a feed in the form of Instatus. */
export const feed = (...items: readonly string[]): string =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>fal</title>${items.join('')}</channel></rss>\n`;

/** For tests: an item of one update per word, an hour old unless told otherwise. */
export function item(words: readonly string[], parts: { type?: string; at?: number } = {}): string {
  const { type = 'Incident', at = NOW - HOUR } = parts;
  const updates = words.map((word) => `<p><small>Oct 1</small><strong>${word}</strong> - text</p>`).join('');
  const html = `<p><strong>Type:</strong> ${type}</p><p><strong>Affected Components:</strong> API</p>${updates}`;
  return (
    `<item><title><![CDATA[Errors & <b>more</b>]]></title><link>https://status.fal.ai/incident/c1</link>` +
    `<pubDate>${new Date(at).toUTCString()}</pubDate><description><![CDATA[${html}]]></description></item>`
  );
}
