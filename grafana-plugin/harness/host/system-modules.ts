/**
 * SystemJS as Grafana sets it up: plugins are AMD modules whose shared packages are already there. Each shared
 * package is registered under `package:<name>`, and an import map points its bare name there.
 */
import 'systemjs/dist/system.js';
import 'systemjs/dist/extras/amd.js';
import 'systemjs/dist/extras/named-register.js';
import * as emotionCss from '@emotion/css';
import * as emotionReact from '@emotion/react';
import * as grafanaData from '@grafana/data';
import * as grafanaDataUnstable from '@grafana/data/unstable';
import * as grafanaRuntime from '@grafana/runtime';
import * as grafanaRuntimeUnstable from '@grafana/runtime/unstable';
import * as grafanaUi from '@grafana/ui';
import * as grafanaUiUnstable from '@grafana/ui/unstable';
import { getI18nInstance } from 'file:@grafana/i18n/dist/esm/i18n.mjs';
import lodash from 'lodash';
import moment from 'moment';
import * as routerV5 from 'of:@grafana/ui/react-router-dom';
import * as routerV6 from 'of:@grafana/ui/react-router-dom-v5-compat';
import * as React from 'react';
import * as jsxDevRuntime from 'react/jsx-dev-runtime';
import * as jsxRuntime from 'react/jsx-runtime';
import * as ReactDom from 'react-dom';
import * as ReactDomClient from 'react-dom/client';
import * as inlineSvg from 'react-inlinesvg';
import * as reactRedux from 'react-redux';
import * as redux from 'redux';
import * as rxjs from 'rxjs';
import * as rxjsOperators from 'rxjs/operators';

type SharedModule = Readonly<Record<string, unknown>>;

/** What a plugin may import without bundling it. `__useDefault` gives the importer the default export itself. */
function sharedModules(): Readonly<Record<string, SharedModule>> {
  return {
    '@emotion/css': emotionCss,
    '@emotion/react': { ...emotionReact },
    '@grafana/data': grafanaData,
    '@grafana/data/unstable': grafanaDataUnstable,
    '@grafana/runtime': grafanaRuntime,
    '@grafana/runtime/unstable': grafanaRuntimeUnstable,
    '@grafana/ui': grafanaUi,
    '@grafana/ui/unstable': grafanaUiUnstable,
    emotion: emotionCss,
    i18next: getI18nInstance() as SharedModule,
    lodash: { default: lodash, __useDefault: true },
    moment: { default: moment, __useDefault: true },
    react: React,
    'react/jsx-runtime': jsxRuntime,
    'react/jsx-dev-runtime': jsxDevRuntime,
    'react-dom': ReactDom,
    'react-dom/client': ReactDomClient,
    'react-inlinesvg': inlineSvg,
    'react-redux': reactRedux,
    'react-router': routerV6,
    'react-router-dom': routerV5,
    redux,
    rxjs,
    'rxjs/operators': rxjsOperators,
  };
}

/** Registers the shared packages. Once per page, before the first plugin. */
export function provideSharedModules(): void {
  const shared = sharedModules();
  const imports: Record<string, string> = {};
  for (const [name, module] of Object.entries(shared)) {
    const id = `package:${name}`;
    imports[name] = id;
    System.set(id, module);
  }
  System.addImportMap({ imports });
}
