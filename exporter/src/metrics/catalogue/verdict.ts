import { gauge } from 'opentelemetry-instrumentation-fal/core';

export const verdict = gauge({
  name: 'fal_verdict',
  instrument: 'fal.verdict',
  unit: '',
  labels: ['account', 'verdict', 'endpoint_id'],
  fedBy: 'verdict',
  help: 'Whose problem it is, per model: 1 at the current verdict (ok, app, account, model, platform or unknown), 0 at the other five. platform: nothing to mend here, follow the runbook for an outage; model: fail over from this model; account and app: yours to mend; the status page names the evidence.',
});

export const verdictConfidence = gauge({
  name: 'fal_verdict_confidence',
  instrument: 'fal.verdict.confidence',
  unit: '',
  labels: ['account', 'endpoint_id'],
  fedBy: 'verdict',
  help: 'How sure the current verdict is, from 0 (a guess) to 1 (proven by several witnesses). Below 0.5 look at the evidence on the status page yourself before you act on it.',
});

export const VERDICT_METRICS = [verdict, verdictConfidence] as const;
