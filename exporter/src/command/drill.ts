import { address } from '../config/address.ts';
import { nearestKey } from '../config/nearest-key.ts';
import { systemClock } from '../domain/clock.ts';
import { messageOf } from '../domain/message-of.ts';
import { type Drill, DrillError, type Way } from '../drill/drill.ts';
import { DRILLS } from '../drill/drills.ts';
import { DEMO_SCENARIO, findDemo } from '../drill/demo/running-demo.ts';
import { isTargetFileName } from '../drill/synthetic/target-file.ts';
import { drillsAsJson, listDrills } from '../drill/words/list.ts';
import { dryRun } from './drill-dry-run.ts';
import type { DrillOptions, DrillWorld } from './drill-options.ts';
import { runChosen } from './drill-run.ts';
import { type CommandIo, EXIT, type ExitCode } from './io.ts';

const REAL_WORLD: DrillWorld = { clock: systemClock, fetch: (input, init) => globalThis.fetch(input, init) };

/** The longest drill, with keep_firing_for and all, takes half an hour; four hours are a typing error. */
const MOST_MINUTES = 240;

/** A fire drill: breaks something on purpose and follows the alert to the phone. See `--help` for what it does. */
export async function drill(
  name: string | undefined,
  options: DrillOptions,
  io: CommandIo,
  world: DrillWorld = REAL_WORLD,
): Promise<ExitCode> {
  const complaint = complaintAbout(options);
  if (complaint !== undefined) return usage(complaint, io);
  try {
    if (options.heal === true) return await heal(options, io, world);
    if (options.list === true) return list(options, io);
    if (name === undefined) return usage('name a drill, or see them all with --list', io);
    const chosen = choose(name, options);
    if (typeof chosen === 'string') return usage(chosen, io);
    const all = { ...chosen, options, io, world };
    return options.dryRun === true ? dryRun(all) : await runChosen(all);
  } catch (error) {
    return explained(error, io);
  }
}

/** Why there was no drill, or no healing. Throws on what nobody foresaw. */
function explained(error: unknown, io: CommandIo): ExitCode {
  if (io.signal.aborted && error === io.signal.reason) {
    io.stderr('fal-exporter drill: interrupted before anything was broken\n');
    return EXIT.failed;
  }
  if (!(error instanceof DrillError)) throw error;
  io.stderr(`fal-exporter drill: ${messageOf(error)}\n`);
  return error.isBrokenChain ? EXIT.failed : EXIT.unusable;
}

function usage(complaint: string, io: CommandIo): ExitCode {
  io.stderr(`fal-exporter drill: ${complaint}\n(fal-exporter drill --help tells more)\n`);
  return EXIT.usage;
}

function list({ json }: DrillOptions, io: CommandIo): ExitCode {
  io.stdout(json === true ? `${JSON.stringify(drillsAsJson(DRILLS), null, 2)}\n` : listDrills(DRILLS));
  return EXIT.ok;
}

/** The drill and its way, or what is wrong with the wish. */
function choose(
  name: string,
  { synthetic }: DrillOptions,
): { readonly drill: Drill; readonly way: Way } | string {
  const names = DRILLS.map((each) => each.name);
  const found = DRILLS.find((each) => each.name === name);
  if (found === undefined) {
    const nearest = nearestKey(name, names);
    const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
    return `there is no drill ${JSON.stringify(name)}.${hint} There are: ${names.join(', ')}`;
  }
  const way: Way = synthetic === true ? 'synthetic' : 'demo';
  if (found[way] !== undefined) return { drill: found, way };
  return way === 'demo'
    ? `the demo cannot do ${name}: add --synthetic`
    : `${name} has no made-up numbers: leave --synthetic out`;
}

function complaintAbout(options: DrillOptions): string | undefined {
  return addressComplaint(options) ?? fileComplaint(options) ?? minutesComplaint(options);
}

function addressComplaint(options: DrillOptions): string | undefined {
  const { exporter, simulator, prometheus, alertmanager, listen, advertise } = options;
  const urls = {
    ...{ '--exporter': exporter, '--simulator': simulator },
    ...{ '--prometheus': prometheus, '--alertmanager': alertmanager },
  };
  for (const [option, url] of Object.entries(urls))
    if (url !== undefined && !isHttpUrl(url))
      return `${option}: expected a URL such as http://127.0.0.1:9090`;
  for (const [option, place] of Object.entries({ '--listen': listen, '--advertise': advertise }))
    if (place !== undefined && !address.schema.safeParse(place).success)
      return `${option}: expected ${address.expects}`;
  return undefined;
}

function fileComplaint({ targetFile, advertise, synthetic }: DrillOptions): string | undefined {
  if (synthetic !== true && (targetFile ?? advertise) !== undefined)
    return '--target-file and --advertise need --synthetic';
  if (targetFile === undefined || isTargetFileName(targetFile)) return undefined;
  return '--target-file: expected a name that ends in .yml, .yaml or .json: Prometheus reads no other';
}

function minutesComplaint({ minutes = '1' }: DrillOptions): string | undefined {
  const isGood = Number(minutes) > 0 && Number(minutes) <= MOST_MINUTES;
  return isGood ? undefined : `--minutes: expected a number up to ${MOST_MINUTES}`;
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** For a fault that was left on: by a drill that was killed, or by hand. */
async function heal(options: DrillOptions, io: CommandIo, { fetch }: DrillWorld): Promise<ExitCode> {
  const demo = await findDemo({ exporter: options.exporter, simulator: options.simulator, fetch });
  const active = await demo.scenario();
  await demo.switchTo(DEMO_SCENARIO);
  io.stdout(
    `The simulator at ${demo.simulatorUrl} ran the scenario ${active}; now it runs ${DEMO_SCENARIO}.\n`,
  );
  return EXIT.ok;
}
