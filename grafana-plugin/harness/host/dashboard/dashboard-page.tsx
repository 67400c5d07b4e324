import { SceneGridRow, sceneGraph } from '@grafana/scenes';
import type { EmbeddedScene } from '@grafana/scenes';
import { useTheme2 } from '@grafana/ui';
import { useEffect } from 'react';
import type { ReactElement } from 'react';
import type { OpenedPage } from '../opened-page.ts';
import { panelReports, settled } from '../reports.ts';
import type { DashboardRequest, HostSettings } from '../request.ts';
import { visitedPaths } from '../location.ts';
import type { ClassicDashboard } from './classic.ts';
import { dashboardScene } from './dashboard-scene.ts';

/** A whole dashboard. */
export function openDashboard(request: HostSettings & DashboardRequest): OpenedPage {
  const scene = dashboardScene(request);
  window.__grafanaSceneContext = scene;
  return {
    element: <DashboardPage scene={scene} request={request} />,
    page: {
      ready: settled(scene),
      settled: () => settled(scene),
      reports: () => panelReports(scene),
      showFrames: () => {
        throw new Error('a dashboard asks for its data itself');
      },
      measurePaint: () => Promise.reject(new Error('a dashboard asks for its data itself')),
      visited: visitedPaths(),
    },
  };
}

interface DashboardPageProps {
  readonly scene: EmbeddedScene;
  readonly request: DashboardRequest;
}

function DashboardPage({ scene, request }: DashboardPageProps): ReactElement {
  const theme = useTheme2();
  const { title = '', links = [] } = request.dashboard as ClassicDashboard;
  useEffect(() => {
    if (request.openRows) openRows(scene);
  }, [scene, request]);
  return (
    <main
      data-testid="dashboard"
      style={{ padding: theme.spacing(2), background: theme.colors.background.canvas }}
    >
      <header style={{ display: 'flex', gap: theme.spacing(2), alignItems: 'baseline' }}>
        <h1 style={{ fontSize: theme.typography.h4.fontSize }}>{title}</h1>
        {links.map((link) => (
          <a key={link.title} href={link.url ?? `dashboards?tag=${(link.tags ?? []).join(',')}`}>
            {link.title}
          </a>
        ))}
      </header>
      <scene.Component model={scene} />
    </main>
  );
}

function openRows(scene: EmbeddedScene): void {
  const rows = sceneGraph.findAllObjects(scene, (object) => object instanceof SceneGridRow);
  for (const row of rows) {
    if (row instanceof SceneGridRow && row.state.isCollapsed === true) row.onCollapseToggle();
  }
}
