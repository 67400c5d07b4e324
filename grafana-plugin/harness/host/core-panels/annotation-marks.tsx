import { DataTopic } from '@grafana/data';
import type { DataFrame } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';
import type { UPlotConfigBuilder } from '@grafana/ui';
import { useLayoutEffect, useRef } from 'react';
import type { ReactElement } from 'react';

interface Mark {
  readonly from: number;
  readonly to: number;
  readonly color: string;
  readonly text: string;
}

interface AnnotationMarksProps {
  readonly config: UPlotConfigBuilder;
  readonly annotations: readonly DataFrame[];
}

/** Lines and regions of annotations in a plot, and their words for whoever cannot see them. */
export function AnnotationMarks({ config, annotations }: AnnotationMarksProps): ReactElement {
  const theme = useTheme2();
  const marks = annotations.filter(isEvents).flatMap(marksOf);
  const latest = useRef(marks);
  latest.current = marks;
  useLayoutEffect(() => {
    config.addHook('draw', (plot) => {
      for (const { from, to, color } of latest.current) {
        const left = plot.valToPos(from, 'x', true);
        const right = plot.valToPos(Math.max(to, from), 'x', true);
        plot.ctx.save();
        plot.ctx.fillStyle = theme.visualization.getColorByName(color);
        plot.ctx.globalAlpha = 0.15;
        plot.ctx.fillRect(left, plot.bbox.top, right - left, plot.bbox.height);
        plot.ctx.globalAlpha = 1;
        plot.ctx.fillRect(left, plot.bbox.top, 1, plot.bbox.height);
        plot.ctx.restore();
      }
    });
  }, [config, theme]);
  const words = marks.map(({ text }) => text).join('; ');
  return <div data-testid="annotations" data-count={marks.length} aria-label={words} />;
}

/** Exemplars are annotations, too, and are not events. */
function isEvents({ meta }: DataFrame): boolean {
  return meta?.dataTopic === DataTopic.Annotations && meta.custom?.resultType !== 'exemplar';
}

function marksOf(frame: DataFrame): Mark[] {
  const valuesOf = (name: string): readonly unknown[] =>
    frame.fields.find((field) => field.name === name)?.values ?? [];
  const [times, ends, colors, titles, texts] = ['time', 'timeEnd', 'color', 'title', 'text'].map(valuesOf);
  return (times ?? []).map((time, i) => ({
    from: Number(time),
    to: Number(ends?.[i] ?? time),
    color: (colors?.[i] as string | undefined) ?? 'blue',
    text: [titles?.[i], texts?.[i]].filter(Boolean).join(': '),
  }));
}
