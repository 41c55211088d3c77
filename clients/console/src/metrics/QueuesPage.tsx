import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Section } from '../design/Section.tsx';
import { useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { HitRatioChart } from './HitRatioChart.tsx';
import { LiveChart } from './LiveChart.tsx';
import { MetricNamesDocument } from './metrics.generated.ts';
import { families, ofFamily } from './rules.ts';

/** How deep queues are, who takes from them, and what caches hold, as checks measure it. */
export function QueuesPage() {
  const { metrics: text } = useText();
  const question = useQuestion(MetricNamesDocument, { variables: {}, of: ['Metric'] });
  return (
    <>
      <PageHeader title={text.queues} lead={text.queuesLead} />
      <Loaded question={question}>
        {({ metrics }) => {
          const shown = families.flatMap((family) => {
            const names = ofFamily(metrics ?? [], family);
            return names.length === 0 ? [] : [{ family, names }];
          });
          if (shown.length === 0) return <EmptyState>{text.noQueues}</EmptyState>;
          return shown.map(({ family, names }) => (
            <Section key={family} title={text.families[family]}>
              <div className="charts">
                {names.includes('redis_keyspace_hits_total') && (
                  <div>
                    <h3>{text.hitRatio}</h3>
                    <HitRatioChart />
                  </div>
                )}
                {names.map((metric) => (
                  <div key={metric}>
                    <h3>{metric}</h3>
                    <LiveChart metric={metric} aggregation="LAST" range="hour" />
                  </div>
                ))}
              </div>
            </Section>
          ));
        }}
      </Loaded>
    </>
  );
}
