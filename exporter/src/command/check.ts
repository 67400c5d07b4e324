import { systemClock } from '../domain/clock.ts';
import type { DomainEvent, HostChecked } from '../domain/events.ts';
import { messageOf } from '../domain/message-of.ts';
import { usdFromNano } from '../domain/money.ts';
import type { PriceBook } from '../domain/price-book.ts';
import { falAccess } from '../exporter.ts';
import type { FalAccess } from '../fal/client.ts';
import { createProbes } from '../probes/registry.ts';
import { openState } from '../state/state-file.ts';
import { moneyFindings, platformFinding } from './check-money.ts';
import { statusPageFinding } from './check-status-page.ts';
import { type Finding, hasFailed, tellFindings } from './findings.ts';
import { type CommandIo, EXIT, type ExitCode } from './io.ts';
import { readPrices } from './read-once.ts';
import { type Road, onRoad } from './road.ts';
import type { Settings, SettingsOptions } from './settings.ts';

export interface CheckOptions extends SettingsOptions {
  readonly json?: boolean;
}

const TIMEOUT_MS = 15_000;

/** Reads configuration and keys, asks each host once, and says how to mend what does not work. Costs nothing. */
export function check(options: CheckOptions, io: CommandIo): Promise<ExitCode> {
  return onRoad(options, io, async (settings, road) => {
    const access = falAccess({ ...road, fetch: globalThis.fetch, clock: systemClock });
    const findings = [
      ...settingsFindings(settings, road),
      stateFinding(road),
      ...(await falFindings(road, access, io)),
      await statusPageFinding(road.config, access, timeLimit(io)),
      ...(await priceFindings(road, access, io)),
      ...(await moneyFindings(road, access, timeLimit(io))),
    ];
    const text = options.json === true ? `${JSON.stringify({ findings })}\n` : tellFindings(findings);
    io.stdout(settings.holder.redact(text));
    return hasFailed(findings) ? EXIT.failed : EXIT.ok;
  });
}

function settingsFindings(settings: Settings, road: Road): Finding[] {
  const from = settings.configFile ?? 'no file, defaults only';
  const probes = road.config.probes.length;
  const config: Finding = {
    name: 'configuration',
    state: 'ok',
    text: `${from}: ${probes} probe${probes === 1 ? '' : 's'}`,
  };
  const key: Finding = road.isDemo
    ? {
        name: 'FAL_KEY',
        state: 'off',
        text: 'a simulator is used',
        remedy: 'set FAL_KEY=<key_id>:<key_secret> for your own account',
      }
    : { name: 'FAL_KEY', state: 'ok', text: 'has the right form' };
  return [
    config,
    ...settings.warnings.map((text): Finding => ({ name: 'configuration', state: 'warn', text })),
    key,
  ];
}

function stateFinding({ config }: Road): Finding {
  const name = 'state directory';
  try {
    openState({ dir: config.stateDir, clock: systemClock, beside: true }).close();
    return { name, state: 'ok', text: `${config.stateDir} can be written` };
  } catch (error) {
    return { name, state: 'fail', text: messageOf(error) };
  }
}

/** The free probe, told host by host. */
async function falFindings(road: Road, access: FalAccess, io: CommandIo): Promise<Finding[]> {
  const free = { name: 'check', tier: 'free', intervalMs: 60_000, timeoutMs: TIMEOUT_MS, input: {} } as const;
  const [probe] = createProbes({
    config: { ...road.config, probes: [free] },
    access,
    randomUuid: io.randomUuid,
  });
  if (probe === undefined) return [];
  const events: DomainEvent[] = [];
  const { finished } = await probe.run({
    signal: io.signal,
    emit: (event) => events.push(event),
    onSubmitted: () => undefined,
  });
  const hosts = events.filter((event) => event.kind === 'host_checked').map(hostFinding);
  return [...hosts, keyFinding(finished.error?.type)];
}

function hostFinding({ host, up, durationSeconds, error }: HostChecked): Finding {
  if (up) return { name: host, state: 'ok', text: `reachable, ${Math.round(durationSeconds * 1000)} ms` };
  const text = `not reachable: ${error?.type ?? 'unknown'}`;
  return {
    name: host,
    state: 'fail',
    text,
    remedy: 'look at DNS, firewall and proxy of this machine, then at status.fal.ai',
  };
}

function keyFinding(type: string | undefined): Finding {
  const name = 'key and account';
  if (type === 'unauthorized') {
    return {
      name,
      state: 'fail',
      text: 'fal does not know the key',
      remedy: 'it was revoked or mistyped: make a new one at fal.ai/dashboard/keys',
    };
  }
  if (type === 'account_locked') {
    return { name, state: 'fail', text: 'the account is locked', remedy: 'see fal.ai/dashboard/billing' };
  }
  if (type === 'forbidden') {
    return { name, state: 'fail', text: 'the key may not read the queue', remedy: 'give it the scope API' };
  }
  if (type !== undefined) return { name, state: 'warn', text: `could not be judged: ${type}` };
  return { name, state: 'ok', text: 'fal takes the key (a lock may still refuse paid requests)' };
}

async function priceFindings({ config }: Road, access: FalAccess, io: CommandIo): Promise<Finding[]> {
  const ids = config.endpoints.map(({ id }) => id);
  if (ids.length === 0) return [{ name: 'prices', state: 'off', text: 'no model is configured' }];
  let prices: PriceBook;
  try {
    const { name: account } = config.account;
    prices = await readPrices({ access, account, endpointIds: ids, signal: timeLimit(io) });
  } catch (error) {
    return [platformFinding('prices', error)];
  }
  return ids.map((id): Finding => {
    const known = prices.priceOf(id);
    if (known !== undefined)
      return { name: id, state: 'ok', text: `${usdFromNano(known.price)} USD per ${known.unit}` };
    const worst = usdFromNano(config.budget.worstCaseRun);
    return {
      name: id,
      state: 'warn',
      text: 'fal lists no price for it',
      remedy: `each run counts as ${worst} USD (budget.worst_case_run_usd); is the id right?`,
    };
  });
}

function timeLimit(io: CommandIo): AbortSignal {
  return AbortSignal.any([io.signal, AbortSignal.timeout(TIMEOUT_MS)]);
}
