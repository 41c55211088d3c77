import { Link } from 'wouter';
import { Badge } from '../design/Badge.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Table } from '../design/Table.tsx';
import { toneOf } from '../findings/rules.ts';
import { useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { Live } from '../live/Live.tsx';
import { useLive } from '../live/useLive.ts';
import { RiskChangesDocument, RiskPageDocument, type RiskPageQuery } from './risk.generated.ts';

/** Scores are sums over findings, of which one change tells a part. That they go down by a half in a week shows later. */
export function RiskPage() {
  const { risk: text, responses } = useText();
  const view = useLive({
    present: RiskPageDocument,
    asked: {},
    changes: RiskChangesDocument,
    followed: {},
    state: ([page]) => page?.riskiestPrincipals ?? [],
    apply: null,
  });
  const columns = [text.who, responses.targetKind, text.score, text.worst, text.findings];
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      <Live view={view}>
        {(risks) =>
          risks.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <Table caption={text.caption} columns={columns}>
              {risks.map((risk) => (
                <RiskRow key={`${risk.kind} ${risk.value}`} risk={risk} />
              ))}
            </Table>
          )
        }
      </Live>
    </>
  );
}

type Risk = NonNullable<RiskPageQuery['riskiestPrincipals']>[number];

function RiskRow({ risk: { kind, value, person, score, worstSeverity, findings } }: { risk: Risk }) {
  const { responses, findings: words } = useText();
  return (
    <tr>
      <th scope="row">{person?.displayName ?? value}</th>
      <td>{wordFor(responses.targetKinds, kind)}</td>
      <td>{score}</td>
      <td>
        {worstSeverity && (
          <Badge tone={toneOf(worstSeverity)}>{wordFor(words.severities, worstSeverity)}</Badge>
        )}
      </td>
      <td>
        <ul>
          {findings.map(({ id, title }) => (
            <li key={id}>
              <Link href={`/findings/${id}`}>{title}</Link>
            </li>
          ))}
        </ul>
      </td>
    </tr>
  );
}
