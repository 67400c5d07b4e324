import { address } from '../config/address.ts';
import { WatchedChain } from '../drill/chain/watched-chain.ts';
import type { Inspection, Labels } from '../drill/chain/sighting.ts';
import { demoFault } from '../drill/demo/demo-fault.ts';
import { findDemo, peacefulScenario } from '../drill/demo/running-demo.ts';
import { type DemoDrill, DrillError, type SyntheticDrill } from '../drill/drill.ts';
import type { Fault } from '../drill/fault.ts';
import type { PlannedAlert } from '../drill/plan.ts';
import { runDrill } from '../drill/run.ts';
import { DRILL_MARK } from '../drill/synthetic/scene.ts';
import { syntheticFault } from '../drill/synthetic/synthetic-fault.ts';
import type { Told } from '../drill/timeline.ts';
import { alertAsJson } from '../drill/words/list.ts';
import { tellExpected } from '../drill/words/plan.ts';
import { resultAsJson, tellResult } from '../drill/words/result.ts';
import { tellMoment } from '../drill/words/told.ts';
import type { ChosenDrill } from './drill-options.ts';
import { EXIT, type ExitCode } from './io.ts';

/** A fault that is ready to be started, and how to know its alerts. */
interface Prepared {
  readonly fault: Fault;
  readonly isOurs: (labels: Labels) => boolean;
  readonly proofOfScrape?: string | undefined;
  /** On what it happens, for the first line. */
  readonly on: string;
}

/** Runs the drill and tells it. The time line goes to standard error when a program reads standard output. */
export async function runChosen(chosen: ChosenDrill): Promise<ExitCode> {
  const { drill, way, options, io, world } = chosen;
  const expected = drill[way];
  if (expected === undefined) throw new DrillError(`${drill.name} has no way ${way}`);
  const say = options.json === true ? io.stderr : io.stdout;
  const prepared = await prepare(chosen, say);
  const { fault, isOurs, proofOfScrape, on } = prepared;
  const { prometheus, alertmanager, minutes } = options;
  const chain = new WatchedChain({ prometheus, alertmanager, fetch: world.fetch, isOurs, proofOfScrape });
  let planned: readonly PlannedAlert[] = [];
  const moments: Told[] = [];
  const result = await runDrill({
    ...{ fault, chain, clock: world.clock, signal: io.signal, expects: expected.expects },
    haste: world.haste,
    capSeconds: minutes === undefined ? undefined : Number(minutes) * 60,
    announce: (alerts, inspection) => {
      planned = alerts;
      say(
        `drill ${drill.name}, on ${on}\n  ${drill.about}\n\n${tellExpected(alerts, expected.mayAlsoFire)}\n`,
      );
      for (const text of silent(inspection)) say(`${text}\n\n`);
    },
    tell: (told) => {
      moments.push(told);
      say(tellMoment(told));
    },
  });
  say(tellResult(result));
  if (options.json === true) {
    const expectedJson = planned.map(alertAsJson);
    const whole = {
      drill: drill.name,
      way,
      ...resultAsJson(result),
      expected: expectedJson,
      time_line: moments,
    };
    io.stdout(`${JSON.stringify(whole, null, 2)}\n`);
  }
  return result.verdict === 'passed' ? EXIT.ok : EXIT.failed;
}

/** What cannot be asked, and what that means. */
function silent({ prometheus, alertmanager }: Inspection): readonly string[] {
  const lines: string[] = [];
  if (!prometheus.ok)
    lines.push(
      `Prometheus cannot be asked: ${prometheus.reason}.\nThe times above are all there is; name it with --prometheus to see more than that.`,
    );
  if (!alertmanager.ok)
    lines.push(
      `Alertmanager cannot be asked: ${alertmanager.reason}.\nWhether it gets the alerts, only your phone can tell; name it with --alertmanager.`,
    );
  return lines;
}

function prepare(chosen: ChosenDrill, say: (text: string) => void): Promise<Prepared> | Prepared {
  const { demo, synthetic } = chosen.drill;
  if (chosen.way === 'synthetic' && synthetic !== undefined) return prepareSynthetic(synthetic, chosen, say);
  if (demo !== undefined) return prepareDemo(demo, chosen);
  throw new DrillError(`${chosen.drill.name} has no way ${chosen.way}`);
}

async function prepareDemo({ scenario }: DemoDrill, { options, world }: ChosenDrill): Promise<Prepared> {
  const { clock, fetch } = world;
  const demo = await findDemo({ exporter: options.exporter, simulator: options.simulator, fetch });
  const before = await peacefulScenario(demo);
  const { account } = demo;
  return {
    fault: demoFault({ demo, scenario, before, clock }),
    // Alerts on fal as a whole carry no account.
    isOurs: (labels) => account === undefined || labels.account === undefined || labels.account === account,
    proofOfScrape: 'fal_exporter_demo_mode == 1',
    on: `the demo (simulator at ${demo.simulatorUrl}, scenario ${scenario})`,
  };
}

function prepareSynthetic(
  drill: SyntheticDrill,
  { options, world }: ChosenDrill,
  say: (text: string) => void,
): Prepared {
  const { targetFile, advertise } = options;
  const listen = address.schema.parse(options.listen);
  return {
    fault: syntheticFault({
      ...{ drill, listen, advertise, targetFile, clock: world.clock },
      say: (text) => say(tellMoment({ kind: 'note', text, at: world.clock.now() })),
    }),
    isOurs: (labels) => Object.values(labels).some((value) => value.startsWith(DRILL_MARK)),
    on: 'numbers made up for it; real ones are not touched',
  };
}
