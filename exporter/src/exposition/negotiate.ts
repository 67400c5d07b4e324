import type { ExpositionFormat } from './format.ts';
import { OPENMETRICS_0_0_1, OPENMETRICS_1_0_0 } from './openmetrics.ts';
import { TEXT_0_0_4 } from './text.ts';

/** What a scraper gets: the format and the exact Content-Type to send with it. */
export interface NegotiatedFormat {
  readonly format: ExpositionFormat;
  readonly contentType: string;
}

interface Offer {
  readonly format: ExpositionFormat;
  readonly type: string;
  readonly subtype: string;
  /** Values of the parameter `version` that mean this format; empty stands for none given. */
  readonly versions: readonly string[];
}

/** In our order of preference: where a scraper has none, it gets what everything can read. */
const OFFERS: readonly Offer[] = [
  { format: TEXT_0_0_4, type: 'text', subtype: 'plain', versions: ['', '0.0.4'] },
  { format: OPENMETRICS_1_0_0, type: 'application', subtype: 'openmetrics-text', versions: ['', '1.0.0'] },
  { format: OPENMETRICS_0_0_1, type: 'application', subtype: 'openmetrics-text', versions: ['0.0.1'] },
];

interface MediaRange {
  readonly type: string;
  readonly subtype: string;
  readonly version: string;
  readonly hasEscaping: boolean;
  readonly quality: number;
  /** Place in the header: of equal qualities the first named wins. */
  readonly place: number;
}

interface Candidate {
  readonly offer: Offer;
  readonly range: MediaRange;
}

/**
 * Chooses the format by the `Accept` header (RFC 9110 section 12.5.1: the most specific range sets an offer's
 * quality). Without a header, or when nothing we have is acceptable: text 0.0.4, as exporters do, because a
 * 406 would look like an outage of the target.
 *
 * A scraper that names an escaping scheme hears `escaping=underscores`: our names need no escaping, and
 * underscores is the scheme that never gives quoted names.
 */
export function negotiateFormat(accept: string | undefined): NegotiatedFormat {
  const ranges = parseHeader(accept).map(mediaRange);
  let best: Candidate | undefined;
  for (const offer of OFFERS) {
    const range = mostSpecific(ranges, offer);
    if (range === undefined || range.quality === 0) continue;
    if (best === undefined || isPreferred(range, best.range)) best = { offer, range };
  }
  if (best === undefined) return { format: TEXT_0_0_4, contentType: TEXT_0_0_4.contentType };
  const { format } = best.offer;
  const escaping = best.range.hasEscaping ? '; escaping=underscores' : '';
  return { format, contentType: format.contentType + escaping };
}

/** True when `Accept-Encoding` allows gzip and does not prefer plain bytes. */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  const qualities = new Map<string, number>();
  for (const { value, parameters } of parseHeader(acceptEncoding))
    qualities.set(value, qualityOf(parameters));
  const gzip = qualities.get('gzip') ?? qualities.get('x-gzip') ?? qualities.get('*') ?? 0;
  return gzip > 0 && gzip >= (qualities.get('identity') ?? 0);
}

function isPreferred(range: MediaRange, other: MediaRange): boolean {
  return range.quality > other.quality || (range.quality === other.quality && range.place < other.place);
}

function mostSpecific(ranges: readonly MediaRange[], offer: Offer): MediaRange | undefined {
  let best: { readonly range: MediaRange; readonly specificity: number } | undefined;
  for (const range of ranges) {
    const specificity = specificityFor(range, offer);
    if (specificity > (best?.specificity ?? 0)) best = { range, specificity };
  }
  return best?.range;
}

/** 0 for no match, then any type, any subtype, the type, the type with its version. */
function specificityFor(range: MediaRange, offer: Offer): number {
  if (range.type === '*') return 1;
  if (range.type !== offer.type) return 0;
  if (range.subtype === '*') return 2;
  if (range.subtype !== offer.subtype || !offer.versions.includes(range.version)) return 0;
  return range.version === '' ? 3 : 4;
}

function mediaRange({ value, parameters }: HeaderItem, place: number): MediaRange {
  const [type = '', subtype = ''] = value.split('/');
  return {
    type,
    subtype,
    version: parameters.get('version') ?? '',
    hasEscaping: parameters.has('escaping'),
    quality: qualityOf(parameters),
    place,
  };
}

/** A quality that is no number from 0 to 1 counts as 0: whoever sent it did not ask for this. */
function qualityOf(parameters: ReadonlyMap<string, string>): number {
  const text = parameters.get('q');
  if (text === undefined) return 1;
  const quality = text === '' ? NaN : Number(text);
  return quality >= 0 && quality <= 1 ? quality : 0;
}

interface HeaderItem {
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** `a;p=1, b;q=0.5` to its items, in lower case, quotes taken off. No format of ours needs a comma in a quote. */
function parseHeader(header: string | undefined): HeaderItem[] {
  const items: HeaderItem[] = [];
  for (const part of (header ?? '').toLowerCase().split(',')) {
    const [value = '', ...rest] = part.split(';').map((piece) => piece.trim());
    if (value === '') continue;
    items.push({ value, parameters: new Map(rest.map(parameter)) });
  }
  return items;
}

function parameter(text: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  if (equals < 0) return [text, ''];
  const value = text.slice(equals + 1).trim();
  const isQuoted = value.length >= 2 && value.startsWith('"') && value.endsWith('"');
  return [text.slice(0, equals).trim(), isQuoted ? value.slice(1, -1) : value];
}
