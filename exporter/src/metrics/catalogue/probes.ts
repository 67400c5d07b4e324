import { DURATION_BOUNDS, counter, gauge, histogram } from 'opentelemetry-instrumentation-fal/core';

export const probeDuration = histogram({
  name: 'fal_probe_duration_seconds',
  instrument: 'fal.probe.duration.seconds',
  unit: 's',
  labels: ['account', 'probe', 'endpoint_id', 'outcome'],
  fedBy: 'probes',
  bounds: DURATION_BOUNDS,
  help: 'How long a probe run took from start to result. For latency quantiles take outcome=~"ok|timeout": fast failures would make an outage look quick. Adds up across exporters.',
});

export const probeQueueWait = histogram({
  name: 'fal_probe_queue_wait_seconds',
  instrument: 'fal.probe.queue_wait.seconds',
  unit: 's',
  labels: ['account', 'probe', 'endpoint_id'],
  fedBy: 'probes',
  bounds: DURATION_BOUNDS,
  help: 'From accepted until first seen running; a runner start is part of it. High while inference is normal: fal lacks capacity, or the account is at its concurrency limit.',
});

export const probeInference = histogram({
  name: 'fal_probe_inference_seconds',
  instrument: 'fal.probe.inference.seconds',
  unit: 's',
  labels: ['account', 'probe', 'endpoint_id'],
  fedBy: 'probes',
  bounds: DURATION_BOUNDS,
  help: 'Run time of the model as fal reports it. High while queue wait is normal: the model itself became slow, or the probe input grew.',
});

export const probeDurationQuantile = gauge({
  name: 'fal_probe_duration_quantile_seconds',
  scrapedAs: 'summary',
  instrument: 'fal.probe.duration_quantile.seconds',
  unit: 's',
  labels: ['account', 'probe', 'endpoint_id', 'quantile', 'window'],
  fedBy: 'probes',
  help: 'Nearest-rank quantile of run durations (outcome ok or timeout) in the sliding window, within 0.5 %. Absent when the window is empty. Never average or sum it across exporters: use the histogram for that.',
});

export const probeRuns = counter({
  name: 'fal_probe_runs_total',
  instrument: 'fal.probe.runs',
  unit: '{run}',
  labels: ['account', 'probe', 'endpoint_id', 'outcome'],
  fedBy: 'probes',
  help: 'Probe runs that ended, by outcome. Leave out cancelled ones (the exporter stopped) when computing a ratio.',
});

export const probeErrors = counter({
  name: 'fal_probe_errors_total',
  instrument: 'fal.probe.errors',
  unit: '{error}',
  labels: ['account', 'probe', 'endpoint_id', 'error_type', 'fault'],
  fedBy: 'probes',
  help: 'Probe runs that ended with outcome error or timeout, by cause and by whose fault. Failures of fal are fault!~"app|account"; app means that the probe input needs mending, account that key, balance or limits do.',
});

export const probeFailures = counter({
  name: 'fal_probe_failures_total',
  instrument: 'fal.probe.failures',
  unit: '{run}',
  labels: ['account', 'probe', 'endpoint_id'],
  fedBy: 'probes',
  help: 'Probe runs that failed for a reason that is not the account’s or the input’s: the errors with fault!~"app|account" in one series per probe, for ratios. Divide by runs without the cancelled.',
});

export const probeUp = gauge({
  name: 'fal_probe_up',
  instrument: 'fal.probe.up',
  unit: '',
  labels: ['account', 'probe', 'endpoint_id'],
  fedBy: 'probes',
  help: 'Last run of the probe: 1 good, 0 bad; absent before the first one. One 0 is a blip: alert on several of the last runs.',
});

export const probeRecentRuns = gauge({
  name: 'fal_probe_recent_runs',
  instrument: 'fal.probe.recent_runs',
  unit: '{run}',
  labels: ['account', 'probe', 'endpoint_id', 'result'],
  fedBy: 'probes',
  help: 'The last five runs of the probe by result: ok, slow (above the latency limit of its model), failure, refused (account or input). Three failures of five are an incident, one is a blip; absent before the first run.',
});

export const probeLastRun = gauge({
  name: 'fal_probe_last_run_timestamp_seconds',
  instrument: 'fal.probe.last_run.timestamp.seconds',
  unit: 's',
  labels: ['account', 'probe'],
  fedBy: 'probes',
  help: 'When the last run of the probe ended, in Unix time. Older than three intervals plus the timeout: the probe does not run, so its silence is not good news; look at skipped runs and the log.',
});

export const probeInterval = gauge({
  name: 'fal_probe_interval_seconds',
  instrument: 'fal.probe.interval.seconds',
  unit: 's',
  labels: ['account', 'probe'],
  fedBy: 'config',
  help: 'Time between runs from the configuration, so that rules need no copy of it.',
});

export const probeTimeout = gauge({
  name: 'fal_probe_timeout_seconds',
  instrument: 'fal.probe.timeout.seconds',
  unit: 's',
  labels: ['account', 'probe'],
  fedBy: 'config',
  help: 'Deadline of a run from the configuration, so that rules need no copy of it.',
});

export const probeSkipped = counter({
  name: 'fal_probe_skipped_total',
  instrument: 'fal.probe.skipped',
  unit: '{run}',
  labels: ['account', 'probe', 'reason'],
  fedBy: 'probes',
  help: 'Runs that did not take place by our own decision. budget: raise the budget or the interval; slots: the account is at its concurrency limit; locked: fal refuses the account; fresh_traffic: real traffic told enough; standby: another exporter probes.',
});

export const probeSpend = counter({
  name: 'fal_probe_spend_usd_total',
  instrument: 'fal.probe.spend.usd',
  unit: '{USD}',
  labels: ['account'],
  fedBy: 'probes',
  help: 'What the probes cost since the exporter started, as booked in its ledger; an unknown price is booked as the configured worst case.',
});

export const probeBudgetRemaining = gauge({
  name: 'fal_probe_budget_remaining_usd',
  instrument: 'fal.probe.budget_remaining.usd',
  unit: '{USD}',
  labels: ['account', 'window'],
  fedBy: 'probes',
  help: 'What probes may still spend in the running hour, day and month. At 0 paid probes stop and fal_probe_skipped_total{reason="budget"} counts.',
});

export const probeHostUp = gauge({
  name: 'fal_probe_host_up',
  instrument: 'fal.probe.host_up',
  unit: '',
  labels: ['account', 'probe', 'host'],
  fedBy: 'probes',
  help: 'Whether a host of fal answered the last free probe: 1 yes, 0 no. Every host at 0 at once is more likely your own network.',
});

export const probeHostResponse = gauge({
  name: 'fal_probe_host_response_seconds',
  instrument: 'fal.probe.host_response.seconds',
  unit: 's',
  labels: ['account', 'probe', 'host'],
  fedBy: 'probes',
  help: 'Response time of a host of fal in the last free probe; absent when it did not answer. It is the network and the gateway, without queue and model.',
});

export const PROBE_METRICS = [
  probeDuration,
  probeQueueWait,
  probeInference,
  probeDurationQuantile,
  probeRuns,
  probeErrors,
  probeFailures,
  probeUp,
  probeRecentRuns,
  probeLastRun,
  probeInterval,
  probeTimeout,
  probeSkipped,
  probeSpend,
  probeBudgetRemaining,
  probeHostUp,
  probeHostResponse,
] as const;
