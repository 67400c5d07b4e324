import type { Links } from '../settings.ts';
import type { Pack } from '../pack.ts';
import { type GeneratedFile, generatedYaml } from './generated-file.ts';
import { pagerDutyContactPoint, policyTree, routing } from './grafana-routing.ts';
import { dataSourceRule, type GrafanaRule, grafanaRule } from './grafana-rule.ts';
import { inlineRecordings, recordingsIn } from './inline-recordings.ts';

export interface GrafanaOptions {
  readonly links: Links;
  /** Uid of the Prometheus data source that the rules ask. A rule takes no variable here. */
  readonly dataSourceUid?: string | undefined;
}

export interface GrafanaGroup {
  readonly orgId: number;
  readonly name: string;
  readonly folder: string;
  readonly interval: string;
  readonly rules: readonly GrafanaRule[];
}

const DATA_SOURCE_UID = 'prometheus';
const FOLDER = 'fal';
/** Grafana evaluates at multiples of ten seconds. */
const INTERVAL_SECONDS = 30;
const TICK_SECONDS = 10;

const ABOUT_RULES = `
Grafana-managed alert rules for Grafana 12.4 and newer: the same alerts as in ../prometheus, for those who have no
Alertmanager. Use one form or the other, or every alert fires twice.
Recorded series are written out in each rule, so that a data source that only answers queries is enough. Its uid
must be "prometheus". Watchdog is paused: it has no use before a receiver rings when it falls silent.`;

const ABOUT_PLAIN = `${ABOUT_RULES}
Put this file into provisioning/alerting. Alerts go where your notification policies send them.`;

const ABOUT_PAGERDUTY_RULES = `${ABOUT_RULES}
As ../rules.yml, but critical and warning go to the contact point beside this file, past your notification policies,
which stay as they are. Put both files of this folder into provisioning/alerting, and not ../rules.yml: without the
contact point Grafana refuses to start.`;

const ABOUT_CONTACT_POINT = `
PagerDuty for the rules beside this file. Grafana refuses to start while the key file is absent or empty: write the
integration key (Events API v2, 32 characters) to /run/secrets/pagerduty_routing_key first.`;

const ABOUT_POLICIES = `
An example, to be read before it is used: a file with policies REPLACES all notification policies of the
organisation and locks them in the user interface. It needs ../pagerduty/contact-points.yml, ../rules.yml, and the
address of a chat webhook in /run/secrets/chat_webhook_url. Who has other alerts in Grafana uses the folder
../pagerduty instead.`;

/**
 * Grafana-managed rules, contact point and policies. Only the first file works without a secret; Grafana reads a
 * provisioning folder without its sub-folders, so what needs one lies in sub-folders.
 */
export function grafanaFiles(pack: Pack, options: GrafanaOptions): GeneratedFile[] {
  const plain = grafanaGroups(pack, options);
  const routed = plain.map((group) => ({ ...group, rules: group.rules.map(routing) }));
  return [
    rulesFile('grafana/rules.yml', ABOUT_PLAIN, plain),
    rulesFile('grafana/pagerduty/rules.yml', ABOUT_PAGERDUTY_RULES, routed),
    generatedYaml('grafana/pagerduty/contact-points.yml', ABOUT_CONTACT_POINT, {
      apiVersion: 1,
      ...pagerDutyContactPoint(),
    }),
    generatedYaml('grafana/policies/policies.yml', ABOUT_POLICIES, { apiVersion: 1, ...policyTree() }),
  ];
}

/** One group per rule file; the rule that watches the data source stands in a group of its own. */
export function grafanaGroups(pack: Pack, options: GrafanaOptions): GrafanaGroup[] {
  const { links, dataSourceUid = DATA_SOURCE_UID } = options;
  const recordings = recordingsIn(pack);
  const groups = pack.flatMap((file) => file.groups);
  return [
    ...groups.map(({ name, intervalSeconds = INTERVAL_SECONDS, rules }) => {
      const alerts = rules.flatMap((rule) => (rule.kind === 'alert' ? [rule] : []));
      return group(
        name,
        alerts.map((rule) => grafanaRule(rule, inlineRecordings(rule.expr, recordings), dataSourceUid)),
        intervalSeconds,
      );
    }),
    group('fal-data-source', [dataSourceRule(links, dataSourceUid)]),
  ];
}

function group(
  name: string,
  rules: readonly GrafanaRule[],
  intervalSeconds = INTERVAL_SECONDS,
): GrafanaGroup {
  const interval = `${Math.max(1, Math.ceil(intervalSeconds / TICK_SECONDS)) * TICK_SECONDS}s`;
  return { orgId: 1, name, folder: FOLDER, interval, rules };
}

function rulesFile(path: string, about: string, groups: readonly GrafanaGroup[]): GeneratedFile {
  return generatedYaml(path, about, { apiVersion: 1, groups });
}
