/** Modules that have no types of their own, or that an exports map hides: see bundle/host-packages.ts. */

declare module 'file:@grafana/i18n/dist/esm/i18n.mjs' {
  export function initializeI18n(
    options: { language?: string; ns?: string[] },
    regionalFormat: string,
  ): Promise<{ language: string | undefined }>;
  export function getI18nInstance(): object;
}

declare module 'file:@grafana/runtime/dist/esm/components/PanelDataErrorView.mjs' {
  import type { PanelDataErrorViewProps } from '@grafana/runtime';
  import type { ComponentType } from 'react';
  export function setPanelDataErrorView(view: ComponentType<PanelDataErrorViewProps>): void;
}

declare module 'file:@grafana/runtime/dist/esm/components/PluginPage.mjs' {
  import type { PluginPageProps } from '@grafana/runtime';
  import type { ComponentType } from 'react';
  export function setPluginPage(page: ComponentType<PluginPageProps>): void;
}

declare module 'of:@grafana/ui/react-router-dom' {
  import type { ComponentType, PropsWithChildren } from 'react';
  export const Router: ComponentType<PropsWithChildren<{ history: unknown }>>;
}

declare module 'of:@grafana/ui/react-router-dom-v5-compat' {
  import type { ComponentType, PropsWithChildren } from 'react';
  export const CompatRouter: ComponentType<PropsWithChildren>;
  export const Routes: ComponentType<PropsWithChildren>;
  export const Route: ComponentType<{ path: string; element: React.ReactNode }>;
}

declare module 'systemjs/dist/system.js';
declare module 'systemjs/dist/extras/amd.js';
declare module 'systemjs/dist/extras/named-register.js';
declare module '*.css';
