import type { NavModelItem } from '@grafana/data';
import type { PluginPageProps } from '@grafana/runtime';
import { setPluginPage } from 'file:@grafana/runtime/dist/esm/components/PluginPage.mjs';
import type { ReactElement } from 'react';
import { pageHistory } from './location.ts';
import type { HostRequest, InstalledPlugin } from './request.ts';

/** Gives plugins the frame of their pages. */
export function addPageFrame(request: HostRequest): void {
  const app = request.kind === 'app' ? request.plugins.find(({ id }) => id === request.app) : undefined;
  setPluginPage((props) => <PageFrame {...props} app={app} />);
}

interface PageFrameProps extends PluginPageProps {
  readonly app: InstalledPlugin | undefined;
}

/** Title, sub-title, actions and content, as Grafana's page frame shows them; the frame itself is part of its core. */
function PageFrame({
  app,
  pageNav,
  renderTitle,
  subTitle,
  actions,
  info = [],
  children,
}: PageFrameProps): ReactElement {
  const title = pageNav?.text ?? titleOf(app);
  return (
    <main style={{ padding: 32 }}>
      <header style={{ display: 'flex', justifyContent: 'space-between', gap: 16 }}>
        {renderTitle === undefined ? <h1>{title}</h1> : renderTitle(title)}
        <div>{actions}</div>
      </header>
      {info.map(({ label, value }) => (
        <div key={label}>
          {label}: {value}
        </div>
      ))}
      {subTitleOf(subTitle, pageNav)}
      {children}
    </main>
  );
}

function subTitleOf(
  subTitle: PluginPageProps['subTitle'],
  pageNav: NavModelItem | undefined,
): ReactElement | null {
  const text = subTitle ?? pageNav?.subTitle;
  return text === undefined ? null : <div style={{ marginBottom: 16 }}>{text}</div>;
}

/** The name of the page in plugin.json, which Grafana has in its menu. */
function titleOf(app: InstalledPlugin | undefined): string {
  const { pathname } = pageHistory().location;
  const page = app?.json.includes?.find(({ type, path }) => type === 'page' && path === pathname);
  return page?.name ?? app?.name ?? '';
}
