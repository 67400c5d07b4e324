import { address, formatAddress, isHost } from './address.ts';
import { COLLECTOR_SECTIONS } from './collectors.ts';
import { formatDuration } from './duration.ts';
import { type Draft, type Option, type Settings, section, value } from './option.ts';
import { perTier } from './probe-tiers.ts';
import { OFFICIAL_STATUS_PAGE } from './status-page.ts';
import { count, duration, flag, freeMapping, moment, money, oneOf, text } from './value-types.ts';

/** For what people name as they like: the account, a grant. */
const ALIAS = text({
  name: 'text',
  expects:
    'a name of 1 to 63 letters, digits, dots, dashes and underscores that begins with a letter or digit',
  pattern: /^[A-Za-z0-9][\w.-]{0,62}$/,
});

const PROBE_NAME = text({
  name: 'text',
  expects: 'a name of 1 to 63 lower-case letters, digits and dashes that begins with a letter or digit',
  pattern: /^[a-z0-9][a-z0-9-]{0,62}$/,
  hint: (written) => {
    const name = written
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '');
    return name !== '' && name.length <= 40 && written.length <= 40 ? `write ${name}` : undefined;
  },
});

const ENDPOINT_ID = text({
  name: 'endpoint id',
  expects:
    'an endpoint id: owner/app or owner/app/path, at most 128 letters, digits, dots, dashes and underscores',
  pattern: /^(?=.{3,128}$)[A-Za-z0-9][\w.-]*(?:\/[A-Za-z0-9][\w.-]*)+$/,
  hint: (written) =>
    written.includes('://') ? 'write only what follows the host, such as fal-ai/flux/schnell' : undefined,
});

const HOST = text({
  name: 'host',
  expects: 'a host name or address, such as 127.0.0.1, localhost or "::1"',
  pattern: { test: isHost },
});

const FILE_PATH = text({
  name: 'path',
  expects: 'a path of at most 4096 characters on one line',
  pattern: /^[^\p{Cc}]{1,4096}$/u,
});

