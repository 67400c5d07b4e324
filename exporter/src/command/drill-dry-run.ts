import { withoutLogin } from '../drill/chain/ask.ts';
import type { Drill, Way } from '../drill/drill.ts';
import { planAlerts } from '../drill/plan.ts';
import { DRILL_ACCOUNT } from '../drill/synthetic/scene.ts';
import { DRILL_JOB } from '../drill/synthetic/target-file.ts';
import { alertAsJson } from '../drill/words/list.ts';
import { tellExpected, tellSteps } from '../drill/words/plan.ts';
import type { ChosenDrill, DrillOptions } from './drill-options.ts';
import { EXIT, type ExitCode } from './io.ts';

/** Tells everything that the drill would do and expect. Asks nobody, writes nothing. */
export function dryRun({ drill, way, options, io }: ChosenDrill): ExitCode {
  const chosen = drill[way];
  const alerts = planAlerts(chosen?.expects ?? []);
  const steps = stepsOf(drill, way, options);
  if (options.json === true) {
    const plan = { drill: drill.name, way, about: drill.about, steps, alerts: alerts.map(alertAsJson) };
    io.stdout(`${JSON.stringify(plan, null, 2)}\n`);
    return EXIT.ok;
  }
  io.stdout(
    [
      `drill ${drill.name}, dry run: nothing is asked, started or changed\n  ${drill.about}\n`,
      `It would\n${tellSteps(steps)}`,
      `By the rules and routes as shipped\n${tellExpected(alerts, chosen?.mayAlsoFire ?? [])}`,
    ].join('\n'),
  );
  return EXIT.ok;
}

function stepsOf(drill: Drill, way: Way, options: DrillOptions): readonly string[] {
  const cap = options.minutes === undefined ? '' : `, for ${options.minutes} min at most`;
  const servers = `ask Prometheus (${withoutLogin(options.prometheus)}) for its rules and its Alertmanagers, and Alertmanager (${withoutLogin(options.alertmanager)}) for its receivers`;
  const [first, begin, end] = way === 'demo' ? demoSteps(drill, options) : syntheticSteps(options);
  return [
    ...first,
    servers,
    ...begin,
    `watch both until everything expected is there${cap}, and ask you to look at your phone`,
    'heal: always, also on Ctrl-C, on an error and when the time is up',
    'watch until everything is over',
    ...end,
  ];
}

/** Before the servers are asked, before the watching, and at the very end. */
type OwnSteps = [first: readonly string[], begin: readonly string[], end: readonly string[]];

function demoSteps({ demo }: Drill, options: DrillOptions): OwnSteps {
  const exporter = withoutLogin(options.exporter);
  const simulator = options.simulator === undefined ? 'its simulator' : withoutLogin(options.simulator);
  return [
    [`ask the exporter (${exporter}) whether it shows a demo, and stop unless it does`],
    [
      `switch the scenario ${demo?.scenario ?? ''} of ${simulator} on; healing goes back to the one that was on`,
    ],
    [],
  ];
}

function syntheticSteps(options: DrillOptions): OwnSteps {
  const { listen, targetFile, advertise } = options;
  const where = `http://${listen}/metrics`;
  const tell =
    targetFile === undefined
      ? `print the job ${DRILL_JOB} for your prometheus.yml, and wait until it is scraped`
      : `write ${advertise ?? listen} into ${targetFile}, and wait until it is scraped`;
  return [
    [],
    [
      `serve numbers of the account ${DRILL_ACCOUNT} on ${where}: nobody’s own, so nothing real is touched`,
      tell,
    ],
    [targetFile === undefined ? 'stop serving' : `remove ${targetFile} and stop serving`],
  ];
}
