import { t } from '../language/translate.ts';

/** A dashboard of ours, and the question that it answers. */
export interface DashboardEntry {
  readonly uid: string;
  readonly name: string;
  readonly question: string;
}

/** All dashboards that the app brings, the first look first. */
export function dashboardEntries(): DashboardEntry[] {
  return [
    {
      uid: 'fal-overview',
      name: t('dashboard.overview.name', 'Overview'),
      question: t('dashboard.overview.question', 'Is it them or us, and since when?'),
    },
    {
      uid: 'fal-status',
      name: t('dashboard.status.name', 'Status dashboard'),
      question: t('dashboard.status.question', 'How has each model been?'),
    },
    {
      uid: 'fal-endpoint',
      name: t('dashboard.endpoint.name', 'Endpoint detail'),
      question: t('dashboard.endpoint.question', 'Where do the seconds of one model go, and what fails?'),
    },
    {
      uid: 'fal-queue',
      name: t('dashboard.queue.name', 'Queue and concurrency'),
      question: t('dashboard.queue.question', 'Who waits, and for what?'),
    },
    {
      uid: 'fal-credits',
      name: t('dashboard.credits.name', 'Credits and cost'),
      question: t('dashboard.credits.question', 'How long does the money last, and where does it go?'),
    },
    {
      uid: 'fal-probes',
      name: t('dashboard.probes.name', 'Probes'),
      question: t('dashboard.probes.question', 'What do our own runs see, and what do they cost?'),
    },
    {
      uid: 'fal-exporter',
      name: t('dashboard.exporter.name', 'Exporter health'),
      question: t('dashboard.exporter.question', 'Can these numbers be trusted?'),
    },
  ];
}
