import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Badge } from '../design/Badge.tsx';
import { Button } from '../design/Button.tsx';
import { Choices } from '../design/Choices.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { SelectField, TextArea, TextField } from '../design/Field.tsx';
import { choicesOf, Form, textOf } from '../design/Form.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Table } from '../design/Table.tsx';
import { ServiceChoicesDocument } from '../health/service-choices.generated.ts';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { Live } from '../live/Live.tsx';
import { useLive } from '../live/useLive.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import {
  IncidentChangesDocument,
  type IncidentOfListFragment,
  type IncidentSeverity,
  IncidentsDocument,
  OpenIncidentDocument,
} from './incidents.generated.ts';
import { severities, toneOf, withIncidents } from './rules.ts';

/** What goes wrong and is worked on, and what did. */
export function IncidentsPage() {
  const { incidents: text } = useText();
  const may = useMay();
  const [isOpening, setOpening] = useState(false);
  const view = useLive({
    present: IncidentsDocument,
    asked: {},
    changes: IncidentChangesDocument,
    followed: {},
    state: ([page]) => withIncidents(page?.incidents?.nodes ?? [], []),
    apply: withIncidents,
  });
  return (
    <>
      <PageHeader title={text.title} lead={text.lead}>
        {may('incident:write') && (
          <Button kind="primary" onClick={() => setOpening(true)}>
            {text.open}
          </Button>
        )}
      </PageHeader>
      {isOpening && <OpenIncident onClose={() => setOpening(false)} />}
      <Live view={view}>
        {(incidents) =>
          incidents.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <Table
              caption={text.caption}
              columns={[text.what, text.status, text.severity, text.started, text.ended]}
            >
              {incidents.map((incident) => (
                <IncidentRow key={incident.id} incident={incident} />
              ))}
            </Table>
          )
        }
      </Live>
    </>
  );
}

function IncidentRow({ incident }: { incident: IncidentOfListFragment }) {
  const { incidents: text } = useText();
  const written = useInstants();
  const { id, title, status, severity, startedAt, resolvedAt } = incident;
  return (
    <tr>
      <th scope="row">
        <Link href={`/incidents/${id}`}>{title}</Link>
      </th>
      <td>
        <Badge tone={toneOf(incident)}>{wordFor(text.statuses, status)}</Badge>
      </td>
      <td>{wordFor(text.severities, severity)}</td>
      <td>{written(startedAt)}</td>
      <td>{resolvedAt ? written(resolvedAt) : '–'}</td>
    </tr>
  );
}

function OpenIncident({ onClose }: { onClose: () => void }) {
  const { incidents: text } = useText();
  const [, goTo] = useLocation();
  const services = useQuestion(ServiceChoicesDocument, { variables: {}, of: ['Service'] });
  const form = useChangeForm(OpenIncidentDocument, {
    input: (values) => ({
      ...{ title: textOf(values, 'title'), message: textOf(values, 'message') || null },
      severity: textOf(values, 'severity') as IncidentSeverity, // one of the options below
      ...{ serviceIds: choicesOf(values, 'service'), isPublic: values.has('isPublic') },
    }),
    says: () => text.isOpened,
    onDone: ({ incident }) => (incident ? goTo(`/incidents/${incident.id}`) : onClose()),
  });
  return (
    <Dialog title={text.open} onClose={onClose}>
      <Form {...form} submit={text.open} onCancel={onClose}>
        <TextField label={text.what} name="title" maxLength={200} required />
        <SelectField
          label={text.severity}
          name="severity"
          defaultValue="MAJOR"
          options={severities.map((value) => ({ value, label: wordFor(text.severities, value) }))}
        />
        <Choices
          legend={text.services}
          name="service"
          choices={(services.data?.services?.nodes ?? []).map(({ id: value, name: label }) => ({
            value,
            label,
          }))}
          none={text.noServices}
        />
        <TextArea label={text.message} name="message" maxLength={5_000} />
        <label className="choice">
          <input type="checkbox" name="isPublic" />
          <span>{text.public}</span>
        </label>
      </Form>
    </Dialog>
  );
}
