/** The rules as data, for whoever writes them in another form. */
export type { AlertDefinition, Scope, Severity, Source } from './alert.ts';
export { ALERTS } from './catalogue.ts';
export { buildPack } from './pack.ts';
export type { AlertRule, Pack, PackOptions, RecordingRule, Rule, RuleFile, RuleGroup } from './pack.ts';
export { prometheusFiles } from './formats/prometheus.ts';
export { defaultSettings } from './settings.ts';
export type { AlertSettings, Links, Settings } from './settings.ts';
