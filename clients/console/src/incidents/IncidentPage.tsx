import { Link } from 'wouter';
import { Badge } from '../design/Badge.tsx';
import { Fact, Facts } from '../design/Facts.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Section } from '../design/Section.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { Live } from '../live/Live.tsx';
import { useLive } from '../live/useLive.ts';
import { IncidentActions } from './IncidentActions.tsx';
import {
  type IncidentEntryShownFragment,
  type IncidentInFullFragment,
  IncidentPageChangesDocument,
  IncidentPageDocument,
} from './incident.generated.ts';
import { latestOf, roles, toneOf } from './rules.ts';

/** One incident: what is wrong, who does what, and what happened. */
export function IncidentPage({
  params: { id = '' },
}: {
  params: Readonly<Record<string, string | undefined>>;
}) {
  const { incidents: text } = useText();
  const view = useLive({
    present: IncidentPageDocument,
    asked: { id },
    changes: IncidentPageChangesDocument,
    followed: { id },
    state: ([page]): IncidentInFullFragment | null => page?.incident ?? null,
    apply: latestOf,
  });
  return (
    <>
      <PageHeader title={view.state?.title ?? text.one} />
      <Live view={view}>
        {(incident) =>
          incident === null ? (
            <>
              <p>{text.gone}</p>
              <Link href="/incidents">{text.back}</Link>
            </>
          ) : (
            <>
              <IncidentActions incident={incident} />
              <IncidentFacts incident={incident} />
              <Aftermath incident={incident} />
              <Timeline entries={incident.timeline.nodes} />
            </>
          )
        }
      </Live>
    </>
  );
}

function IncidentFacts({ incident }: { incident: IncidentInFullFragment }) {
  const { incidents: text } = useText();
  const written = useInstants();
  const { runbookUrl, services, acknowledgedAt, acknowledgedBy } = incident;
  const shown = (services ?? []).filter((service) => service !== null);
  return (
    <section className="panel" aria-label={text.facts}>
      <Facts>
        <Fact name={text.status}>
          <Badge tone={toneOf(incident)}>{wordFor(text.statuses, incident.status)}</Badge>
        </Fact>
        <Fact name={text.severity}>{wordFor(text.severities, incident.severity)}</Fact>
        <Fact name={text.services}>
          {shown.length === 0
            ? null
            : shown.map(({ id, name }) => (
                <span key={id}>
                  <Link href={`/services/${id}`}>{name}</Link>{' '}
                </span>
              ))}
        </Fact>
        <Fact name={text.runbook}>
          {runbookUrl && (
            <a href={runbookUrl} rel="noreferrer" target="_blank">
              {runbookUrl}
            </a>
          )}
        </Fact>
        <Fact name={text.started}>{written(incident.startedAt)}</Fact>
        <Fact name={text.acknowledged}>
          {acknowledgedAt &&
            [written(acknowledgedAt), acknowledgedBy?.displayName].filter(Boolean).join(', ')}
        </Fact>
        <Fact name={text.ended}>{incident.resolvedAt && written(incident.resolvedAt)}</Fact>
        {roles.map((role) => (
          <Fact key={role} name={wordFor(text.roles, role)}>
            {incident.roles.find((each) => each.role === role)?.person.displayName}
          </Fact>
        ))}
        <Fact name={text.isPublic}>{incident.isPublic ? text.yes : text.no}</Fact>
      </Facts>
    </section>
  );
}

/** What came of it, and what is done so that it does not happen again: both go into the postmortem. */
function Aftermath({ incident: { impact, actionItems } }: { incident: IncidentInFullFragment }) {
  const { incidents: text } = useText();
  return (
    <Section title={text.aftermath}>
      <p>{impact ?? <span className="quiet">{text.noImpact}</span>}</p>
      {actionItems.length > 0 && (
        <Table caption={text.actionItems} columns={[text.actionItem, text.owner, text.isDone]}>
          {actionItems.map(({ text: what, owner, isDone }) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              <td>{owner?.displayName ?? text.nobody}</td>
              <td>{isDone ? text.yes : text.no}</td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}

function Timeline({ entries }: { entries: readonly IncidentEntryShownFragment[] }) {
  const { incidents: text } = useText();
  const written = useInstants();
  return (
    <Section title={text.timeline}>
      <Table caption={text.timelineCaption} columns={[text.happened, text.at, text.who, text.message]}>
        {entries.map((entry) => (
          <tr key={entry.sequence}>
            <th scope="row">
              {wordFor(text.kinds, entry.kind)}
              {entry.kind === 'STATUS_CHANGED' && `: ${wordFor(text.statuses, entry.status)}`}
              {entry.role &&
                `: ${wordFor(text.roles, entry.role)}, ${entry.person?.displayName ?? text.nobody}`}{' '}
              {entry.isPublic && <Badge>{text.isPublicWord}</Badge>}
            </th>
            <td>{written(entry.occurredAt)}</td>
            <td>{entry.actor?.displayName ?? '–'}</td>
            <td>{entry.message ?? '–'}</td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}
