/**
 * Just enough XML for a feed: no document type, no name spaces, no external entities. Every function runs in
 * time linear in its text, whatever the text is.
 */

/** Inner texts of all elements of a name, in their order; elements of one name are taken not to nest. */
export function elementsOf(xml: string, name: string): string[] {
  const found: string[] = [];
  const opening = `<${name}`;
  for (let from = xml.indexOf(opening); from >= 0; from = xml.indexOf(opening, from)) {
    const afterName = from + opening.length;
    from = afterName;
    if (!/[\s>/]/.test(xml.charAt(afterName))) continue;
    const start = xml.indexOf('>', afterName) + 1;
    const end = start === 0 ? -1 : xml.indexOf(`</${name}>`, start);
    if (end < 0) break;
    found.push(xml.slice(start, end));
    from = end;
  }
  return found;
}

const CDATA_START = '<![CDATA[';
const CDATA_END = ']]>';

/** The same text with CDATA sections written as escaped text, so that nothing in them looks like an element. */
export function withoutCdata(xml: string): string {
  const parts: string[] = [];
  let from = 0;
  for (;;) {
    const start = xml.indexOf(CDATA_START, from);
    const end = start < 0 ? -1 : xml.indexOf(CDATA_END, start);
    if (end < 0) return parts.join('') + xml.slice(from);
    const inner = xml.slice(start + CDATA_START.length, end);
    parts.push(xml.slice(from, start), inner.replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
    from = end + CDATA_END.length;
  }
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
]);

/** Replaces the entities that feeds use; others stay as they are. */
export function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi,
    (whole, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
      if (name !== undefined) return NAMED.get(name.toLowerCase()) ?? whole;
      const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFD';
    },
  );
}

/** The text between the tags, with single blanks. */
export function withoutTags(markup: string): string {
  return decodeEntities(markup.replace(/<[^<>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();
}
