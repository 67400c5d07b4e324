/** The services that Grafana's core gives to `@grafana/runtime` at its start, as far as the pages need them. */
import { DataSourceApi, EventBusSrv, LoadingState, locationUtil, textUtil } from '@grafana/data';
import type {
  DataFrame,
  DataQueryRequest,
  DataQueryResponse,
  DataSourceInstanceSettings,
  DataSourceRef,
  GrafanaConfig,
  PanelData,
  TestDataSourceResponse,
} from '@grafana/data';
import {
  FakeEchoSrv,
  config,
  locationService,
  setAppEvents,
  setBackendSrv,
  setChromeHeaderHeightHook,
  setDataSourceSrv,
  setEchoSrv,
  setLocationSrv,
  setPluginComponentsHook,
  setPluginImportUtils,
  setPluginLinksHook,
  setReturnToPreviousHook,
  setRunRequest,
  setTemplateSrv,
} from '@grafana/runtime';
import type { DataSourceSrv, TemplateSrv } from '@grafana/runtime';
import { sceneGraph } from '@grafana/scenes';
import type { SceneObject } from '@grafana/scenes';
import { catchError, from, map, of, startWith } from 'rxjs';
import type { Observable } from 'rxjs';
import { backendOver } from './backend.ts';
import type { PanelLibrary } from './plugin-loader.ts';
import { pluginMeta } from './plugin-loader.ts';
import { PrometheusStandIn, isAnnotation } from './prometheus/data-source.ts';
import type { DataSourceSettings, HostSettings } from './request.ts';

declare global {
  interface Window {
    /** Where Grafana keeps the scene that is shown, for the variables of legacy services. */
    __grafanaSceneContext?: unknown;
  }
}

/** Sets all services. Once per page, before anything is rendered. */
export function provideServices(settings: HostSettings, panels: PanelLibrary): void {
  setAppEvents(new EventBusSrv());
  setEchoSrv(new FakeEchoSrv());
  setBackendSrv(backendOver(settings.subPath));
  setDataSourceSrv(dataSources(settings.dataSources));
  setTemplateSrv(templates());
  setLocationSrv({ update: (update) => locationService.update(update) });
  setRunRequest(runRequest);
  locationUtil.initialize({
    config: config as unknown as GrafanaConfig,
    getTimeRangeForUrl: () => ({ from: settings.time.from, to: settings.time.to }),
    getVariablesUrlParams: () => ({}),
  });
  setPluginImportUtils({
    importPanelPlugin: (id) => panels.load(id),
    getPanelPluginFromCache: (id) => panels.find(id),
  });
  setPluginLinksHook(() => ({ links: [], isLoading: false }));
  setPluginComponentsHook(() => ({ components: [], isLoading: false }));
  setReturnToPreviousHook(() => () => undefined);
  setChromeHeaderHeightHook(() => 0);
}

/** A data source of a type that the host has no stand-in for: it is there, and it answers nothing. */
class SilentDataSource extends DataSourceApi {
  override query(): Promise<DataQueryResponse> {
    return Promise.resolve({ data: [] });
  }

  override testDatasource(): Promise<TestDataSourceResponse> {
    return Promise.resolve({ status: 'success', message: '' });
  }
}

function dataSources(settings: readonly DataSourceSettings[]): DataSourceSrv {
  const all = settings.map(instanceSettings);
  const instances = new Map(
    all.map((each) => [
      each.uid,
      each.type === 'prometheus' ? new PrometheusStandIn(each) : new SilentDataSource(each),
    ]),
  );
  const find: DataSourceSrv['getInstanceSettings'] = (ref, scopedVars) => {
    const id = templates().replace(idOf(ref), scopedVars);
    if (id === '' || id === 'default') return all.find((each) => each.isDefault) ?? all[0];
    return all.find(({ uid, name }) => uid === id || name === id);
  };
  return {
    get: (ref, scopedVars) => {
      const found = find(ref, scopedVars);
      const instance = found && instances.get(found.uid);
      return instance === undefined
        ? Promise.reject(new Error(`Datasource ${idOf(ref)} was not found`))
        : Promise.resolve(instance as DataSourceApi);
    },
    getInstanceSettings: find,
    getList: (filters = {}) => {
      const types = filters.type === undefined ? undefined : [filters.type].flat();
      return all.filter(
        (each) =>
          (filters.pluginId === undefined || each.type === filters.pluginId) &&
          (types === undefined || types.includes(each.type)) &&
          (filters.filter?.(each) ?? true),
      );
    },
    reload: () => undefined,
    registerRuntimeDataSource: () => undefined,
  };
}

function idOf(ref: DataSourceRef | string | null | undefined): string {
  return typeof ref === 'string' ? ref : (ref?.uid ?? '');
}

function instanceSettings(
  { uid, name, type, isDefault = false, jsonData = {} }: DataSourceSettings,
  index: number,
) {
  const settings: DataSourceInstanceSettings = {
    id: index + 1,
    uid,
    name,
    type,
    isDefault,
    jsonData,
    readOnly: false,
    access: 'proxy',
    url: `/api/datasources/proxy/uid/${uid}`,
    meta: {
      ...pluginMeta({ id: type, name: type, baseUrl: '', version: '' }),
      type: 'datasource',
      metrics: true,
      annotations: true,
    } as DataSourceInstanceSettings['meta'],
  };
  return settings;
}

/** Variables come from the scene that is shown; outside of one a text stays as it is. */
function templates(): TemplateSrv {
  return {
    getVariables: () => [],
    containsTemplate: (target = '') => /\$\{?\w/.test(target),
    updateTimeRange: () => undefined,
    replace: (target = '', scopedVars, format) => {
      const scene = (scopedVars?.__sceneObject?.value as { valueOf(): SceneObject } | undefined)?.valueOf();
      const context = scene ?? (window.__grafanaSceneContext as SceneObject | undefined);
      if (context === undefined) return target;
      return sceneGraph.interpolate(context, target, scopedVars, format as string);
    },
  };
}

/** Runs the queries of a panel: loading first, then the answer or the error, frames apart from annotations. */
function runRequest(dataSource: DataSourceApi, request: DataQueryRequest): Observable<PanelData> {
  const common = { timeRange: request.range, request };
  return from(dataSource.query(request)).pipe(
    map((response): PanelData => {
      const frames = response.data as DataFrame[];
      return {
        ...common,
        state: response.state ?? LoadingState.Done,
        series: frames.filter((frame) => !isAnnotation(frame)),
        annotations: frames.filter(isAnnotation),
      };
    }),
    catchError((error: unknown) =>
      of<PanelData>({
        ...common,
        state: LoadingState.Error,
        series: [],
        errors: [{ message: messageOf(error) }],
      }),
    ),
    startWith<PanelData>({ ...common, state: LoadingState.Loading, series: [] }),
  );
}

function messageOf(error: unknown): string {
  return textUtil.sanitize(error instanceof Error ? error.message : JSON.stringify(error));
}
