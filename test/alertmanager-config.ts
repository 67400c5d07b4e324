import { isAbsolute, join } from 'node:path';
import { isMap, isScalar, isSeq, parseDocument, visit, type Document, type YAMLMap } from 'yaml';

/** The file that docker-compose.yml mounts and that the tests run, relative to the repository's root. */
export const SHIPPED_ALERTMANAGER_CONFIG = 'alert-rules/alertmanager/alertmanager.yml';

/** Where the shipped file expects its secrets. */
export const SHIPPED_SECRETS = '/etc/alertmanager/secrets/';

/** The shipped address of PagerDuty, a key of `addresses`. */
export const PAGERDUTY_URL = 'https://events.pagerduty.com/v2/enqueue';

export interface AlertmanagerSubstitutions {
  /** Local stand-ins by shipped address: `{ [PAGERDUTY_URL]: 'http://127.0.0.1:…' }`. All must occur in the file. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Where the files of /etc/alertmanager/secrets are looked for. */
  readonly secretsFolder: string;
  /** Where relative `templates` are looked for, because the substituted copy lives elsewhere. */
  readonly templatesBase: string;
  /** Divides the times of all routes, so that their proportions stay. As shipped when absent. */
  readonly speedUp?: number;
}

/**
 * An Alertmanager configuration with other addresses, places of files and times, and nothing else changed: routes,
 * matchers, grouping, inhibition and templates stay. An address without a stand-in is an error, and so is a
 * stand-in that nothing uses: a test must neither reach the real PagerDuty nor a receiver that is not there.
 */
export function substitutedAlertmanagerConfig(
  shipped: string,
  { addresses, secretsFolder, templatesBase, speedUp }: AlertmanagerSubstitutions,
): string {
  const document = parsed(shipped);
  anchorTemplates(document, templatesBase);
  if (speedUp !== undefined) speedUpRoute(document.get('route'), speedUp);
  const unused = new Set(Object.keys(addresses));
  visit(document, {
    Pair: (_, { key, value }) => {
      if (!isScalar(key) || !isScalar(value) || typeof value.value !== 'string') return;
      const text = value.value;
      if (text.startsWith(SHIPPED_SECRETS))
        value.value = join(secretsFolder, text.slice(SHIPPED_SECRETS.length));
      else if (ADDRESS_KEYS.has(String(key.value))) value.value = standInFor(text, addresses, unused);
    },
  });
  if (unused.size > 0)
    throw new Error(`the Alertmanager configuration has no address ${[...unused].join(', ')}`);
  return document.toString({ lineWidth: 0 });
}

/** What leaves this machine. */
const ADDRESS_KEYS = new Set(['pagerduty_url', 'url', 'api_url', 'webhook_url', 'smarthost']);

function standInFor(
  text: string,
  addresses: AlertmanagerSubstitutions['addresses'],
  unused: Set<string>,
): string {
  const standIn = addresses[text];
  if (standIn === undefined)
    throw new Error(`no stand-in given for ${text} of the Alertmanager configuration`);
  unused.delete(text);
  return standIn;
}

/**
 * A configuration in which the receivers of `example` took the place of those of the same names, as the head of
 * each file in alert-rules/alertmanager/examples tells people to do it.
 */
export function withReceiversOf(shipped: string, example: string): string {
  const document = parsed(shipped);
  const receivers = document.get('receivers');
  if (!isSeq(receivers)) throw new Error('the Alertmanager configuration has no receivers');
  for (const replacement of receiversOf(parsed(example))) {
    const name = replacement.get('name');
    const index = receivers.items.findIndex((each) => isMap(each) && each.get('name') === name);
    if (index < 0) throw new Error(`the Alertmanager configuration has no receiver ${String(name)}`);
    receivers.items[index] = replacement;
  }
  return document.toString({ lineWidth: 0 });
}

function receiversOf(document: Document): YAMLMap[] {
  const receivers = document.get('receivers');
  const found = isSeq(receivers) ? receivers.items.filter((each): each is YAMLMap => isMap(each)) : [];
  if (found.length === 0) throw new Error('the example has no receivers');
  return found;
}

function parsed(text: string): Document {
  const document = parseDocument(text);
  if (document.errors.length > 0) throw document.errors[0] ?? new Error('not YAML');
  return document;
}

function anchorTemplates(document: Document, base: string): void {
  const templates = document.get('templates');
  if (!isSeq(templates)) return;
  const listed = templates.toJSON() as string[];
  document.set(
    'templates',
    listed.map((pattern) => (isAbsolute(pattern) ? pattern : join(base, pattern))),
  );
}

const TIMES = ['group_wait', 'group_interval', 'repeat_interval'];

function speedUpRoute(route: unknown, factor: number): void {
  if (!isMap(route)) throw new Error('the Alertmanager configuration has no route');
  for (const name of TIMES) {
    const time = route.get(name);
    if (typeof time === 'string') route.set(name, `${Math.round(millisecondsOf(time) / factor)}ms`);
  }
  const routes = route.get('routes');
  if (isSeq(routes)) for (const child of routes.items) speedUpRoute(child, factor);
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Prometheus durations of one unit, which is all that a route needs: "30s", "24h". */
function millisecondsOf(duration: string): number {
  const [, count = '', unit = ''] = /^(\d+)(ms|s|m|h|d)$/.exec(duration) ?? [];
  const unitMs = UNIT_MS[unit];
  if (unitMs === undefined) throw new Error(`expected a duration such as 30s or 24h, got ${duration}`);
  return Number(count) * unitMs;
}
