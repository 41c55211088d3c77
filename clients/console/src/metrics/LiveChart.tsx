import { useMemo } from 'react';
import { Button } from '../design/Button.tsx';
import { useText } from '../language/language.ts';
import { Live } from '../live/Live.tsx';
import { useLive } from '../live/useLive.ts';
import { MetricChart } from './MetricChart.tsx';
import {
  type MetricAggregation,
  MetricChartDocument,
  MetricChartSamplesDocument,
} from './metrics.generated.ts';
import { chartOf, type RangeName, ranges, withSamples } from './rules.ts';

export interface LiveChartProps {
  metric: string;
  aggregation: MetricAggregation;
  range: RangeName;
}

/** A metric as it was up to now, and each sample from then on. */
export function LiveChart({ metric, aggregation, range }: LiveChartProps) {
  const { metrics: text } = useText();
  const { rangeMs, stepMs } = ranges[range];
  // The beginning stays while the page does: what is shown goes on from it.
  const from = useMemo(() => new Date(Date.now() - rangeMs).toISOString(), [rangeMs]);
  const view = useLive({
    present: MetricChartDocument,
    asked: { metric, from, stepMs, aggregation },
    changes: MetricChartSamplesDocument,
    followed: { metric },
    state: ([page]) => chartOf(page?.metricSeries),
    apply: (chart, told) => withSamples(chart, told, { aggregation, rangeMs }),
  });
  return (
    <Live view={view}>
      {(chart) =>
        chart === null || chart.series.length === 0 ? (
          <p className="quiet">{text.noSamples}</p>
        ) : (
          <>
            <MetricChart title={metric} chart={chart} />
            {!['LAST', 'MIN', 'MAX'].includes(aggregation) && (
              <Button onClick={view.again}>{text.again}</Button>
            )}
          </>
        )
      }
    </Live>
  );
}
