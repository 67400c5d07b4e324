import { config } from '@grafana/runtime';

/** Whether the user may save settings of plugins; the server decides, this is for what the page offers. */
export function maySaveSettings(): boolean {
  const { user } = config.bootData;
  return (
    user.isGrafanaAdmin || String(user.orgRole) === 'Admin' || user.permissions?.['plugins:write'] === true
  );
}
