import { t } from '../../language/translate.ts';
import { valueOf } from '../../prometheus/ask.ts';
import { labelValues } from '../../prometheus/sample.ts';
import { cannotTell, type Check, failureAmong, someNames } from '../check.ts';
import { type Facts, NEEDED_ALWAYS, NEEDED_WITH_MODELS } from '../facts.ts';
import {
  composeSnippet,
  exporterCheckSnippet,
  falKeySnippet,
  newExporterSnippet,
  scrapeExporterSnippet,
} from '../snippets.ts';

/** Whether an exporter is scraped, and whether it has what pages and panels read. */
export function exporterCheck(facts: Facts): Check {
  const { exporters, families, modelProbes } = facts.answers;
  const base = { id: 'exporter', title: t('set-up.exporter.title', 'Exporter') };
  const failure = failureAmong(exporters, families, modelProbes);
  if (failure !== undefined) return cannotTell(base.id, base.title, failure);
  const found = valueOf(exporters) ?? [];
  if (found.length === 0) return { ...base, ...absentExporter(facts) };
  const lacking = lackingFamilies(facts);
  const versions = labelValues(found, 'version').join(', ');
  if (lacking.length > 0) {
    return {
      ...base,
      state: 'old',
      words: t(
        'set-up.exporter.old',
        'fal-exporter {{versions}} is older than this plugin needs. It does not have: {{lacking}}.',
        { versions, lacking: lacking.join(', ') },
      ),
      mend: {
        words: t('set-up.exporter.mend-old', 'Update it. Its state and its metrics stay.'),
        snippets: [newExporterSnippet()],
      },
    };
  }
  const instances = someNames(labelValues(found, 'instance'));
  const words = t('set-up.exporter.ok', 'fal-exporter {{versions}} at {{instances}}.', {
    versions,
    instances,
  });
  return { ...base, state: 'ok', words };
}

/** What the exporter should have and has not: then it is older than this plugin. */
function lackingFamilies({ answers }: Facts): string[] {
  const there = labelValues(valueOf(answers.families) ?? [], '__name__');
  const hasModelProbes = (valueOf(answers.modelProbes) ?? []).length > 0;
  return [...NEEDED_ALWAYS, ...(hasModelProbes ? NEEDED_WITH_MODELS : [])].filter(
    (name) => !there.includes(name),
  );
}

function absentExporter({ answers }: Facts): Omit<Check, 'id' | 'title'> {
  const down = labelValues(valueOf(answers.targetsDown) ?? [], 'instance');
  const seen = labelValues(valueOf(answers.exportersSeen) ?? [], 'instance');
  if (down.length > 0) {
    return {
      state: 'missing',
      words: t('set-up.exporter.down', 'Prometheus has a target for it and cannot reach it: {{targets}}.', {
        targets: someNames(down),
      }),
      mend: {
        words: t(
          'set-up.exporter.mend-down',
          'Start the exporter, or mend its address in the scrape configuration.',
        ),
        snippets: [exporterCheckSnippet(), scrapeExporterSnippet()],
      },
    };
  }
  return {
    state: 'missing',
    words:
      seen.length > 0
        ? t('set-up.exporter.gone', 'It was there in the last day, at {{instances}}, and is gone.', {
            instances: someNames(seen),
          })
        : t('set-up.exporter.missing', 'This Prometheus has no metrics of fal-exporter.'),
    mend: {
      words: t(
        'set-up.exporter.mend',
        'Start the exporter, and let Prometheus scrape it. Without a key it shows a simulation.',
      ),
      snippets: [composeSnippet(), scrapeExporterSnippet()],
    },
  };
}

/** Said loudly where the numbers are simulated; nothing where they are real. */
export function demoCheck({ answers }: Facts): Check[] {
  const simulated = labelValues(
    (valueOf(answers.demo) ?? []).filter(({ value }) => value === 1),
    'instance',
  );
  if (simulated.length === 0) return [];
  return [
    {
      id: 'demo',
      title: t('set-up.demo.title', 'DEMO: simulated data'),
      state: 'attention',
      words: t(
        'set-up.demo.words',
        'The exporter at {{instances}} has no key of fal. Every number of it comes from a simulation, none from your account.',
        { instances: someNames(simulated) },
      ),
      mend: { words: t('set-up.demo.mend', 'Give it a key of fal.'), snippets: [falKeySnippet()] },
    },
  ];
}
