import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptsGzip, negotiateFormat } from './negotiate.ts';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const OPENMETRICS_DRAFT = 'application/openmetrics-text; version=0.0.1; charset=utf-8';

describe('the format', () => {
  it.each([
    ['no header', undefined, TEXT],
    ['an empty header', '', TEXT],
    ['curl', '*/*', TEXT],
    ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', TEXT],
    ['any text', 'text/*', TEXT],
    [
      'Prometheus 2.42',
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      OPENMETRICS,
    ],
    [
      'Prometheus 3',
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      `${OPENMETRICS}; escaping=underscores`,
    ],
    [
      'Prometheus with native histograms, which would rather have protobuf',
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5',
      OPENMETRICS,
    ],
    ['only the draft of OpenMetrics', 'application/openmetrics-text; version=0.0.1', OPENMETRICS_DRAFT],
    ['OpenMetrics without a version', 'application/openmetrics-text', OPENMETRICS],
    [
      'OpenMetrics 2, which we do not have, or else text',
      'application/openmetrics-text;version=2.0.0, text/plain;q=0.1',
      TEXT,
    ],
    [
      'text 1.0.0, which we do not have, or else OpenMetrics',
      'text/plain;version=1.0.0, application/openmetrics-text;q=0.1',
      OPENMETRICS,
    ],
    [
      'text with an escaping scheme',
      'text/plain;version=0.0.4;escaping=dots',
      `${TEXT}; escaping=underscores`,
    ],
    ['equal qualities, OpenMetrics named first', 'application/openmetrics-text, text/plain', OPENMETRICS],
    ['equal qualities, text named first', 'text/plain, application/openmetrics-text', TEXT],
    ['text excluded and anything else welcome', 'text/plain;q=0, */*', OPENMETRICS],
    ['everything excluded', '*/*;q=0', TEXT],
    ['only OpenMetrics excluded', 'application/openmetrics-text;q=0', TEXT],
    ['something we do not have', 'image/png', TEXT],
    [
      'odd spaces, cases and quotes',
      ' Application/OpenMetrics-Text ; VERSION="1.0.0" ; Q=0.9 , text/plain;q=0.8',
      OPENMETRICS,
    ],
    ['a quality that is no number', 'application/openmetrics-text;q=high, text/plain;q=0.1', TEXT],
    ['a quality above 1', 'application/openmetrics-text;q=7, text/plain;q=0.1', TEXT],
  ])('for %s', (_, accept, contentType) => {
    expect(negotiateFormat(accept).contentType).toBe(contentType);
  });

  it('is always one of ours, whatever the header says', () => {
    const word = fc.constantFrom(
      'text/plain',
      '*/*',
      ';',
      ',',
      '=',
      '"',
      'q',
      'q=',
      '0.5',
      'version=1.0.0',
      'text/*',
      ' ',
    );
    const header = fc.oneof(
      fc.string(),
      fc.array(word).map((words) => words.join('')),
    );
    fc.assert(
      fc.property(header, (accept) => {
        const { format, contentType } = negotiateFormat(accept);
        expect([TEXT, OPENMETRICS, OPENMETRICS_DRAFT]).toContain(format.contentType);
        expect(contentType.replace('; escaping=underscores', '')).toBe(format.contentType);
      }),
    );
  });
});

describe('gzip', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['gzip', true],
    ['GZIP', true],
    ['x-gzip', true],
    ['gzip;q=0', false],
    ['gzip;q=0.5, identity', false],
    ['gzip;q=1.0, identity;q=0.5, *;q=0', true],
    ['*', true],
    ['*;q=0', false],
    ['*, gzip;q=0', false],
    ['deflate, br, zstd', false],
    ['deflate, gzip, br', true],
    ['gzip;q=much', false],
  ])('with Accept-Encoding %j is %j', (header, expected) => {
    expect(acceptsGzip(header)).toBe(expected);
  });
});
