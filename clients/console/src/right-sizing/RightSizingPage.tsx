import { Badge } from '../design/Badge.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Table } from '../design/Table.tsx';
import { useLanguage, useText } from '../language/language.ts';
import { shortly } from '../metrics/rules.ts';
import { useQuestion } from '../platform/question.ts';
import { RightSizingDocument, type RightSizingQuery } from './right-sizing.generated.ts';

type Recommendation = NonNullable<RightSizingQuery['rightSizingRecommendations']>[number];

/** What workloads should ask for, by what they used. */
export function RightSizingPage() {
  const { rightSizing: text } = useText();
  const question = useQuestion(RightSizingDocument, { variables: {}, of: ['RightSizingRecommendation'] });
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      <Loaded question={question}>
        {({ rightSizingRecommendations: all }) =>
          !all || all.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <Table
              caption={text.caption}
              columns={[
                ...[text.workload, text.resource, text.requested, text.target, text.bounds],
                ...[text.saving, text.risk, text.confidence],
              ]}
            >
              {all.map((each) => (
                <Row key={`${each.workload} ${each.resource}`} recommendation={each} />
              ))}
            </Table>
          )
        }
      </Loaded>
    </>
  );
}

function Row({ recommendation }: { recommendation: Recommendation }) {
  const { rightSizing: text } = useText();
  const language = useLanguage();
  const { workload, resource, requested, lower, target, upper, saving, risk, confidence } = recommendation;
  const short = (value: number | null) => shortly(value, language);
  const share = (value: number) =>
    new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(value);
  return (
    <tr>
      <th scope="row">{workload}</th>
      <td>{text.resources[resource]}</td>
      <td>{short(requested)}</td>
      <td>
        <strong>{short(target)}</strong>{' '}
        {recommendation.isQueueGrowing && <Badge tone="warn">{text.queueGrows}</Badge>}
      </td>
      <td>
        {short(lower)} – {short(upper)}
      </td>
      <td>{short(saving)}</td>
      <td>{share(risk)}</td>
      <td>{share(confidence)}</td>
    </tr>
  );
}
