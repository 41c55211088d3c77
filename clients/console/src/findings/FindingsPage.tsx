import { Link } from 'wouter';
import { Badge } from '../design/Badge.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { Live } from '../live/Live.tsx';
import { useLive } from '../live/useLive.ts';
import {
  FindingChangesDocument,
  type FindingOfListFragment,
  FindingsDocument,
} from './findings.generated.ts';
import { toneOf, withFindings } from './rules.ts';

/** What was found in security events, the worst that waits for somebody first, as it is found. */
export function FindingsPage() {
  const { findings: text } = useText();
  const view = useLive({
    present: FindingsDocument,
    asked: {},
    changes: FindingChangesDocument,
    followed: {},
    state: ([page]) => withFindings([], page?.findings?.nodes ?? []),
    apply: withFindings,
  });
  const columns = [
    text.what,
    text.severity,
    text.status,
    text.about,
    text.events,
    text.lastSeen,
    text.assignee,
  ];
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      <Live view={view}>
        {(findings) =>
          findings.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <Table caption={text.caption} columns={columns}>
              {findings.map((finding) => (
                <FindingRow key={finding.id} finding={finding} />
              ))}
            </Table>
          )
        }
      </Live>
    </>
  );
}

function FindingRow({ finding }: { finding: FindingOfListFragment }) {
  const { findings: text } = useText();
  const written = useInstants();
  const { id, title, severity, status, subjects, evidenceCount, lastSeenAt, assignee } = finding;
  return (
    <tr>
      <th scope="row">
        <Link href={`/findings/${id}`}>{title}</Link>
      </th>
      <td>
        <Badge tone={toneOf(severity)}>{wordFor(text.severities, severity)}</Badge>
      </td>
      <td>{wordFor(text.statuses, status)}</td>
      <td>{subjects.map(({ value }) => value).join(', ') || '–'}</td>
      <td>{evidenceCount}</td>
      <td>{written(lastSeenAt)}</td>
      <td>{assignee?.displayName ?? '–'}</td>
    </tr>
  );
}
