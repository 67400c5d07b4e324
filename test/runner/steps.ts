import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEBIAN_PACKAGES, ensureDebianPackages } from '../debian-packages.ts';
import { thisMachine } from '../debian-machine.ts';
import { runTool, type CommandOptions } from './command.ts';
import { commandsOf } from './npm-script.ts';
import { installPlugin } from './plugin-install.ts';
import type { Step, StepResult, StepSurroundings } from './step.ts';
import { failuresOf, problemWith, totalsOf } from './vitest-report.ts';

export type StepOptions = Pick<CommandOptions, 'root' | 'env'>;

/** What a running step knows: where it works, and where its words go. */
type Work = StepOptions & StepSurroundings;

const GENERATOR = 'exporter/src/metrics/write-metrics-md.ts';
const GENERATED = 'exporter/METRICS.md';

/** What `npm test` does, in order: cheap and fundamental first. */
export function stepsOf(options: StepOptions): Step[] {
  const scripts = scriptsOf(options.root);
  const script = (name: string): Step['run'] => {
    return (here) => runScript(commandsOf(name, scripts[name]), { ...options, ...here });
  };
  const tests = (name: string): Step['run'] => {
    return (here) => runVitest(commandsOf(name, scripts[name]), { ...options, ...here });
  };
  return [
    {
      name: 'debian-packages',
      about: `${DEBIAN_PACKAGES.map(({ name }) => name).join(', ')} are installed`,
      background: true,
      run: (here) => installDebianPackages({ ...options, ...here }),
    },
    {
      name: 'plugin-packages',
      about: 'the packages of the Grafana plugin and of its second host are installed',
      background: true,
      run: (here) => installPlugin({ ...options, ...here }),
    },
    // The longest that use one core alone.
    {
      name: 'lint',
      about: 'ESLint and Prettier have no complaint',
      background: true,
      needs: ['plugin-packages'],
      run: script('lint'),
    },
    {
      name: 'types',
      about: 'TypeScript finds no error, in the plugin neither',
      background: true,
      needs: ['plugin-packages'],
      run: script('types'),
    },
    { name: 'layers', about: 'imports go only where the design lets them', run: script('layers') },
    {
      name: 'generated',
      about: `${GENERATED}, the configuration reference, the alert rules and the dashboards are what their generators write`,
      run: (here) => checkGenerated(commandsOf('generate', scripts.generate), { ...options, ...here }),
    },
    {
      name: 'unit',
      about: 'unit tests, beside the code',
      needs: ['debian-packages'],
      run: tests('unit'),
    },
    {
      name: 'plugin',
      about:
        'the Grafana plugin as built and packed, in Chromium with the packages of two versions of Grafana',
      needs: ['debian-packages', 'plugin-packages'],
      run: tests('plugin'),
    },
    {
      name: 'stories',
      about: 'stories through real processes and a real Prometheus',
      // They live by the clock: nothing else may take their time.
      needs: ['debian-packages', 'lint', 'types'],
      run: tests('stories'),
    },
  ];
}

function scriptsOf(root: string): Partial<Record<string, string>> {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  return manifest.scripts;
}

async function installDebianPackages(options: Work): Promise<StepResult> {
  await ensureDebianPackages(DEBIAN_PACKAGES, thisMachine(options));
  return {};
}

async function runScript(commands: readonly string[][], options: Work): Promise<StepResult> {
  for (const words of commands) {
    const code = await runTool(words, options);
    if (code !== 0) return { problem: `${words.join(' ')}: exit code ${code}` };
  }
  return {};
}

async function checkGenerated(commands: readonly string[][], options: Work): Promise<StepResult> {
  const { root, say } = options;
  if (!existsSync(join(root, GENERATOR))) {
    if (existsSync(join(root, GENERATED)))
      return { problem: `${GENERATED} is there, its generator ${GENERATOR} is not` };
    say(`neither ${GENERATOR} nor ${GENERATED} is in this tree`);
    return {};
  }
  return runScript(
    commands.map((words) => [...words, '--check']),
    options,
  );
}

/** Runs one vitest project with its usual output on the screen and its totals from a report file. */
async function runVitest(commands: readonly string[][], options: Work): Promise<StepResult> {
  const folder = mkdtempSync(join(tmpdir(), 'fal-observability-report-'));
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  try {
    const { problem } = await runScript(
      commands.map((words) => (words[0] === 'vitest' ? [...words, ...reporters] : words)),
      options,
    );
    if (!existsSync(report)) return { problem: problem ?? 'vitest ended without a report' };
    const text = readFileSync(report, 'utf8');
    const tests = totalsOf(text);
    return { tests, problem: problemWith(tests) ?? problem, failures: failuresOf(text) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
