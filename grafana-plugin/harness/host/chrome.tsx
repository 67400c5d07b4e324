import { GlobalStyles, ModalsProvider, PortalContainer } from '@grafana/ui';
import { ThemeContext } from '@grafana/data';
import { LocationServiceProvider, config, locationService } from '@grafana/runtime';
import { Router } from 'of:@grafana/ui/react-router-dom';
import { CompatRouter } from 'of:@grafana/ui/react-router-dom-v5-compat';
import type { ReactElement, ReactNode } from 'react';
import { pageHistory } from './location.ts';

/** What Grafana wraps around every page: theme, global styles, router, and the places for modals and menus. */
export function Chrome({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <ThemeContext.Provider value={config.theme2}>
      <GlobalStyles />
      <LocationServiceProvider service={locationService}>
        <Router history={pageHistory()}>
          <CompatRouter>
            <ModalsProvider>
              {children}
              <PortalContainer />
            </ModalsProvider>
          </CompatRouter>
        </Router>
      </LocationServiceProvider>
    </ThemeContext.Provider>
  );
}
