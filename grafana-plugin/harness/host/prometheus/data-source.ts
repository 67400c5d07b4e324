/**
 * Stand-in for Grafana's Prometheus data source, which is not on npm: the same variables, the same frames, over the
 * same proxy routes, against a real Prometheus.
 */
import { DataSourceApi, DataTopic, LoadingState, rangeUtil } from '@grafana/data';
import type {
  AnnotationQuery,
  DataFrame,
  DataQueryRequest,
  DataQueryResponse,
  DataSourceInstanceSettings,
  DataSourceJsonData,
  LegacyMetricFindQueryOptions,
  MetricFindValue,
  ScopedVars,
  TestDataSourceResponse,
} from '@grafana/data';
import { getDataSourceSrv, getTemplateSrv } from '@grafana/runtime';
import { from } from 'rxjs';
import type { Observable } from 'rxjs';
import { annotationEvents } from './annotations.ts';
import { apiOf } from './api.ts';
import type { Api, Range } from './api.ts';
import { asksForExemplars, exemplarFrames } from './exemplars.ts';
import type { TraceDestination } from './exemplars.ts';
import { heatmapFrame, seriesFrames, tableFrames } from './frames.ts';
import type { Asked } from './frames.ts';
import { DEFAULT_SCRAPE_SECONDS, alignedRange, rateIntervalSeconds, stepSeconds } from './intervals.ts';
import { findValues } from './metric-find.ts';
import { builtIns, variableInPromQl } from './query.ts';
import type { PromQuery } from './query.ts';

interface PrometheusSettings extends DataSourceJsonData {
  readonly timeInterval?: string;
  readonly exemplarTraceIdDestinations?: readonly TraceDestination[];
}

/** Frames by what becomes of them: tables are joined over all queries of a panel. */
interface Answered {
  readonly frames: readonly DataFrame[];
  readonly tables: readonly DataFrame[];
  readonly exemplars: readonly DataFrame[];
}

export class PrometheusStandIn extends DataSourceApi<PromQuery, PrometheusSettings> {
  private readonly api: Api;
  private readonly scrapeSeconds: number;
  private readonly destinations: readonly TraceDestination[];

  constructor(settings: DataSourceInstanceSettings<PrometheusSettings>) {
    super(settings);
    this.api = apiOf(settings.uid);
    const { timeInterval, exemplarTraceIdDestinations = [] } = settings.jsonData;
    this.scrapeSeconds =
      timeInterval === undefined ? DEFAULT_SCRAPE_SECONDS : rangeUtil.intervalToSeconds(timeInterval);
    this.interval = `${this.scrapeSeconds}s`;
    this.destinations = exemplarTraceIdDestinations;
    this.annotations = {
      prepareQuery: (annotation: AnnotationQuery<PromQuery>) => annotationQuery(annotation),
      processEvents: (annotation: AnnotationQuery<PromQuery>, frames: DataFrame[]) =>
        from([annotationEvents(annotation, frames)]),
    };
  }

  override query(request: DataQueryRequest<PromQuery>): Observable<DataQueryResponse> {
    return from(this.answer(request));
  }

  override async metricFindQuery(
    query: unknown,
    options?: LegacyMetricFindQueryOptions,
  ): Promise<MetricFindValue[]> {
    const text = typeof query === 'string' ? query : ((query as { query?: string }).query ?? '');
    const range = options?.range;
    if (range === undefined) throw new Error(`the variable query ${text} was asked without a time range`);
    const scopedVars = {
      ...options?.scopedVars,
      ...this.timeVariables({ range, intervalMs: 60_000 }, {}).scopedVars,
    };
    return findValues(this.api, this.interpolate(text, scopedVars), alignedRange(range, 1));
  }

  override async testDatasource(): Promise<TestDataSourceResponse> {
    await this.api.query('1', Math.floor(Date.now() / 1000));
    return { status: 'success', message: 'Prometheus answers' };
  }

  override interpolateVariablesInQueries(queries: PromQuery[], scopedVars: ScopedVars): PromQuery[] {
    return queries.map((query) => ({ ...query, expr: this.interpolate(query.expr, scopedVars) }));
  }

  private async answer(request: DataQueryRequest<PromQuery>): Promise<DataQueryResponse> {
    const queries = request.targets.filter((query) => query.hide !== true && (query.expr ?? '') !== '');
    const answers = await Promise.all(queries.map((query) => this.answerOne(query, request)));
    return {
      data: [
        ...answers.flatMap(({ frames }) => frames),
        ...tableFrames(answers.flatMap(({ tables }) => tables)),
        ...answers.flatMap(({ exemplars }) => exemplars),
      ],
      state: LoadingState.Done,
      key: request.requestId,
    };
  }

  private async answerOne(query: PromQuery, request: DataQueryRequest<PromQuery>): Promise<Answered> {
    const { step, scopedVars } = this.timeVariables(request, query);
    const expr = this.interpolate(query.expr, { ...request.scopedVars, ...scopedVars });
    const asked = { query, expr, stepSeconds: step };
    const range = alignedRange(request.range, step);
    const isInstant = query.instant === true;
    const isRange = query.range === true || !isInstant;
    const [exemplars, ...answers] = await Promise.all([
      asksForExemplars(query, request.targets) ? this.exemplarsOf(asked, range) : [],
      ...(isRange ? [this.api.queryRange(expr, range)] : []),
      ...(isInstant ? [this.api.query(expr, request.range.to.valueOf() / 1000)] : []),
    ]);
    const frames = answers.flatMap((answer) => seriesFrames(answer, asked));
    if (query.format === 'table') return { frames: [], tables: frames, exemplars: [] };
    const shown = query.format === 'heatmap' ? heatmapFrame(frames) : frames;
    return { frames: shown, tables: [], exemplars };
  }

  /** Exemplars are an extra: where they fail, Grafana shows the rest. */
  private async exemplarsOf(asked: Asked, range: Range): Promise<DataFrame[]> {
    const series = await this.api.exemplars(asked.expr, range).catch(() => []);
    return exemplarFrames(series, asked, {
      destinations: this.destinations,
      nameOfSource: (uid) => getDataSourceSrv().getInstanceSettings(uid)?.name,
    });
  }

  private timeVariables(
    request: Pick<DataQueryRequest, 'range' | 'intervalMs'>,
    query: Pick<PromQuery, 'interval'>,
  ): { step: number; scopedVars: ScopedVars } {
    const step = stepSeconds(request, query, this.scrapeSeconds);
    const span = request.range.to.valueOf() - request.range.from.valueOf();
    return {
      step,
      scopedVars: builtIns({
        stepSeconds: step,
        rangeSeconds: Math.round(span / 1000),
        rateIntervalSeconds: rateIntervalSeconds(step, this.scrapeSeconds),
      }),
    };
  }

  private interpolate(text: string, scopedVars: ScopedVars): string {
    return getTemplateSrv().replace(text, scopedVars, variableInPromQl);
  }
}

function annotationQuery(annotation: AnnotationQuery<PromQuery>): PromQuery {
  const { expr = '', step } = annotation as unknown as Partial<PromQuery>;
  const { target } = annotation;
  return {
    ...target,
    refId: 'Anno',
    expr: target?.expr ?? expr,
    range: true,
    instant: false,
    interval: target?.interval ?? step ?? '60s',
  };
}

/** Whether Grafana shows a frame in the panel, or as annotations upon it. */
export function isAnnotation(frame: DataFrame): boolean {
  return frame.meta?.dataTopic === DataTopic.Annotations;
}
