import { type Budget, type Reservation, createBudget } from '../budget/budget.ts';
import { systemClock } from '../domain/clock.ts';
import type { ProbeRunFinished, SkipReason } from '../domain/events.ts';
import { messageOf } from '../domain/message-of.ts';
import { usdFromNano } from '../domain/money.ts';
import { PriceBook } from '../domain/price-book.ts';
import { falAccess } from '../exporter.ts';
import type { FalAccess } from '../fal/client.ts';
import { type Probe, isPaid } from '../probes/probe.ts';
import { ProbeRunner } from '../probes/probe-runner.ts';
import { createProbes } from '../probes/registry.ts';
import { Slots } from '../probes/slots.ts';
import { guardSpend } from '../spending.ts';
import { type State, openState } from '../state/state-file.ts';
import { type CommandIo, EXIT, type ExitCode } from './io.ts';
import { tellRun } from './probe-story.ts';
import { readPrices } from './read-once.ts';
import { type Road, onRoad } from './road.ts';
import type { Settings, SettingsOptions } from './settings.ts';

export interface ProbeOptions extends SettingsOptions {
  readonly json?: boolean;
}

/** Runs one configured probe now, within the same spend cap and slot rule as `serve`, and tells it. */
export function probe(name: string, options: ProbeOptions, io: CommandIo): Promise<ExitCode> {
  return onRoad(options, io, async (settings, road) => {
    const access = falAccess({ ...road, fetch: globalThis.fetch, clock: systemClock });
    const probes = createProbes({ config: road.config, access, randomUuid: io.randomUuid });
    const chosen = probes.find((candidate) => candidate.name === name);
    if (chosen === undefined) {
      const names = probes.map((candidate) => candidate.name).join(', ');
      const known = names === '' ? 'none' : names;
      io.stderr(`fal-exporter: there is no probe ${JSON.stringify(name)}; configured are: ${known}\n`);
      return EXIT.usage;
    }
    try {
      return await runOnce(chosen, { road, access, settings, io, json: options.json ?? false });
    } catch (error) {
      const reason = messageOf(error);
      io.stderr(settings.holder.redact(`fal-exporter: ${reason}\n`));
      return EXIT.unusable;
    }
  });
}

interface OnceOptions {
  readonly road: Road;
  readonly access: FalAccess;
  readonly settings: Settings;
  readonly io: CommandIo;
  readonly json: boolean;
}

async function runOnce(chosen: Probe, options: OnceOptions): Promise<ExitCode> {
  const { road, settings, io } = options;
  const state = openState({
    dir: road.config.stateDir,
    clock: systemClock,
    log: settings.log,
    redact: settings.holder.redact,
    beside: true,
  });
  const ended = new AbortController();
  try {
    const budget = createBudget({ state, clock: systemClock, config: () => road.config.budget });
    const prices = await pricesFor(chosen, options);
    const runner = onceRunner(options, { state, budget, prices, signal: ended.signal });
    if (!options.json) io.stderr(`running ${chosen.name}, for at most ${chosen.timeoutMs / 1000} s …\n`);
    const result = await runner.run(chosen, io.signal);
    return tell(result, budget, options);
  } finally {
    ended.abort();
    state.close();
  }
}

interface OnceParts {
  readonly state: State;
  readonly budget: Budget;
  readonly prices: PriceBook;
  readonly signal: AbortSignal;
}

function onceRunner({ road, settings }: OnceOptions, parts: OnceParts): ProbeRunner<Reservation> {
  const { log } = settings;
  const emit = (): void => undefined;
  const { account } = road.config;
  const onTrouble = (message: string, error: unknown): void => {
    log.error(message, { reason: messageOf(error) });
  };
  return new ProbeRunner({
    ...{ clock: systemClock, emit, prices: parts.prices, inFlight: parts.state.inFlight, onTrouble },
    slots: new Slots({
      clock: systemClock,
      emit,
      account: () => account.name,
      limit: () => account.concurrencyLimit,
    }),
    spend: guardSpend({ budget: parts.budget, clock: systemClock, emit, log, signal: parts.signal }),
  });
}

/** The list price of the model, so that the run is booked at what it cost; without it the worst case is. */
async function pricesFor(chosen: Probe, { access, io, road }: OnceOptions): Promise<PriceBook> {
  const { endpointId } = chosen;
  if (!isPaid(chosen) || endpointId === undefined) return new PriceBook();
  const { name: account } = road.config.account;
  const question = { access, account, endpointIds: [endpointId], signal: io.signal };
  return readPrices(question).catch(() => new PriceBook());
}

function tell(
  result: ProbeRunFinished | SkipReason,
  budget: Budget,
  { io, json, road }: OnceOptions,
): ExitCode {
  if (typeof result === 'string') {
    const left = usdFromNano(budget.remaining().hour);
    const why = {
      budget: `the probe budget is used up: ${left} USD are left this hour, see \`budget\` in the configuration`,
      slots: `no slot may be taken: concurrency_limit is ${road.config.account.concurrencyLimit ?? 'unknown'} and the last free one is never used`,
      ...{
        locked: 'the account is locked',
        fresh_traffic: 'fresh traffic makes it needless',
        standby: 'another exporter runs it',
      },
    }[result];
    if (json) io.stdout(`${JSON.stringify({ skipped: result, reason: why })}\n`);
    else io.stderr(`not run: ${why}\n`);
    return EXIT.failed;
  }
  io.stdout(json ? `${JSON.stringify(result)}\n` : tellRun(result));
  return result.outcome === 'ok' ? EXIT.ok : EXIT.failed;
}
