/**
 * How long a panel takes from the arrival of its data until it is painted: the plugin as built, in real Chromium, with
 * the real packages of both Grafana lines.
 *
 *   npm run build --prefix grafana-plugin && node bench/panels.ts
 */
import { startBrowser } from '../test/browser/browser.ts';
import type { Browser, FrameJson, GrafanaVersion } from '../test/browser/browser.ts';
import { anatomyFrames, modelNames, modelStatusFrames, runwayFrames } from '../test/browser/panel-frames.ts';

const RUNS = 15;
/** The first paints compile the code of the panel. */
const WARM_UP = 4;

const TO = Math.floor(Date.now() / 60_000) * 60_000;
/** A day, with the step that Grafana asks for in a panel that is 1,000 pixels wide. */
const DAY = { from: TO - 24 * 3_600_000, to: TO, stepSeconds: 120 };

interface Subject {
  readonly what: string;
  readonly panel: string;
  readonly frames: readonly FrameJson[];
}

interface Row {
  readonly panel: string;
  readonly grafana: GrafanaVersion;
  readonly series: number;
  readonly points: number;
  readonly 'median ms': string;
  readonly 'slowest ms': string;
}

function subjects(): Subject[] {
  const models = modelNames(50);
  return [
    {
      what: 'model status, 50 models × 24 h',
      panel: 'falobs-modelstatus-panel',
      frames: modelStatusFrames(models, DAY),
    },
    {
      what: 'request anatomy, 50 models',
      panel: 'falobs-anatomy-panel',
      frames: anatomyFrames(models, TO),
    },
    { what: 'credit runway, 24 h', panel: 'falobs-runway-panel', frames: runwayFrames(DAY) },
  ];
}

async function measure(
  browser: Browser,
  { what, panel, frames }: Subject,
  grafana: GrafanaVersion,
): Promise<Row> {
  const page = await browser.openPanel({
    ...{ panel, frames, grafana, width: 1000, height: 600 },
    from: new Date(DAY.from).toISOString(),
    to: new Date(DAY.to).toISOString(),
  });
  const { dataToPaintMs } = await page.measurePaint(WARM_UP + RUNS);
  await page.close();
  const sorted = dataToPaintMs.slice(WARM_UP).sort((a, b) => a - b);
  return {
    panel: what,
    grafana,
    series: frames.length,
    points: frames.reduce((sum, { fields }) => sum + (fields[0]?.values.length ?? 0), 0),
    'median ms': (sorted[Math.floor(RUNS / 2)] ?? NaN).toFixed(0),
    'slowest ms': (sorted.at(-1) ?? NaN).toFixed(0),
  };
}

/** Runs the comparison and prints it. */
export async function runPanelsBench(): Promise<void> {
  const browser = await startBrowser();
  try {
    const rows: Row[] = [];
    for (const subject of subjects()) {
      for (const grafana of ['12.4', '13.2'] as const) rows.push(await measure(browser, subject, grafana));
    }
    console.log(`From data to paint, median of ${RUNS} after ${WARM_UP} to warm up`);
    console.table(rows);
  } finally {
    await browser.stop();
  }
}

if (import.meta.main) await runPanelsBench();
