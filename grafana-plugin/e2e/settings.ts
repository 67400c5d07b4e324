/** What the suite needs to know of the Grafana that it looks at. */
export interface SuiteSettings {
  readonly grafanaUrl: string;
  /** An administrator: the set-up page is for nobody else. */
  readonly admin: { readonly user: string; readonly password: string };
}

/** The settings in the environment. Throws, naming the variable, when one is missing. */
export function suiteSettings(env: Readonly<Record<string, string | undefined>>): SuiteSettings {
  const { GRAFANA_URL, GRAFANA_ADMIN_USER = 'admin', GRAFANA_ADMIN_PASSWORD } = env;
  if (GRAFANA_URL === undefined || GRAFANA_URL === '') {
    throw new Error(
      'looking at the plugin in Grafana: GRAFANA_URL is not set; expected http://localhost:3000',
    );
  }
  if (GRAFANA_ADMIN_PASSWORD === undefined || GRAFANA_ADMIN_PASSWORD === '') {
    throw new Error(
      `looking at the plugin in ${GRAFANA_URL}: GRAFANA_ADMIN_PASSWORD is not set; expected the password of ` +
        GRAFANA_ADMIN_USER,
    );
  }
  return {
    grafanaUrl: GRAFANA_URL,
    admin: { user: GRAFANA_ADMIN_USER, password: GRAFANA_ADMIN_PASSWORD },
  };
}
