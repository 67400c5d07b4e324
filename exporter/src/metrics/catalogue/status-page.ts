import { gauge } from 'opentelemetry-instrumentation-fal/core';

export const statusPageUp = gauge({
  name: 'fal_status_page_up',
  instrument: 'fal.status_page.up',
  unit: '',
  labels: [],
  fedBy: 'collector: status page',
  help: 'Whether the official status page of fal could be read last time: 1 yes, 0 no; absent before the first try. At 0 its components and incidents go absent after three intervals, which is no sign that all is well.',
});

export const statusComponent = gauge({
  name: 'fal_status_component',
  instrument: 'fal.status.component',
  unit: '',
  labels: ['component', 'state'],
  fedBy: 'collector: status page',
  help: 'What fal itself says about a part of its platform: 1 at the current state (operational, degraded, partial_outage, major_outage, maintenance or unknown), 0 at the others. The page lags behind by minutes: trust your own probes first.',
});

export const statusIncident = gauge({
  name: 'fal_status_incident',
  instrument: 'fal.status.incident',
  unit: '{incident}',
  labels: ['impact'],
  fedBy: 'collector: status page',
  help: 'Open incidents on the official status page of fal, by impact (none, minor, major, critical). Above 0 fal knows of a problem already: read its page before you write to support.',
});

export const STATUS_PAGE_METRICS = [statusPageUp, statusComponent, statusIncident] as const;
