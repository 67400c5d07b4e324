/**
 * The golden scrapes: the whole exporter after a fixed story, in both formats, to the last byte. A new metric
 * shows up here as a few lines of diff. To write them anew after a change that is meant:
 *
 *   UPDATE_GOLDEN=1 npx vitest run --project unit exporter/src/exposition/golden.test.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { METRICS } from '../metrics/catalogue.ts';
import { parseExposition } from './golden/strict-parser.ts';
import { tellStory } from './golden/story.ts';
import { OPENMETRICS_1_0_0 } from './openmetrics.ts';
import { collectBody } from './render.ts';
import { TEXT_0_0_4 } from './text.ts';

const SCRAPES = [
  { file: 'scrape.txt', format: TEXT_0_0_4, dialect: 'text' },
  { file: 'scrape.openmetrics.txt', format: OPENMETRICS_1_0_0, dialect: 'openmetrics' },
] as const;

/** What the exporter itself serves; the app serves its own families. */
const SERVED = METRICS.filter(({ fedBy }) => fedBy !== 'app');

describe.each(SCRAPES)('the golden scrape $file', ({ file, format, dialect }) => {
  const path = new URL(`golden/${file}`, import.meta.url);

  it('is what the exporter serves after the story', async () => {
    const body = (await collectBody(tellStory().store, format)).toString();
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, body);
    expect(body).toBe(readFileSync(path, 'utf8'));
  });

  it('keeps every rule of its format', () => {
    expect(() => parseExposition(readFileSync(path, 'utf8'), dialect)).not.toThrow();
  });

  it('shows every family of the exporter, and no other', () => {
    const families = parseExposition(readFileSync(path, 'utf8'), dialect);
    const shown = [...families].map(([name, { type }]) =>
      dialect === 'openmetrics' && type === 'counter' ? `${name}_total` : name,
    );
    // Unknown in the story, and what is unknown is absent.
    const absent = ['fal_exporter_scrape_duration_seconds', 'process_open_fds'];
    expect([...shown, ...absent].sort()).toEqual(SERVED.map(({ name }) => name).sort());
  });
});
