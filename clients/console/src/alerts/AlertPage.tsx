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
import { Answer } from './Answer.tsx';
import { type AlertInFullFragment, AlertPageChangesDocument, AlertPageDocument } from './alert.generated.ts';
import { toneOf } from './rules.ts';

/** One alert: what is wrong, since when, what was done, and what to do. */
export function AlertPage({ params: { id = '' } }: { params: Readonly<Record<string, string | undefined>> }) {
  const { alerts: text } = useText();
  const view = useLive({
    present: AlertPageDocument,
    asked: { id },
    changes: AlertPageChangesDocument,
    followed: {},
    state: ([page]) => page?.alert ?? null,
    apply: (alert, changes) => {
      const latest = changes.findLast(({ alertId }) => alertId === id);
      return latest === undefined ? alert : latest.alert;
    },
  });
  return (
    <>
      <PageHeader title={view.state?.summary ?? text.one} />
      <Live view={view}>
        {(alert) =>
          alert === null ? (
            <>
              <p>{text.gone}</p>
              <Link href="/alerts">{text.back}</Link>
            </>
          ) : (
            <>
              <Answer alert={alert} />
              <AlertFacts alert={alert} />
              <Transitions alert={alert} />
            </>
          )
        }
      </Live>
    </>
  );
}

function AlertFacts({ alert }: { alert: AlertInFullFragment }) {
  const { alerts: text } = useText();
  const written = useInstants();
  const { acknowledgement, suppression, service, runbookUrl } = alert;
  return (
    <section className="panel" aria-label={text.facts}>
      <Facts>
        <Fact name={text.state}>
          <Badge tone={toneOf(alert)}>{wordFor(text.states, alert.state)}</Badge>
        </Fact>
        <Fact name={text.severity}>{wordFor(text.severities, alert.severity)}</Fact>
        <Fact name={text.message}>{alert.message}</Fact>
        <Fact name={text.service}>
          {service && <Link href={`/services/${service.id}`}>{service.name}</Link>}
        </Fact>
        <Fact name={text.runbook}>
          {runbookUrl && (
            <a href={runbookUrl} rel="noreferrer" target="_blank">
              {runbookUrl}
            </a>
          )}
        </Fact>
        <Fact name={text.started}>{written(alert.startedAt)}</Fact>
        <Fact name={text.ended}>{alert.endedAt && written(alert.endedAt)}</Fact>
        <Fact name={text.acknowledged}>
          {acknowledgement &&
            [written(acknowledgement.acknowledgedAt), acknowledgement.note].filter(Boolean).join(': ')}
        </Fact>
        <Fact name={text.quiet}>{suppression && wordFor(text.suppressions, suppression.kind)}</Fact>
        {alert.labels.map(({ name, value }) => (
          <Fact key={name} name={name}>
            <code>{value}</code>
          </Fact>
        ))}
      </Facts>
    </section>
  );
}

function Transitions({ alert: { transitions } }: { alert: AlertInFullFragment }) {
  const { alerts: text } = useText();
  const written = useInstants();
  return (
    <Section title={text.timeline}>
      <Table caption={text.timelineCaption} columns={[text.what, text.at, text.message]}>
        {transitions.map(({ sequence, kind, occurredAt, message }) => (
          <tr key={sequence}>
            <th scope="row">{wordFor(text.transitions, kind)}</th>
            <td>{written(occurredAt)}</td>
            <td>{message ?? '–'}</td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}
