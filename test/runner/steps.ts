import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEBIAN_PACKAGES, ensureDebianPackages } from '../debian-packages.ts';
import { thisMachine } from '../debian-machine.ts';
import { runTool, type CommandOptions } from './command.ts';
import { commandsOf } from './npm-script.ts';
import type { Step, StepResult } from './run-steps.ts';
import { failuresOf, problemWith, totalsOf } from './vitest-report.ts';

export interface StepOptions extends CommandOptions {
  readonly say: (line: string) => void;
}

const GENERATOR = 'exporter/src/metrics/write-metrics-md.ts';
const GENERATED = 'exporter/METRICS.md';

/** What `npm test` does, in order: cheap and fundamental first. */
export function stepsOf(options: StepOptions): Step[] {
  const scripts = scriptsOf(options.root);
  const script = (name: string): (() => Promise<StepResult>) => {
    return () => runScript(commandsOf(name, scripts[name]), options);
  };
  const tests = (name: string): (() => Promise<StepResult>) => {
    return () => runVitest(commandsOf(name, scripts[name]), options);
  };
  return [
    {
      name: 'debian-packages',
      about: `${DEBIAN_PACKAGES.map(({ name }) => name).join(', ')} are installed`,
      run: () => installDebianPackages(options),
    },
    { name: 'types', about: 'TypeScript finds no error', run: script('types') },
    { name: 'lint', about: 'ESLint and Prettier have no complaint', run: script('lint') },
    { name: 'layers', about: 'imports go only where the design lets them', run: script('layers') },
    {
      name: 'generated',
      about: `${GENERATED}, the configuration reference and the alert rules are what their generators write`,
      run: () => checkGenerated(commandsOf('generate', scripts.generate), options),
    },
    { name: 'unit', about: 'unit tests, beside the code', run: tests('unit') },
    { name: 'stories', about: 'stories through real processes and a real Prometheus', run: tests('stories') },
  ];
}

function scriptsOf(root: string): Partial<Record<string, string>> {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  return manifest.scripts;
}

async function installDebianPackages(options: StepOptions): Promise<StepResult> {
  await ensureDebianPackages(DEBIAN_PACKAGES, thisMachine(options));
  return {};
}

async function runScript(commands: readonly string[][], options: StepOptions): Promise<StepResult> {
  for (const words of commands) {
    const code = await runTool(words, options);
    if (code !== 0) return { problem: `${words.join(' ')}: exit code ${code}` };
  }
  return {};
}

async function checkGenerated(commands: readonly string[][], options: StepOptions): Promise<StepResult> {
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
async function runVitest(commands: readonly string[][], options: StepOptions): Promise<StepResult> {
  const folder = mkdtempSync(join(tmpdir(), 'fal-observability-report-'));
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  try {
    const { problem } = await runScript(
      commands.map((words) => [...words, ...reporters]),
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
