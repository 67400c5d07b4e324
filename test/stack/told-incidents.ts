import { expect } from 'vitest';
import type { ExporterProcess } from '../exporter-process.ts';
import type { Incident } from '../pagerduty/incidents.ts';
import { incidentTable, type TableRow } from './incident-table.ts';
import { live, type IncidentReport, type IncidentStory } from './incident.ts';
import { startPlant, type Plant } from './plant.ts';

/** Incidents that one plant lives through, one after the other, and the table that tells them. */
export class ToldIncidents {
  readonly plant: Plant;
  /** The one that is watched now; a story that stops it starts another one. */
  exporter: ExporterProcess;
  readonly heal = this.scenario('healthy');
  readonly #rows: TableRow[] = [];

  private constructor(plant: Plant) {
    this.plant = plant;
    this.exporter = plant.stack.exporter;
  }

  /** Starts a plant, and waits until the rules know how it is when it is well. */
  static async start(): Promise<ToldIncidents> {
    const plant = await startPlant();
    try {
      await plant.stack.prometheus.until('min(endpoint:fal_client_requests:increase5m) >= 20', {
        withinMs: 60_000,
      });
    } catch (error) {
      await plant.stop();
      throw error;
    }
    return new ToldIncidents(plant);
  }

  /** For `fault` and `heal` of a story. */
  scenario(name: string): () => void {
    return () => this.plant.simulator.applyScenario(name);
  }

  /** What PagerDuty got of that alert since the fault began, if anything. */
  incidentOf(alertname: string): Incident | undefined {
    return this.plant.stack.pagerDuty.incidents().find(({ payload }) => payload.class === alertname);
  }

  /** Lives the story, and notes it for the table. */
  async tell(what: string, promise: string, story: IncidentStory): Promise<IncidentReport> {
    const report = await live(this.plant.stack, story);
    this.#rows.push({ what, page: story.page, promise, report });
    return report;
  }

  /** Compares what was told with the table of that marker, or writes it there; see `incidentTable`. */
  async compare(marker: string, told: number): Promise<void> {
    expect(this.#rows).toHaveLength(told);
    await incidentTable(marker, this.#rows);
  }

  async stop(): Promise<void> {
    await this.exporter.stop();
    await this.plant.stop();
  }
}

/** One trigger and one resolve under one key, and nobody else's phone rings. */
export function expectOnePage({ incident, requests, incidents }: IncidentReport, severity: string): void {
  expect(incident).toMatchObject({ severity, triggers: 1, state: 'resolved' });
  expect(incident.dedupKey).toMatch(/^[0-9a-f]{64}$/);
  const accepted = requests.filter(({ accepted }) => accepted).map(({ event }) => event);
  for (const { dedupKey, payload } of incidents) {
    const actions = accepted
      .filter((event) => event?.dedup_key === dedupKey)
      .map((event) => event?.event_action);
    expect(actions, payload.summary).toEqual(['trigger', 'resolve']);
  }
  const ringing = incidents.filter(({ urgency }) => urgency === 'high');
  expect(ringing.map(({ payload }) => payload.summary)).toEqual(
    incident.urgency === 'high' ? [incident.payload.summary] : [],
  );
  const refused = requests.filter(({ status }) => status === 400);
  expect(refused.flatMap(({ reasons }) => reasons)).toEqual([]);
}
