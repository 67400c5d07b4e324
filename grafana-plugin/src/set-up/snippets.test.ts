import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as snippets from './snippets.ts';

/** By a name that the compiler does not follow: the exporter is written for stricter settings than Grafana's types bear. */
const EXPORTER_CONFIG = '../../../exporter/src/config/test-load.ts';

describe('the snippets', () => {
  const all = Object.values(snippets).map((make) => make(15));

  it('say where they go, and hold no key of anybody', () => {
    for (const { title, text } of all) {
      expect(title.length).toBeGreaterThan(5);
      expect(text).not.toMatch(/[0-9a-f]{16}/);
    }
  });

  it.each([
    ['scrape_configs', snippets.scrapeExporterSnippet()],
    ['scrape_configs', snippets.scrapeAppSnippet()],
    ['rule_files', snippets.ruleFilesSnippet()],
    ['alerting', snippets.alertmanagerSnippet()],
    ['jsonData', snippets.timeIntervalSnippet(30)],
    ['probes', snippets.probesSnippet()],
  ])('are YAML where they go into YAML: %s', (key, { text }) => {
    expect(parse(text)).toHaveProperty(key);
  });

  it('give the exporter a configuration that it accepts', async () => {
    const { problemsOf } = (await import(EXPORTER_CONFIG)) as {
      problemsOf: (text: string) => Promise<unknown[]>;
    };
    expect(await problemsOf(snippets.probesSnippet().text)).toEqual([]);
    expect(await problemsOf('probes: [{ name: x, tier: gold }]')).toHaveLength(1);
  });
});
