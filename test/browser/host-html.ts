import type { HostSite } from './host-site.ts';

/** The HTML of a page: what Grafana writes into its index page before its own scripts run. */
export function hostHtml({ request }: HostSite, bundleUrl: string): string {
  const { subPath, theme } = request;
  return `<!doctype html>
<html lang="en-US">
<head>
<meta charset="utf-8">
<title>fal observability: browser harness</title>
<base href="${subPath}/">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${bundleUrl}/host.css">
<script>
window.__grafana_public_path__ = '${subPath}/public/';
window.public_cdn_path = '${subPath}/public/';
window.grafanaBootData = ${inScript(bootData(request))};
window.falobsRequest = ${inScript(request)};
</script>
</head>
<body class="theme-${theme}">
<div id="reactRoot"></div>
<script type="module" src="${bundleUrl}/host.js"></script>
</body>
</html>
`;
}

function bootData(request: HostSite['request']): object {
  const { theme, version, subPath, plugins, dataSources, timeZone } = request;
  const ofType = (type: string): object[] =>
    plugins
      .filter((plugin) => plugin.type === type)
      .map(({ id, name, baseUrl, json }) => ({
        id,
        name,
        baseUrl,
        module: `${baseUrl}/module.js`,
        version: json.info?.version ?? '',
      }));
  const byId = (type: string): object =>
    Object.fromEntries(ofType(type).map((plugin) => [(plugin as { id: string }).id, plugin]));
  return {
    assets: { dark: '', light: '' },
    navTree: [],
    user: {
      id: 1,
      isSignedIn: true,
      login: 'admin',
      name: 'admin',
      orgId: 1,
      orgName: 'Main Org.',
      orgRole: 'Admin',
      isGrafanaAdmin: true,
      theme,
      lightTheme: theme === 'light',
      timezone: timeZone,
      weekStart: '',
      locale: 'en-US',
      language: 'en-US',
      regionalFormat: 'en-US',
      permissions: {},
      analytics: { identifier: '' },
    },
    settings: {
      appSubUrl: subPath,
      appUrl: subPath,
      buildInfo: { version, commit: '', env: 'production', edition: 'Open Source' },
      featureToggles: {},
      datasources: Object.fromEntries(dataSources.map((each) => [each.name, each])),
      defaultDatasource: dataSources.find((each) => each.isDefault === true)?.name ?? '',
      panels: byId('panel'),
      apps: byId('app'),
      liveEnabled: false,
      unifiedAlertingEnabled: true,
    },
  };
}

/** JSON that cannot end the script element that it stands in. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
}
