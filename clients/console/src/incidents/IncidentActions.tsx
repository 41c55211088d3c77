import { useState } from 'react';
import { announce } from '../design/announce.ts';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { SelectField, TextArea } from '../design/Field.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { Refusals } from '../design/Refusals.tsx';
import { useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { useChange } from '../platform/change.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { platform } from '../platform/platform.ts';
import { useQuestion } from '../platform/question.ts';
import { saveText } from '../platform/save-text.ts';
import { useMay } from '../shell/viewer.ts';
import { ChangeIncident } from './ChangeIncident.tsx';
import {
  AcknowledgeIncidentDocument,
  AssignIncidentRoleDocument,
  type IncidentInFullFragment,
  IncidentPeopleDocument,
  PostIncidentUpdateDocument,
  PostmortemDocument,
} from './incident.generated.ts';
import type { IncidentStatus } from './incidents.generated.ts';
import { fileNameOf, roles, statuses } from './rules.ts';

interface OfIncident {
  incident: IncidentInFullFragment;
}

/** What somebody does about an incident. */
export function IncidentActions({ incident }: OfIncident) {
  const { incidents: text } = useText();
  const may = useMay();
  const [doing, setDoing] = useState<'update' | 'role' | 'change' | null>(null);
  const acknowledge = useChange(AcknowledgeIncidentDocument);
  const canAcknowledge =
    may('incident:acknowledge') && incident.acknowledgedAt === null && incident.status !== 'RESOLVED';
  const stop = () => setDoing(null);
  return (
    <>
      <Refusals refusals={acknowledge.refusals} />
      <div className="actions">
        {canAcknowledge && (
          <Button
            kind="primary"
            disabled={acknowledge.isRunning}
            onClick={async () => {
              if (await acknowledge.make({ input: { id: incident.id } })) announce(text.isAcknowledged);
            }}
          >
            {text.acknowledge}
          </Button>
        )}
        {may('incident:write') && <Button onClick={() => setDoing('update')}>{text.update}</Button>}
        {may('incident:write') && <Button onClick={() => setDoing('role')}>{text.assign}</Button>}
        {may('incident:write') && <Button onClick={() => setDoing('change')}>{text.change}</Button>}
        <Button onClick={() => void savePostmortem(incident).catch(() => announce(text.notSaved))}>
          {text.postmortem}
        </Button>
      </div>
      {doing === 'update' && <Update incident={incident} onClose={stop} />}
      {doing === 'change' && <ChangeIncident incident={incident} onClose={stop} />}
      {doing === 'role' && <AssignRole incident={incident} onClose={stop} />}
    </>
  );
}

function Update({ incident: { id, status }, onClose }: OfIncident & { onClose: () => void }) {
  const { incidents: text } = useText();
  const form = useChangeForm(PostIncidentUpdateDocument, {
    input: (values) => ({
      ...{ id, message: textOf(values, 'message') || null, isPublic: values.has('isPublic') },
      status: textOf(values, 'status') as IncidentStatus, // one of the options below
    }),
    says: () => text.isUpdated,
    onDone: onClose,
  });
  return (
    <Dialog title={text.update} onClose={onClose}>
      <Form {...form} submit={text.post} onCancel={onClose}>
        <SelectField
          label={text.status}
          name="status"
          defaultValue={status}
          options={statuses.map((value) => ({ value, label: wordFor(text.statuses, value) }))}
        />
        <TextArea label={text.message} name="message" maxLength={5_000} rows={5} />
        <label className="choice">
          <input type="checkbox" name="isPublic" />
          <span>{text.public}</span>
        </label>
      </Form>
    </Dialog>
  );
}

function AssignRole({ incident: { id }, onClose }: OfIncident & { onClose: () => void }) {
  const { incidents: text } = useText();
  const people = useQuestion(IncidentPeopleDocument, { variables: {}, of: ['Person'] });
  const form = useChangeForm(AssignIncidentRoleDocument, {
    input: (values) => ({
      ...{ id, personId: textOf(values, 'person') || null },
      role: roles.find((role) => role === textOf(values, 'role')) ?? 'COMMANDER',
    }),
    says: () => text.isAssigned,
    onDone: onClose,
  });
  const known = (people.data?.people?.nodes ?? []).map(({ id: value, displayName }) => ({
    ...{ value, label: displayName ?? value },
  }));
  return (
    <Dialog title={text.assign} onClose={onClose}>
      <Form {...form} submit={text.assign} onCancel={onClose}>
        <SelectField
          label={text.role}
          name="role"
          options={roles.map((value) => ({ value, label: wordFor(text.roles, value) }))}
        />
        <SelectField label={text.who} name="person" options={[{ value: '', label: text.nobody }, ...known]} />
      </Form>
    </Dialog>
  );
}

async function savePostmortem({ id, title }: IncidentInFullFragment): Promise<void> {
  const { data, error } = await platform.query(PostmortemDocument, { id }, { requestPolicy: 'network-only' });
  const text = data?.incidentPostmortem;
  if (typeof text !== 'string') throw error ?? new Error('The incident is gone.');
  saveText({ text, type: 'text/markdown', fileName: fileNameOf(title) });
}