const WEB_ADDRESS =
  /^https?:\/\/(?:[A-Za-z0-9][\w.-]{0,252}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?(?:\/[\w./-]{0,200})?$/;

const SIMULATOR_URL = text({
  name: 'URL',
  expects: 'an http or https URL of a fal-simulator without user, query or fragment',
  pattern: WEB_ADDRESS,
  isPrivate: true,
  hint: (written) => (/^[\w.-]+:\d+$/.test(written) ? 'begin it with http://' : undefined),
});

const STATUS_PAGE_URL = text({
  name: 'URL',
  expects: 'an http or https URL of a status page without user, query or fragment',
  // The URL parser is stricter about ports and hosts, and the collector must not meet one that it refuses.
  pattern: { test: (written) => WEB_ADDRESS.test(written) && URL.canParse(written) },
  isPrivate: true,
  hint: (written) => (/^[\w.-]+$/.test(written) ? 'begin it with https://' : undefined),
});

const BUDGET = money({ min: 0, max: 100_000 });
const BALANCE = money({ min: 0, max: 1_000_000 });
const SPEND = money({ min: 0.01, max: 10_000_000 });

/** For a model that has no `latency_limit` of its own. */
export const DEFAULT_LATENCY_LIMIT_MS = 60_000;

/** Where the exporter listens unless told otherwise: this machine only. */
const LISTEN = { host: '127.0.0.1', port: 10_464 };

const ENDPOINT = section('A model that you care about.', {
  id: value(ENDPOINT_ID, 'Its id at fal, as in the address of its page.', {
    required: true,
    example: 'fal-ai/flux/schnell',
  }),
  latency_limit: value(
    duration({ min: '1s', max: '1h' }),
    'Its P95 may not pass this; rules, dashboards and the status page hold it against it. A video model needs minutes.',
    { fallback: formatDuration(DEFAULT_LATENCY_LIMIT_MS), example: '5m' },
  ),
});

const PROBE = section('One check, run again and again.', {
  name: value(PROBE_NAME, 'Its name in metrics and on the status page; used once only.', {
    required: true,
    example: 'flux-schnell',
  }),
  tier: value(
    oneOf(['free', 'queue', 'inference']),
    'free: are the hosts there and is the key good. queue: submit, watch, cancel before it runs. inference: the real thing, for money.',
    { required: true, example: 'inference' },
  ),
  endpoint_id: value(ENDPOINT_ID, 'Which model to ask; needed by the tiers queue and inference.', {
    optional: true,
    example: 'fal-ai/flux/schnell',
  }),
  interval: value(
    duration({ min: '5s', max: '24h' }),
    'Time from the start of one run to the start of the next; at least 5s for free, 10s for the others.',
    { fallback: perTier('intervalMs'), example: '5m' },
  ),
  timeout: value(
    duration({ min: '1s', max: '1h' }),
    'A run that takes longer is given up and its request cancelled at fal. Never longer than the interval by default.',
    { fallback: perTier('timeoutMs'), example: '45s' },
  ),
  input: value(
    freeMapping,
    'What the model is given, exactly as the model wants it. Never logged, shown or exported.',
    { default: {} },
  ),
});

const GRANT = section('Credits that expire. No API tells of them.', {
  name: value(ALIAS, 'Its name in metrics and alerts; used once only.', {
    required: true,
    example: 'launch-credits',
  }),
  expires: value(moment, 'When what is left of it is gone; a date counts to its end, UTC.', {
    required: true,
    example: '2027-01-31',
  }),
  amount_usd: value(BALANCE, 'What is left of it at most; for people only.', { optional: true, example: 50 }),
});

/** Every option that a configuration file may hold. The only place where a default or a range is written. */
export const SCHEMA = section('The configuration of fal-exporter. Every key may be left out.', {
  account: section('The fal account that the keys belong to.', {
    name: value(ALIAS, 'Its alias in metrics and pages; fal need not know it.', {
      default: 'default',
    }),
    concurrency_limit: value(
      count({ min: 1, max: 100_000 }),
      'Requests that fal lets this account run at once. No API tells it; without it one paid probe runs at a time.',
      { optional: true, example: 10 },
    ),
    low_balance_usd: value(BALANCE, 'The balance is low below this.', { default: 20 }),
    critical_balance_usd: value(BALANCE, 'The balance is critical below this.', { default: 5 }),
    hourly_budget_usd: value(SPEND, 'More in an hour raises an alert; nothing is blocked.', {
      optional: true,
      example: 5,
    }),
    monthly_budget_usd: value(SPEND, 'More in a calendar month (UTC) raises an alert; nothing is blocked.', {
      optional: true,
      example: 500,
    }),
    grants: {
      kind: 'list',
      meaning: 'Credits with an end, to be told before they expire.',
      item: GRANT,
      maxItems: 50,
      default: [],
    },
  }),
  endpoints: {
    kind: 'list',
    meaning:
      'Models and their latency limits. A model that a probe names joins by itself, with the default limit.',
    item: ENDPOINT,
    maxItems: 5000,
    default: [],
  },
  probes: {
    kind: 'list',
    meaning: 'What to check. Without this key one free probe runs; `probes: []` runs none.',
    item: PROBE,
    maxItems: 500,
    default: [{ name: 'fal-hosts', tier: 'free' }],
  },
  budget: section('What all probes together may spend. No run starts that could pass it.', {
    per_hour_usd: value(BUDGET, 'In any hour; 0 stops every probe that costs money.', { default: 0.1 }),
    per_day_usd: value(BUDGET, 'In any day.', { default: 1 }),
    per_month_usd: value(BUDGET, 'In any month.', { default: 20 }),
    worst_case_run_usd: value(
      money({ min: 0.0001, max: 1000 }),
      'Booked for a run as long as its price or its units are unknown: the most that one run of your probes can cost.',
      { default: 0.05 },
    ),
  }),
  collectors: section('What reads balance, spend and prices from fal; costs nothing.', {
    interval: value(
      duration({ min: '10s', max: '24h' }),
      'Time between two readings of each collector that has no interval of its own.',
      { default: '1m' },
    ),
    ...COLLECTOR_SECTIONS,
  }),
  status_page: section(
    'What fal says about itself, read at the interval of collectors.status_page; no key is sent.',
    {
      enabled: value(flag, 'false never asks for it.', { default: true }),
      url: value(
        STATUS_PAGE_URL,
        'Address of the page. A simulator is asked for its own, whatever stands here.',
        {
          default: OFFICIAL_STATUS_PAGE,
        },
      ),
    },
  ),
  listen: {
    kind: 'either',
    short: value(
      address,
      'Where metrics and status page are served. Other than this machine: protect it with web.config_file.',
      { default: formatAddress(LISTEN) },
    ),
    long: section('The same in two keys.', {
      host: value(HOST, 'Name or address to listen on.', { default: LISTEN.host }),
      port: value(count({ min: 0, max: 65_535 }), 'TCP port; 0 takes any free one.', {
        default: LISTEN.port,
      }),
    }),
  },
  web: section('TLS and passwords for the pages and metrics.', {
    config_file: value(
      FILE_PATH,
      "A web configuration file as in Prometheus's exporter toolkit; relative to this file's folder.",
      { optional: true, example: 'web.yml' },
    ),
  }),
  state_dir: value(
    FILE_PATH,
    'Folder for the spend ledger and what else must survive a restart; relative to the working directory.',
    { default: '.fal-exporter' },
  ),
  series: section('Limits on what is held in memory.', {
    limit: value(count({ min: 1000, max: 1_000_000 }), 'Series at most; what comes beyond is counted.', {
      default: 50_000,
    }),
    expire_after: value(
      duration({ min: '5m', max: '7d' }),
      'Series of what is no longer seen or configured go after this time.',
      { default: '1h' },
    ),
  }),
  simulator_url: value(
    SIMULATOR_URL,
    'Sends every call to this fal-simulator instead of fal; log, page and metrics then say demo.',
    { optional: true, example: 'http://127.0.0.1:10465' },
  ),
});

export type FileSettings = Settings<typeof SCHEMA>;
export type FileDraft = Draft<typeof SCHEMA>;

/** Every key that the schema knows and whose value may be shown. */
export function optionNames(): ReadonlySet<string> {
  const names = new Set<string>();
  collectNames(SCHEMA, names);
  return names;
}

function collectNames(option: Option, names: Set<string>): void {
  if (option.kind === 'list') return collectNames(option.item, names);
  if (option.kind === 'either') return collectNames(option.long, names);
  if (option.kind === 'value') return;
  for (const [name, inner] of Object.entries(option.options)) {
    if (inner.kind !== 'value' || inner.type.isPrivate !== true) names.add(name);
    collectNames(inner, names);
  }
}
