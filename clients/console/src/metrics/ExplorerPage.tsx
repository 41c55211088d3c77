import { useSearchParams } from 'wouter';
import { EmptyState } from '../design/EmptyState.tsx';
import { SelectField } from '../design/Field.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { LiveChart } from './LiveChart.tsx';
import { MetricNamesDocument } from './metrics.generated.ts';
import { aggregations, type RangeName, ranges } from './rules.ts';

/** Any metric, over any range. What is chosen stands in the address, so that it can be sent to somebody. */
export function ExplorerPage() {
  const { metrics: text } = useText();
  const [chosen, setChosen] = useSearchParams();
  const question = useQuestion(MetricNamesDocument, { variables: {}, of: ['Metric'] });
  const rangeNames = Object.keys(ranges) as RangeName[]; // the keys of this very object
  const aggregation = aggregations.find((each) => each === chosen.get('aggregation')) ?? 'AVG';
  const range = rangeNames.find((each) => each === chosen.get('range')) ?? 'hour';
  const choose = (name: string) => (value: string) =>
    setChosen((before) => {
      before.set(name, value);
      return before;
    });
  return (
    <>
      <PageHeader title={text.explorer} lead={text.explorerLead} />
      <Loaded question={question}>
        {({ metrics }) => {
          const names = (metrics ?? []).map(({ name }) => name);
          const metric = names.find((each) => each === chosen.get('metric')) ?? names[0];
          if (metric === undefined) return <EmptyState>{text.none}</EmptyState>;
          return (
            <>
              <div className="filters">
                <SelectField
                  label={text.metric}
                  name="metric"
                  options={names.map((name) => ({ value: name, label: name }))}
                  defaultValue={metric}
                  onChange={choose('metric')}
                />
                <SelectField
                  label={text.aggregation}
                  name="aggregation"
                  options={aggregations.map((each) => ({ value: each, label: text.aggregations[each] }))}
                  defaultValue={aggregation}
                  onChange={choose('aggregation')}
                />
                <SelectField
                  label={text.range}
                  name="range"
                  options={rangeNames.map((each) => ({ value: each, label: text.ranges[each] }))}
                  defaultValue={range}
                  onChange={choose('range')}
                />
              </div>
              <LiveChart metric={metric} aggregation={aggregation} range={range} />
            </>
          );
        }}
      </Loaded>
    </>
  );
}
