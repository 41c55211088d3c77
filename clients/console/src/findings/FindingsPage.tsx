import { Link, useSearchParams } from 'wouter';
import { Badge } from '../design/Badge.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { SelectField } from '../design/Field.tsx';
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
import { severities, statuses, toneOf, withFindings } from './rules.ts';

/**
 * What was found in security events, the worst that waits for somebody first, as it is found. What is shown of it is in the
 * address, so that a view can be handed on.
 */
export function FindingsPage() {
  const { findings: text } = useText();
  const [search, setSearch] = useSearchParams();
  const status = statuses.find((each) => each === search.get('status')) ?? null;
  const severity = severities.find((each) => each === search.get('severity')) ?? null;
  const view = useLive({
    present: FindingsDocument,
    asked: {
      filter: { statuses: status && [status], severities: severity && [severity] },
    },
    changes: FindingChangesDocument,
    followed: {},
    state: ([page]) => withFindings([], page?.findings?.nodes ?? []),
    apply: withFindings,
  });
  const isAll = status === null && severity === null;
  const choose = (name: string) => (value: string) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        if (value === '') after.delete(name);
        else after.set(name, value);
        return after;
      },
      { replace: true },
    );
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
      <search className="filters">
        <SelectField
          label={text.status}
          name="status"
          defaultValue={status ?? ''}
          options={optionsOf(statuses, text.statuses, text.all)}
          onChange={choose('status')}
        />
        <SelectField
          label={text.severity}
          name="severity"
          defaultValue={severity ?? ''}
          options={optionsOf(severities, text.severities, text.all)}
          onChange={choose('severity')}
        />
      </search>
      <Live view={view}>
        {(findings) => {
          const shown = findings.filter(
            (finding) =>
              (status === null || finding.status === status) &&
              (severity === null || finding.severity === severity),
          );
          if (shown.length === 0) return <EmptyState>{isAll ? text.none : text.noneSuch}</EmptyState>;
          return (
            <Table caption={text.caption} columns={columns}>
              {shown.map((finding) => (
                <FindingRow key={finding.id} finding={finding} />
              ))}
            </Table>
          );
        }}
      </Live>
    </>
  );
}

function optionsOf(values: readonly string[], words: Record<string, string>, all: string) {
  return [{ value: '', label: all }, ...values.map((value) => ({ value, label: wordFor(words, value) }))];
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
